from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from tests.builders import make_organisation
from tests.inbox import Inbox, serving
from tests.mail_parts import body_of
from wardship.core.identifiers import uuid7
from wardship.core.mail import MailText, QueuedMail, deliver_due, forget_mail, queue_mail, render, written_mail
from wardship.core.mail.delivery import ATTEMPTS, LEASE, mail_counts

ADDRESS = "ann@example.org"


def mail_to(recipient, *, account_id=None, **more):
    text = MailText("A subject", "A body wïth an umlaut\n")
    return QueuedMail(account_id=account_id, recipient=recipient, text=text, **more)


@pytest.fixture
def queue(database, clock, keys):
    """Queue one mail, and return its id."""

    async def run(recipient=ADDRESS, **more):
        mail = mail_to(recipient, **more)
        async with database.directory() as transaction:
            await queue_mail(transaction, keys, mail, at=clock.now())
        return mail.id

    return run


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
async def smtp_settings(inbox, settings):
    async with serving(inbox) as url:
        yield settings.model_copy(update={"smtp_url": SecretStr(url)})


@pytest.fixture
async def ascii_settings(inbox, settings):
    """A server that does not know SMTPUTF8."""
    async with serving(inbox, knows_utf8=False) as url:
        yield settings.model_copy(update={"smtp_url": SecretStr(url)})


async def test_mail_is_sent_only_if_its_transaction_commits(database, keys, clock, owner):
    with pytest.raises(LookupError):
        async with database.directory() as transaction:
            await queue_mail(transaction, keys, mail_to(ADDRESS), at=clock.now())
            raise LookupError
    assert await owner.fetchval("select count(*) from outgoing_mail") == 0


async def test_mail_can_be_queued_within_one_organisation(database, keys, clock, owner):
    organisation = await make_organisation(database)
    async with database.tenant(organisation.id) as transaction:
        await queue_mail(transaction, keys, mail_to(ADDRESS), at=clock.now())
        assert await transaction.fetchval("select count(*) from outgoing_mail") == 0, "the queue itself stays closed"
    assert await owner.fetchval("select recipient from outgoing_mail") == ADDRESS


async def test_without_a_server_mail_is_written_once_under_a_folder_without_the_address(
    queue, database, settings, clock, keys, owner
):
    mail_id = await queue()
    with capture_logs() as lines:
        assert await deliver_due(database, settings, clock, keys) == 1
    assert await deliver_due(database, settings, clock, keys) == 0
    (path,) = written_mail(settings, keys, ADDRESS)
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert (message["To"], message["Subject"]) == (ADDRESS, "A subject")
    assert body_of(message).splitlines() == ["A body wïth an umlaut"]
    assert message["Message-ID"] == f"<{mail_id}@localhost>"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert ADDRESS not in str(path)
    assert ADDRESS not in str(lines)
    assert lines[0]["path"] == str(path)
    assert await owner.fetchval("select count(*) from outgoing_mail") == 0


async def test_mail_goes_to_the_server(queue, database, smtp_settings, clock, keys, inbox, owner):
    await queue()
    await queue("bücher@example.org")
    assert await deliver_due(database, smtp_settings, clock, keys) == 2
    assert sorted(recipients[0] for recipients, _ in inbox.messages) == [ADDRESS, "bücher@example.org"]
    assert {message["Subject"] for _, message in inbox.messages} == {"A subject"}
    assert await owner.fetchval("select count(*) from outgoing_mail") == 0


async def test_a_refused_mail_is_tried_again_with_growing_delay_and_given_up(
    queue, database, smtp_settings, clock, keys, inbox, owner
):
    await queue()
    inbox.refusal = f"451 not now, {ADDRESS}"
    delays = []
    with capture_logs() as lines:
        for _ in range(ATTEMPTS):
            assert await deliver_due(database, smtp_settings, clock, keys) == 0
            due = await owner.fetchval("select next_at from outgoing_mail")
            if due is not None:
                delays.append(due - clock.now())
                clock.advance(due - clock.now())
    assert delays[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert max(delays) == timedelta(hours=6)
    assert len(delays) == ATTEMPTS - 1
    assert await owner.fetchval("select count(*) from outgoing_mail") == 0
    assert lines[-1]["event"] == "mail_given_up"
    assert ADDRESS not in str(lines)


async def test_a_claimed_mail_is_left_alone_until_its_lease_ends(queue, database, settings, clock, keys, monkeypatch):
    await queue()

    async def dies(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("wardship.core.mail.delivery._send", dies)
        with pytest.raises(KeyboardInterrupt):
            await deliver_due(database, settings, clock, keys)
    assert await deliver_due(database, settings, clock, keys) == 0
    clock.advance(LEASE)
    assert await deliver_due(database, settings, clock, keys) == 1
    assert len(written_mail(settings, keys, ADDRESS)) == 1


async def test_queued_mail_goes_with_its_account(queue, owner):
    account_id = uuid7()
    await owner.execute("insert into account (id, created_at) values ($1, now())", account_id)
    await queue(account_id=account_id)
    await owner.execute("delete from account where id = $1", account_id)
    assert await owner.fetchval("select count(*) from outgoing_mail") == 0


async def test_an_address_is_forgotten_in_queue_and_folder(queue, database, settings, clock, keys, owner):
    organisation = await make_organisation(database)
    await queue()
    await queue("bob@example.org")
    await deliver_due(database, settings, clock, keys)
    await queue()
    await queue("bob@example.org")
    async with database.tenant(organisation.id) as transaction:
        await forget_mail(transaction, settings, keys, ADDRESS)
    assert written_mail(settings, keys, ADDRESS) == []
    assert len(written_mail(settings, keys, "bob@example.org")) == 1
    assert await owner.fetchval("select array_agg(recipient) from outgoing_mail") == ["bob@example.org"]


def test_a_subject_stays_on_one_line():
    text = render(
        "security_notice", what="A\nBcc: x@example.org", site="s", when="2026-11-21T12:00:00+00:00", network=""
    )
    assert text.subject.startswith("A Bcc: x@example.org")
    assert "\n" not in text.subject


@pytest.mark.parametrize("name", ["verify_address", "already_registered", "reset_password", "no_account"])
def test_every_template_has_subject_and_body(name):
    text = render(name, site="https://wardship.example", link="https://wardship.example/auth/link/x", hours=2)
    assert "Wardship" in text.subject
    assert "https://wardship.example" in text.body
    assert "{{" not in text.body


async def test_one_time_links_are_encrypted_while_they_wait_and_open_for_one_mail_and_address(
    queue, database, keys, settings, clock, owner
):
    mail_id, other_id = await queue(), await queue("mallory@example.org")
    row = await owner.fetchrow("select content, outgoing_mail::text as text from outgoing_mail where id = $1", mail_id)
    assert "umlaut" not in row["text"]
    assert b"subject" not in row["content"]
    await owner.execute("update outgoing_mail set content = $2 where id = $1", other_id, row["content"])
    await owner.execute("update outgoing_mail set recipient = 'mallory@example.org' where id = $1", mail_id)
    with capture_logs() as lines:
        assert await deliver_due(database, settings, clock, keys) == 0
    assert {line["fault"] for line in lines} == {"UNREADABLE_SECRET"}
    assert written_mail(settings, keys, "mallory@example.org") == []


async def test_mail_that_an_earlier_version_queued_is_sent(database, settings, keys, clock, owner):
    await owner.execute(
        "insert into outgoing_mail (id, created_at, recipient, content, next_at) values (gen_random_uuid(), $1, $2,"
        " '\\x00000000'::bytea || convert_to(jsonb_build_object('subject', 'Old', 'body', 'Ä')::text, 'UTF8'), $1)",
        clock.now(),
        ADDRESS,
    )
    assert await deliver_due(database, settings, clock, keys) == 1
    (path,) = written_mail(settings, keys, ADDRESS)
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert (message["Subject"], body_of(message).strip()) == ("Old", "Ä")


async def test_mail_to_an_idn_domain_goes_to_its_ascii_form_whatever_the_server_knows(
    queue, database, smtp_settings, ascii_settings, clock, keys, inbox
):
    for settings in (smtp_settings, ascii_settings):
        await queue("idn@bücher.example")
        assert await deliver_due(database, settings, clock, keys) == 1
    assert [recipients for recipients, _ in inbox.messages] == [["idn@xn--bcher-kva.example"]] * 2
    assert {message["To"] for _, message in inbox.messages} == {"idn@xn--bcher-kva.example"}


async def test_local_part_that_the_server_cannot_take_is_given_up_at_once_with_the_reason(
    queue, database, ascii_settings, clock, keys, inbox, owner
):
    await queue("bücher@example.org")
    with capture_logs() as lines:
        assert await deliver_due(database, ascii_settings, clock, keys) == 0
    assert [(line["event"], line["fault"]) for line in lines] == [("mail_refused", "SMTPUTF8_MISSING")]
    assert inbox.messages == []
    assert await owner.fetchval("select count(*) from outgoing_mail") == 0


async def test_sender_of_an_idn_domain_is_written_in_ascii(queue, database, ascii_settings, clock, keys, inbox):
    await queue()
    settings = ascii_settings.model_copy(update={"mail_from": "Wärdship <post@bücher.example>"})
    assert await deliver_due(database, settings, clock, keys) == 1
    ((_, message),) = inbox.messages
    assert message["From"] == "Wärdship <post@xn--bcher-kva.example>"
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("answer", "event"),
    [
        ("550 5.1.1 no such user", "mail_refused"),
        ("553 no", "mail_refused"),
        ("550 5.7.1 relaying denied", "mail_postponed"),
        ("450 4.2.2 mailbox full", "mail_postponed"),
    ],
)
async def test_refusal_for_good_of_an_address_is_not_tried_again(
    queue, database, smtp_settings, clock, keys, inbox, owner, answer, event
):
    before = dict(mail_counts)
    mail_id = await queue(about="invitation")
    inbox.recipient_refusal = answer
    with capture_logs() as lines:
        assert await deliver_due(database, smtp_settings, clock, keys) == 0
    assert [line["event"] for line in lines] == [event]
    assert ADDRESS not in str(lines)
    is_final = event == "mail_refused"
    assert await owner.fetchval("select count(*) from outgoing_mail") == (0 if is_final else 1)
    refused = await owner.fetch("select id, about, reason from refused_mail")
    code = answer[:3]
    assert [tuple(row) for row in refused] == (
        [(mail_id, "invitation", f"SMTPRecipientRefused {code}")] if is_final else []
    )
    counted = "refused" if is_final else "postponed"
    assert mail_counts[counted] == before[counted] + 1


async def test_mail_that_the_server_will_not_take_is_given_up(
    queue, database, smtp_settings, clock, keys, inbox, owner
):
    await queue()
    inbox.refusal = "554 5.6.0 no"
    assert await deliver_due(database, smtp_settings, clock, keys) == 0
    assert await owner.fetchval("select count(*) from outgoing_mail") == 0
