"""What members are told of who receives their data."""

from __future__ import annotations

import pytest
from pydantic import HttpUrl

from tests.builders import Organisation, Person, access_for, make_group, make_member
from tests.connecting import Connections
from tests.fakes.recorder import RECEIVES, Recorder, recorder
from tests.tenants.installation_lifecycle.test_upgrades import with_registry
from tests.tenants.telling.postman import Postman, tells
from wardship.core.actor import Role
from wardship.core.database.engine import Transaction
from wardship.plugins.api import Holder, Receives, Settings, TemporarilyUnavailable, Verb
from wardship.tenants.declarations import declaration_digest
from wardship.tenants.egress.notices import NEW_RECIPIENT
from wardship.tenants.grants.change import grant_category, withdraw_grant
from wardship.tenants.grants.choices import give_consent, object_to
from wardship.tenants.grants.granting import Grantable
from wardship.tenants.grants.restrictions import RestrictionCause, restrict_member
from wardship.tenants.groups.people import add_to_group, remove_from_group
from wardship.tenants.installation_lifecycle.approval import approve_declaration
from wardship.tenants.installation_lifecycle.lifecycle import pause, resume, update_settings
from wardship.tenants.installation_lifecycle.upgrades import look_after_installations
from wardship.tenants.members.roles import assign_role
from wardship.tenants.obligations.follow_up import start_sharing

pytestmark = pytest.mark.anyio
NAME = Grantable("user.name", "functional.service")
CONTACT = Grantable("user.contact", "essential.service.notifications")


@pytest.fixture
async def bob(database, acme) -> Person:
    return await make_member(database, acme, name="Bob", email="bob@example.org")


def _told(mails) -> list[str]:
    return sorted(mail.recipient for mail in mails)


@tells(NEW_RECIPIENT)
async def test_members_are_told_once_who_receives_what_for_what_purpose(
    connections: Connections, ada, bob, postman: Postman
):
    installation = await connections.connect()
    async with access_for(connections.services, connections.admin) as access:
        await update_settings(access, installation.id, {})
    await connections.work()
    async with access_for(connections.services, connections.admin) as access:
        await pause(access, installation.id)
        await resume(access, installation.id)
    await connections.work()
    mails = await postman.mails(NEW_RECIPIENT)
    assert _told(mails) == [ada.email, bob.email], "who connected it knows"
    assert {mail.subject for mail in mails} == {"Recorder may receive your data"}
    body = mails[0].body
    assert "lets Recorder (Recorder Ltd) receive of you" in body
    assert "- contact details, to send messages about the service (contract)" in body
    assert "- name and title, to " in body
    assert "stored in: DE" in body
    assert "object to this recipient" in body


@tells(NEW_RECIPIENT)
async def test_nobody_of_whom_nothing_may_be_sent_is_told(
    services, database, acme: Organisation, connections, ada, bob, admin, postman: Postman
):
    consented = Receives(
        category="user.contact", fields=("email",), purpose="marketing", legal_basis="consent", retention_days=0
    )
    services.integrations.register(recorder("asks", receives=(RECEIVES[0], consented)), "asks")
    cleo = await make_member(database, acme, name="Cleo", email="cleo@example.org")
    dan = await make_member(database, acme, name="Dan", email="dan@example.org")
    await make_member(database, acme, name="Eve", email="eve@example.org", state="deactivated")
    for who, purpose in ((ada, None), (bob, "functional.service"), (cleo, "functional.service")):
        async with access_for(services, who) as access:
            await object_to(access, who.member_id, purpose=purpose or "")
    async with access_for(services, bob) as access:
        await give_consent(access, "marketing")
    async with access_for(services, admin) as access:
        await restrict_member(access, dan.member_id, cause=RestrictionCause.REQUESTED)
    await connections.connect("asks")
    assert _told(await postman.mails(NEW_RECIPIENT)) == [bob.email], "consented; the others get nothing sent"


@tells(NEW_RECIPIENT)
@pytest.mark.usefixtures("ada")
async def test_person_without_a_proven_address_sees_it_in_the_product_and_nothing_is_mailed_there(
    connections, bob, owner, postman: Postman
):
    await owner.execute("update account_email set verified_at = null where account_id = $1", bob.account_id)
    await connections.connect()
    assert bob.email not in await postman.readers(NEW_RECIPIENT)
    told = "select mail_state from notice where member_id = $1 and kind = 'new_recipient'"
    assert await owner.fetchval(told, bob.member_id) == "unreachable"


@tells(NEW_RECIPIENT)
async def test_of_a_groups_installation_its_members_are_told(connections, database, acme, ada, bob, postman: Postman):
    group = await make_group(database, acme, "Team", bob)
    await connections.connect(holder=Holder.GROUP, group_id=group)
    assert ada.email not in _told(await postman.mails(NEW_RECIPIENT))
    assert await postman.readers(NEW_RECIPIENT) == [bob.email]


@tells(NEW_RECIPIENT)
async def test_who_comes_into_a_group_is_told_once_of_its_recipients(
    services, connections, database, acme, admin, ada, bob, postman: Postman
):
    group = await make_group(database, acme, "Team", bob)
    await connections.connect(holder=Holder.GROUP, group_id=group)
    await postman.forget()
    for _ in range(2):
        async with access_for(services, admin) as access:
            await add_to_group(access, group, ada.member_id)
        async with access_for(services, admin) as access:
            await remove_from_group(access, group, ada.member_id)
    mails = await postman.mails(NEW_RECIPIENT)
    assert _told(mails) == [ada.email]
    assert mails[0].subject == "Recorder may receive your data"


@tells(NEW_RECIPIENT)
@pytest.mark.usefixtures("bob")
async def test_who_becomes_a_contact_is_told_of_recipients_of_contacts(
    services, connections, admin, ada, postman: Postman
):
    entry = RECEIVES[1].model_copy(update={"audience": "contacts"})
    services.integrations.register(recorder("bills", receives=(entry,), contacts=("billing",)), "bills")
    await connections.connect("bills")
    assert await postman.of(NEW_RECIPIENT) == []
    async with access_for(services, admin) as access:
        await assign_role(access, ada.member_id, Role.AUDITOR)
    async with access_for(services, admin) as access:
        await assign_role(access, ada.member_id, Role.BILLING_CONTACT)
    (mail,) = await postman.mails(NEW_RECIPIENT)
    assert mail.recipient == ada.email
    assert "of contacts only" in mail.body


@tells(NEW_RECIPIENT)
@pytest.mark.usefixtures("bob")
async def test_of_an_installation_for_one_member_that_member_is_told_unless_he_or_she_made_it(
    services, connections, ada, postman: Postman
):
    await connections.connect(holder=Holder.MEMBER, member_id=ada.member_id)
    assert await postman.readers(NEW_RECIPIENT) == [ada.email]
    await postman.forget()
    own = Connections(services, ada, services.clock.now())
    services.integrations.register(recorder("second"), "second")
    async with services.database.tenant(ada.organisation_id) as transaction:
        await transaction.execute("""update organisation set settings = '{"members_may_install": true}'""")
    await own.install("second", holder=Holder.MEMBER, member_id=ada.member_id)
    await connections.work()
    assert await postman.mails(NEW_RECIPIENT) == []


@tells(NEW_RECIPIENT)
async def test_contacts_alone_are_told_of_what_is_for_them(services, database, acme, connections, ada, postman):
    entry = RECEIVES[1].model_copy(update={"audience": "contacts"})
    services.integrations.register(recorder("bills", receives=(entry,), contacts=("billing",)), "bills")
    billing = await make_member(database, acme, Role.BILLING_CONTACT, name="Bill")
    await connections.connect("bills")
    told = await postman.readers(NEW_RECIPIENT)
    assert told == [billing.email]
    assert ada.email not in told


@tells(NEW_RECIPIENT)
@pytest.mark.usefixtures("recording")
async def test_members_are_told_of_a_wider_grant_once(services, connections, ada, bob, admin, postman: Postman):
    installation = await connections.connect(grants=[NAME])
    await postman.forget()
    async with access_for(services, admin) as access:
        made = await grant_category(access, installation.id, CONTACT)
        await withdraw_grant(access, made.id)
    async with access_for(services, admin) as access:
        await grant_category(access, installation.id, CONTACT)
    mails = await postman.mails(NEW_RECIPIENT)
    assert _told(mails) == [ada.email, bob.email]
    assert {mail.subject for mail in mails} == {"Recorder may receive more of your data"}
    assert all("- contact details" in mail.body and "- name and title" not in mail.body for mail in mails)


@tells(NEW_RECIPIENT)
@pytest.mark.usefixtures("recording")
async def test_members_are_told_of_what_a_new_version_takes_when_it_is_approved(
    services, connections, ada, admin, postman: Postman
):
    installation = await connections.connect()
    await postman.forget()
    more = RECEIVES[1].model_copy(update={"fields": ("email", "phone", "company")})
    upgraded = with_registry(services, recorder(version="2.0", receives=(RECEIVES[0], more)))
    await look_after_installations(upgraded)
    assert await postman.of(NEW_RECIPIENT) == []
    digest = declaration_digest(*upgraded.integrations.require("recorder").declaration).hex()
    async with access_for(upgraded, admin) as access:
        await approve_declaration(access, installation.id, digest)
    mails = await postman.mails(NEW_RECIPIENT)
    assert _told(mails) == [ada.email]
    assert all("- contact details" in mail.body and "- name and title" not in mail.body for mail in mails)
    upgraded.dispatcher.close()


class Hosted(Settings):
    server_url: HttpUrl


@tells(NEW_RECIPIENT)
async def test_members_are_told_of_another_place_when_it_begins_there(services, connections, ada, admin, postman):
    plugin: Recorder = recorder("hosted", settings=Hosted, host_settings=("server_url",))
    services.integrations.register(plugin, "hosted")
    installation = await connections.connect("hosted", settings={"server_url": "https://one.example.org/"})
    await postman.forget()
    plugin.told[Verb.CHECK] = [_unavailable]
    async with access_for(services, admin) as access:
        await update_settings(access, installation.id, {"server_url": "https://two.example.org/"})
    await connections.work()
    assert await postman.of(NEW_RECIPIENT) == [], "it does not work there yet"
    await connections.pass_time(minutes=5)
    (mail,) = await postman.mails(NEW_RECIPIENT)
    assert mail.recipient == ada.email
    assert "two.example.org" in mail.body


def _unavailable(_: object) -> None:
    raise TemporarilyUnavailable("down")


@tells(NEW_RECIPIENT)
@pytest.mark.usefixtures("recording")
async def test_thousands_of_members_are_told_in_one_statement(
    services, connections, acme, ada, owner, postman: Postman, monkeypatch
):
    installation = await connections.install()
    await owner.execute(
        "with made as (insert into account (id, created_at, display_name)"
        " select gen_random_uuid(), now(), 'N' from generate_series(1, 3000) returning id)"
        " insert into member (organisation_id, id, created_at, joined_at, account_id, display_name, email, pseudonym)"
        " select $1, gen_random_uuid(), now(), now(), id, 'N', id || '@example.org', 'P' || id from made",
        acme.id,
    )
    statements: list[str] = []
    plain = Transaction._ask

    async def counting(self, *arguments, **how):
        statements.append(str(arguments))
        return await plain(self, *arguments, **how)

    await owner.execute("update installation set state = 'checked'")
    checked = await connections.read(installation.id)
    async with access_for(services, connections.admin) as access:
        with monkeypatch.context() as patched:
            patched.setattr(Transaction, "_ask", counting)
            await start_sharing(access, checked)
    assert await owner.fetchval("select count(*) from notice where kind = 'new_recipient'") == 3001
    assert len([each for each in statements if "insert into notice" in each]) == 1
    await owner.execute("delete from notice where member_id <> $1", ada.member_id)
    assert await postman.readers(NEW_RECIPIENT) == [ada.email]
