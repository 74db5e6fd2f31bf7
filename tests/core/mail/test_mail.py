from __future__ import annotations

import asyncio
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.smtp import SMTP
from pydantic import SecretStr
from structlog.testing import capture_logs

from tests.builders import make_organisation
from wardship.core.identifiers import uuid7
from wardship.core.mail import MailText, deliver_due, forget_mail, queue_mail, render, written_mail
from wardship.core.mail.delivery import ATTEMPTS, LEASE

ADDRESS = "ann@example.org"


async def queue(database, clock, recipient=ADDRESS, account_id=None):
    async with database.directory() as transaction:
        return await queue_mail(
            transaction, account_id, recipient, MailText("A subject", "A body wïth an umlaut\n"), at=clock.now()
        )


class Inbox:
    """Keeps what an SMTP server was given; refuses as told."""

    def __init__(self):
        self.messages = []
        self.refusal = None

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.refusal:
            return self.refusal
        self.messages.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return "250 ok"


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
async def smtp_settings(inbox, settings):
    def serve() -> SMTP:
        return SMTP(inbox, enable_SMTPUTF8=True, hostname="localhost")

    async with await asyncio.get_running_loop().create_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield settings.model_copy(update={"smtp_url": SecretStr(f"smtp://127.0.0.1:{port}")})


async def test_mail_is_sent_only_if_its_transaction_commits(database, clock, owner):
    with pytest.raises(LookupError):
        async with database.directory() as transaction:
            await queue_mail(transaction, None, ADDRESS, MailText("s", "b"), at=clock.now())
            raise LookupError
    assert await owner.fetchval("select count(*) from outgoing_mail") == 0


async def test_mail_can_be_queued_within_one_organisation(database, clock, owner):
    organisation = await make_organisation(database)
    async with database.tenant(organisation.id) as transaction:
        await queue_mail(transaction, None, ADDRESS, MailText("s", "b"), at=clock.now())
        assert await transaction.fetchval("select count(*) from outgoing_mail") == 0, "the queue itself stays closed"
    assert await owner.fetchval("select recipient from outgoing_mail") == ADDRESS


async def test_without_a_server_mail_is_written_once_under_a_folder_without_the_address(
    database, settings, clock, keys, owner
):
    mail_id = await queue(database, clock)
    with capture_logs() as lines:
        assert await deliver_due(database, settings, clock, keys) == 1
    assert await deliver_due(database, settings, clock, keys) == 0
    (path,) = written_mail(settings, keys, ADDRESS)
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert (message["To"], message["Subject"]) == (ADDRESS, "A subject")
    assert message.get_content().splitlines() == ["A body wïth an umlaut"]
    assert message["Message-ID"] == f"<{mail_id}@localhost>"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert ADDRESS not in str(path)
    assert ADDRESS not in str(lines)
    assert lines[0]["path"] == str(path)
    assert await owner.fetchval("select count(*) from outgoing_mail") == 0


async def test_mail_goes_to_the_server(database, smtp_settings, clock, keys, inbox, owner):
    await queue(database, clock)
    await queue(database, clock, "bücher@example.org")
    assert await deliver_due(database, smtp_settings, clock, keys) == 2
    assert sorted(recipients[0] for recipients, _ in inbox.messages) == [ADDRESS, "bücher@example.org"]
    assert {message["Subject"] for _, message in inbox.messages} == {"A subject"}
    assert await owner.fetchval("select count(*) from outgoing_mail") == 0


async def test_a_refused_mail_is_tried_again_with_growing_delay_and_given_up(
    database, smtp_settings, clock, keys, inbox, owner
):
    await queue(database, clock)
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


async def test_a_claimed_mail_is_left_alone_until_its_lease_ends(database, settings, clock, keys, monkeypatch):
    await queue(database, clock)

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


async def test_queued_mail_goes_with_its_account(database, clock, owner):
    account_id = uuid7()
    await owner.execute("insert into account (id, created_at) values ($1, now())", account_id)
    await queue(database, clock, account_id=account_id)
    await owner.execute("delete from account where id = $1", account_id)
    assert await owner.fetchval("select count(*) from outgoing_mail") == 0


async def test_an_address_is_forgotten_in_queue_and_folder(database, settings, clock, keys, owner):
    organisation = await make_organisation(database)
    await queue(database, clock)
    await queue(database, clock, "bob@example.org")
    await deliver_due(database, settings, clock, keys)
    await queue(database, clock)
    await queue(database, clock, "bob@example.org")
    async with database.tenant(organisation.id) as transaction:
        await forget_mail(transaction, settings, keys, ADDRESS)
    assert written_mail(settings, keys, ADDRESS) == []
    assert len(written_mail(settings, keys, "bob@example.org")) == 1
    assert await owner.fetchval("select array_agg(recipient) from outgoing_mail") == ["bob@example.org"]


def test_a_subject_stays_on_one_line():
    text = render("security_notice", what="A\nBcc: x@example.org", site="s", when="w", network="")
    assert text.subject == "A"
    assert "\n" not in text.subject


@pytest.mark.parametrize("name", ["verify_address", "already_registered", "reset_password", "no_account"])
def test_every_template_has_subject_and_body(name):
    text = render(name, site="https://wardship.example", link="https://wardship.example/auth/link/x", hours=2)
    assert "Wardship" in text.subject
    assert "https://wardship.example" in text.body
    assert "{{" not in text.body
