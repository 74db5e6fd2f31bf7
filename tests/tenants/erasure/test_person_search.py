"""After an erasure nothing of the person is found anywhere, and what was shared is still there."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

import pytest

from tests.builders import NOW, access_for, make_group, make_member, make_organisation
from tests.connecting import Connections
from tests.installed import installed_integrations
from tests.tenants.erasure.searching import found_in_files, found_in_tables, tables
from wardship.app.demo.radicale_server import radicale_server
from wardship.core.audit.export import export_audit
from wardship.core.audit.verify import verify_export
from wardship.core.http.credentials import Client
from wardship.core.identifiers import uuid7
from wardship.core.mail import deliver_due, written_mail
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.first_step import WrongPasswordError, sign_in
from wardship.core.sign_in.passwords import hash_password
from wardship.core.signing import public_keys
from wardship.plugins.api import Holder
from wardship.tenants.certificates.issue import certificate_of_reference
from wardship.tenants.certificates.verify import verify_certificate
from wardship.tenants.content.share import create_post, share_file
from wardship.tenants.invitations.invite import invite_member
from wardship.tenants.members.add import ImportRow, import_members
from wardship.tenants.members.tombstones import ErasedAddressError
from wardship.tenants.notices.mailing import mail_notices
from wardship.tenants.requests.decide import approve_right
from wardship.tenants.requests.erasures import commit_erasure, preview_erasure, waive_cooling_off
from wardship.tenants.requests.finds import decide_erasure_finds
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.submit import RequestedRight, submit_request

IDENTIFIERS = (
    "ada.lovelace@example.org",
    "ada%40home.example",
    "ada@home.example",
    "+44 20 7946 0000",
    "442079460000",
    "Ada Lovelace",
    "Lovelace, Ada",
    "countess",
    "12 St James's Square",
    "Analytical Engines Ltd",
    "pictures.example/ada.png",
    "Countess of Lovelace",
)


@pytest.fixture(scope="module")
def radicale(tmp_path_factory):
    with radicale_server(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture
def integrations(recording):
    registry = installed_integrations()
    registry.register(recording, "recorder")
    return registry


async def _fill(firm, owner) -> None:
    """Leave traces of the person everywhere that people and the service leave them."""
    await owner.execute(
        "update member set title = 'Countess of Lovelace', company = 'Analytical Engines Ltd',"
        " picture_url = 'https://pictures.example/ada.png', last_seen_at = now() where id = $1",
        firm.member.member_id,
    )
    await owner.execute(
        "insert into account_email (id, created_at, account_id, address, verified_at)"
        " values ($1, $2, $3, 'ada@home.example', $2)",
        uuid7(),
        NOW,
        firm.member.account_id,
    )
    await _fill_credentials(firm, owner)
    colleague = await make_member(firm.services.database, firm.organisation, name="Charles Babbage")
    group = await make_group(
        firm.services.database,
        firm.organisation,
        "Friends of Ada Lovelace",
        firm.member,
        colleague,
        description="Ask ada.lovelace@example.org",
    )
    async with firm.access(firm.member) as access:
        await create_post(access, group, f"I am Ada Lovelace, +44 (20) 7946 0000, and greet <@{colleague.member_id}>")
        await share_file(
            access,
            group,
            name="Lovelace, Ada - notes.pdf",
            media_type="application/pdf",
            size_bytes=5,
            url="https://files.example/ada%40home.example/notes.pdf",
        )
    async with firm.access(colleague) as access:
        await create_post(
            access, group, f"As @countess (Ada Lovelace, ADA@home.example) said: <@{firm.member.member_id}> is right"
        )


async def _fill_credentials(firm, owner) -> None:
    account = firm.member.account_id
    later = NOW + timedelta(days=30)
    await owner.execute(
        "insert into password_credential (id, created_at, account_id, password_hash, changed_at)"
        " values ($1, $2, $3, 'hash of Ada Lovelace', $2)",
        uuid7(),
        NOW,
        account,
    )
    await owner.execute(
        "insert into session (id, created_at, account_id, token_hash, csrf_token, stage, expires_at, last_seen_at,"
        " user_agent, network) values ($1, $2, $3, '\\x01', 'x', 'complete', $4, $2, 'countess browser', '192.0.2.7')",
        uuid7(),
        NOW,
        account,
        later,
    )
    await owner.execute(
        "insert into access_token (id, created_at, account_id, organisation_id, name, token_hash, scopes, expires_at)"
        " values ($1, $2, $3, $4, 'Ada Lovelace, laptop', '\\x02', '{read}', $5)",
        uuid7(),
        NOW,
        account,
        firm.organisation.id,
        later,
    )
    await owner.execute(
        "insert into sign_in_link (id, created_at, account_id, address, purpose, token_hash, expires_at)"
        " values ($1, $2, null, 'ada@home.example', 'verify_address', '\\x03', $3)",
        uuid7(),
        NOW,
        later,
    )


async def _invite(firm, address: str) -> None:
    async with firm.access(firm.owner) as access:
        await invite_member(access, address, roles=[], group_id=None)


async def _ask_for_everything(firm):
    """Ask for a copy, then for a correction, then for erasure, and let an admin agree."""
    async with firm.access(firm.member) as access:
        await submit_request(
            access,
            [
                RequestedRight(RightKind.ACCESS),
                RequestedRight(RightKind.CORRECTION, {"fields": {"title": "Countess of Lovelace"}}),
            ],
        )
    return await firm.submit(RightKind.ERASURE, country="GB")


async def _approve_all(firm, owner) -> None:
    for right in await owner.fetch("select id from request_right where state = 'with_admin'"):
        async with firm.access(firm.admin) as access:
            await approve_right(access, right["id"], reason="Ada Lovelace is right.")


async def _erase(firm, submitted) -> None:
    right = await firm.right(submitted, RightKind.ERASURE)
    async with firm.access(firm.officer) as access:
        await preview_erasure(access, right.id)
        await decide_erasure_finds(access, right.id, others=True)
        preview = await preview_erasure(access, right.id)
    async with firm.access(firm.officer) as access:
        await commit_erasure(access, right.id, preview.digest)
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right.id)
    await firm.run()


async def test_nothing_of_the_person_is_found_after_an_erasure(
    firm, owner, services, clock, radicale, recording, caplog, capfd
):
    caplog.set_level(logging.DEBUG)
    await _fill(firm, owner)
    connections = Connections(services, firm.admin)
    await connections.connect("recorder")
    collections = {}
    for key, kind in (("address_book", "addressbook"), ("calendar", "calendar")):
        url = radicale.create(kind, f"{key}-{uuid7()}")
        collections[key] = (
            radicale.folder / "collections" / "collection-root" / url.removeprefix(radicale.url).strip("/")
        )
        settings = {"collection_url": url, "username": radicale.username, "server_country": "DE"}
        await connections.connect(key, settings=settings | {"password": radicale.password})
    submitted = await _ask_for_everything(firm)
    await _approve_all(firm, owner)
    await firm.run()
    await connections.work()
    await firm.run()
    await mail_notices(services)
    await deliver_due(services.database, services.settings, clock, services.keys)
    assert found_in_files(services.settings.data_dir / "mail", ["ada.lovelace@example.org"]) != []
    assert all(found_in_files(folder, ["ada.lovelace@example.org"]) for folder in collections.values())
    before = await found_in_tables(owner, IDENTIFIERS)
    assert {item.split(":")[0] for item in before} >= {"member", "post", "file_reference", "user_group", "session"}
    audit_before = [line async for line in export_audit(services.database, services.keys, clock, firm.organisation.id)]
    verify_export(b"".join(audit_before).splitlines())
    posts = await owner.fetchval("select count(*) from post")

    await _erase(firm, submitted)
    await connections.work()
    await firm.run()

    assert await firm.states(submitted) == {RightKind.ERASURE: RightState.FULFILLED}
    await firm.post()
    (letter,) = written_mail(services.settings, services.keys, firm.member.email)
    assert " was erased" in letter.read_text()
    letter.unlink()  # a server has it, and we have not
    assert await found_in_tables(owner, IDENTIFIERS) == []
    assert found_in_files(services.settings.data_dir, IDENTIFIERS) == []
    for folder in collections.values():
        assert found_in_files(folder, IDENTIFIERS) == []
    assert recording.held.keys().isdisjoint(await _subjects(owner, firm))
    written = "".join((caplog.text, *capfd.readouterr())).lower()
    assert "mail_written" in written
    assert [item for item in IDENTIFIERS if item.lower() in written] == []

    await _shared_content_stays(firm, owner, posts)
    lines = b"".join(
        [line async for line in export_audit(services.database, services.keys, clock, firm.organisation.id)]
    )
    assert [item for item in IDENTIFIERS if item.lower().encode() in lines.lower()] == []
    assert verify_export(lines.splitlines(), public_keys(services.keys)).entries > 10
    await _certificate_proves_it(submitted, services)
    await _nobody_brings_the_person_back(firm, owner)


async def _subjects(owner, firm) -> set[str]:
    rows = await owner.fetch("select subject_ref from subject_link where member_id = $1", firm.member.member_id)
    return {row["subject_ref"] for row in rows}


async def _shared_content_stays(firm, owner, posts: int) -> None:
    assert await owner.fetchval("select count(*) from post") == posts
    member = await owner.fetchrow("select * from member where id = $1", firm.member.member_id)
    assert (member["state"], member["display_name"], member["account_id"]) == ("erased", firm.member.pseudonym, None)
    bodies = [row["body"] for row in await owner.fetch("select body from post order by created_at, id")]
    assert bodies[0].startswith(f"I am {firm.member.pseudonym}, {firm.member.pseudonym}, and greet <@")
    assert bodies[1].startswith(f"As @{firm.member.pseudonym} ({firm.member.pseudonym}, {firm.member.pseudonym}) said")
    assert str(firm.member.member_id) in bodies[1]
    group = await owner.fetchrow("select name, description from user_group")
    assert tuple(group) == (f"Friends of {firm.member.pseudonym}", f"Ask {firm.member.pseudonym}")


async def _certificate_proves_it(submitted, services) -> None:
    async with services.database.directory(read_only=True) as transaction:
        jws = await certificate_of_reference(transaction, submitted.reference)
    verified = verify_certificate(jws, public_keys(services.keys), submitted.reference)
    assert verified.is_yours
    right = verified.statement.rights[0]
    assert (right.kind, right.state, right.decision) == ("erasure", "fulfilled", "granted")
    assert sorted((place.recipient.partition(":")[0], place.verb, place.proof) for place in right.places) == [
        ("Address book (CardDAV)", "erase", "probed"),
        ("Anniversary calendar (CalDAV)", "erase", "probed"),
        ("Recorder", "erase", "self_reported"),
    ]
    assert [item for item in IDENTIFIERS if item.lower() in json.dumps(verified.statement, default=str).lower()] == []


async def _nobody_brings_the_person_back(firm, owner) -> None:
    for address in ("ada.lovelace@example.org", "Ada@Home.Example"):
        with pytest.raises(ErasedAddressError):
            await _invite(firm, address)
    async with firm.access(firm.owner) as access:
        results = await import_members(access, [ImportRow("ada.lovelace@example.org", {"display_name": "Ada"})])
    assert [type(result.refusal) for result in results] == [ErasedAddressError]
    assert await owner.fetchval("select count(*) from account_email where address like 'ada%'") == 0
    assert await owner.fetchval("select state from account where id = $1", firm.member.account_id) == "erased"


async def test_every_table_is_searched(owner):
    found = await tables(owner)
    assert {"member", "account", "obligation", "outgoing_mail", "export_file", "audit_entry"} <= set(found)
    assert len(found) >= 35


async def test_right_password_opens_nothing_after_an_erasure(firm, owner, services):
    password = "violet-otter-canyon-lamp"
    account = await owner.fetchval("select account_id from member where id = $1", firm.member.member_id)
    await owner.execute(
        "insert into password_credential (id, created_at, account_id, password_hash, changed_at)"
        " values ($1, now(), $2, $3, now())",
        uuid7(),
        account,
        await hash_password(password),
    )
    call = Call(services, Client("192.0.2.7"))
    assert (await sign_in(call, firm.member.email, password)).session.account_id == account
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.approve(submitted, RightKind.ERASURE)
    await _erase(firm, submitted)
    sessions = await owner.fetchval("select count(*) from session")
    with pytest.raises(WrongPasswordError):
        await sign_in(call, firm.member.email, password)
    assert await owner.fetchval("select count(*) from session") == sessions
    assert await owner.fetchval("select count(*) from session where account_id = $1", account) == 0


async def test_member_elsewhere_keeps_the_account(firm, owner, services):
    other = await make_organisation(services.database)
    await make_member(
        services.database, other, account_id=firm.member.account_id, name="Ada Lovelace", email=firm.member.email
    )
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.approve(submitted, RightKind.ERASURE)
    await _erase(firm, submitted)
    assert await owner.fetchval("select state from account where id = $1", firm.member.account_id) == "active"
    names = {
        row["organisation_id"]: row["display_name"]
        for row in await owner.fetch("select * from member where account_id = $1", firm.member.account_id)
    }
    assert names == {other.id: "Ada Lovelace"}
    assert await owner.fetchval("select count(*) from tombstone where organisation_id is null") == 0
    assert await owner.fetchval("select count(*) from tombstone where organisation_id = $1", firm.organisation.id) > 0


async def test_namesake_keeps_the_name(firm, owner, services):
    namesake = await make_member(services.database, firm.organisation, name="Ada Lovelace")
    group = await make_group(services.database, firm.organisation, "Team", namesake)
    async with access_for(services, namesake) as access:
        await create_post(access, group, "Ada Lovelace wrote this; the other is @countess")
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.approve(submitted, RightKind.ERASURE)
    await _erase(firm, submitted)
    assert await owner.fetchval("select body from post") == (
        f"Ada Lovelace wrote this; the other is @{firm.member.pseudonym}"
    )


async def test_another_organisation_is_not_touched(firm, owner, services):
    other = await make_organisation(services.database)
    person = await make_member(services.database, other, name="Charles")
    group = await make_group(services.database, other, "Ada Lovelace")
    await owner.execute(
        "insert into post (organisation_id, id, created_at, group_id, author_id, body)"
        " values ($1, $2, $3, $4, $5, 'Ada Lovelace')",
        other.id,
        uuid7(),
        NOW,
        group,
        person.member_id,
    )
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.approve(submitted, RightKind.ERASURE)
    await _erase(firm, submitted)
    assert await owner.fetchval("select body from post") == "Ada Lovelace"


async def test_what_the_person_connected_alone_is_taken_back(firm, owner, services, recording):
    connections = Connections(services, firm.admin)
    installation = await connections.connect("recorder", holder=Holder.MEMBER, member_id=firm.member.member_id)
    assert [record.text("first_name") for record in recording.held.values()] == ["Ada"]
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.approve(submitted, RightKind.ERASURE)
    await _erase(firm, submitted)
    assert await firm.states(submitted) == {RightKind.ERASURE: RightState.AWAITING_VENDORS}
    await connections.work()
    await firm.run()
    assert (await connections.read(installation.id)).state == "removed"
    row = await owner.fetchrow("select state, settings, secrets from installation_place")
    assert tuple(row) == ("left", "{}", None)
    assert await firm.states(submitted) == {RightKind.ERASURE: RightState.FULFILLED}
    assert recording.held == {}
