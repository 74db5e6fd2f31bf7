"""What those who manage integrations are told of an installation's trouble, and of its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.builders import Person, access_for, make_group, make_member
from tests.connecting import Connections
from tests.fakes.recorder import RECEIVES, recorder
from tests.tenants.installation_lifecycle.test_upgrades import with_registry
from tests.tenants.operating import commanding
from tests.tenants.telling.postman import Postman, tells
from wardship.core.actor import Role
from wardship.plugins.api import AuthorisationExpired, Holder, Receives, TemporarilyUnavailable, Verb
from wardship.tenants.installation_lifecycle.lifecycle import pause, uninstall
from wardship.tenants.installation_lifecycle.upgrades import look_after_installations
from wardship.tenants.installations.notices import (
    COUNTRY_FORBIDDEN,
    DECLARATION_WAITS,
    INSTALLATION_FAILS,
    INSTALLATION_REMOVED,
    INSTALLATION_WORKS,
    OBLIGATION_LATE,
    OWN_INSTALLATION_FAILS,
)
from wardship.tenants.installations.troubles import tell_of_recovered
from wardship.tenants.members.roles import withdraw_role
from wardship.tenants.obligations.for_member import enqueue_for_member
from wardship.tenants.organisation_lifecycle.changes import suspend_organisation
from wardship.tenants.organisations.update import update_settings

pytestmark = pytest.mark.anyio


def _raising(error: Exception) -> Callable[[object], None]:
    def act(_: object) -> None:
        raise error

    return act


@pytest.fixture
async def olga(database, acme) -> Person:
    """The owner, who manages integrations too; people who only read them are there."""
    await make_member(database, acme, Role.AUDITOR, name="Bystander")
    await make_member(database, acme, Role.TECHNICAL_CONTACT, name="Techie")
    return await make_member(database, acme, Role.ORG_OWNER, name="Olga", email="olga@example.org")


@pytest.fixture
def keepers(olga: Person, admin: Person) -> list[str]:
    return sorted([olga.email, admin.email])


@pytest.fixture
async def fail(services, connections: Connections, recording, ada):
    """Let a call fail, or work where no error is given."""

    async def run(error: Exception | None = None, who: Person = connections.admin) -> None:
        recording.told[Verb.CORRECT] = [_raising(error)] if error else []
        async with access_for(services, who.actor(at=services.clock.now())) as access:
            await enqueue_for_member(access, ada.member_id, Verb.CORRECT)
        await connections.work()

    return run


@tells(INSTALLATION_FAILS)
async def test_outage_is_told_once_however_often_the_vendor_fails_and_answers(
    connections, fail, keepers, clock, postman: Postman
):
    installation = await connections.connect()
    for error in (TemporarilyUnavailable("down"), None, TemporarilyUnavailable("down"), None, TimeoutError(), None):
        await fail(error)
        clock.advance(timedelta(minutes=10))
        await connections.work()
        await tell_of_recovered(connections.services)
    assert (await connections.read(installation.id)).state == "active"
    mails = await postman.mails(INSTALLATION_FAILS)
    assert sorted(mail.recipient for mail in mails) == keepers
    assert all("does not answer" in mail.body for mail in mails)


@tells(INSTALLATION_FAILS)
async def test_outage_that_becomes_worse_is_told_again(connections, fail, keepers, clock, postman: Postman):
    await connections.connect()
    await fail(TemporarilyUnavailable("down"))
    await postman.forget()
    clock.advance(timedelta(minutes=10))
    await fail(AuthorisationExpired("expired"))
    mails = await postman.mails(INSTALLATION_FAILS)
    assert sorted(mail.recipient for mail in mails) == keepers
    assert all("enter new ones in the settings" in mail.body for mail in mails)


@tells(INSTALLATION_WORKS)
@tells(INSTALLATION_FAILS)
async def test_it_is_told_once_that_it_has_worked_for_an_hour_and_the_next_outage_is_another(
    services, connections, fail, keepers, clock, postman: Postman
):
    await connections.connect()
    await fail(TemporarilyUnavailable("down"))
    clock.advance(timedelta(minutes=10))
    await connections.work()
    clock.advance(timedelta(minutes=59))
    await tell_of_recovered(services)
    assert await postman.of(INSTALLATION_WORKS) == []
    clock.advance(timedelta(minutes=1))
    await tell_of_recovered(services)
    await tell_of_recovered(services)
    assert await postman.readers(INSTALLATION_WORKS) == keepers
    await postman.forget()
    await fail(TemporarilyUnavailable("down"))
    assert await postman.readers(INSTALLATION_FAILS) == keepers


@tells(INSTALLATION_FAILS)
async def test_whoever_lost_the_role_is_not_told_and_of_a_groups_installation_the_members_are_not(
    services, database, acme, connections, fail, olga, admin, ada, postman: Postman
):
    group = await make_group(database, acme, "Team", ada)
    await connections.connect(holder=Holder.GROUP, group_id=group)
    await fail(TemporarilyUnavailable("down"))
    async with access_for(services, olga) as access:
        await withdraw_role(access, admin.member_id, Role.ORG_ADMIN)
    assert {mail.recipient for mail in await postman.of(INSTALLATION_FAILS)} == set()
    clock = services.clock
    clock.advance(timedelta(hours=20))
    assert {mail.recipient for mail in await postman.of(INSTALLATION_FAILS)} == {olga.email}


@tells(OWN_INSTALLATION_FAILS)
@pytest.mark.usefixtures("keepers")
async def test_member_is_told_of_the_own_outage_once_and_when_it_works_again(
    services, connections, fail, ada, clock, postman: Postman
):
    await connections.connect(holder=Holder.MEMBER, member_id=ada.member_id)
    for error in (TemporarilyUnavailable("down"), None, TemporarilyUnavailable("down"), None):
        await fail(error, who=ada)
        clock.advance(timedelta(minutes=10))
        await connections.work()
    clock.advance(timedelta(hours=1))
    await tell_of_recovered(services)
    assert await postman.readers(OWN_INSTALLATION_FAILS) == [ada.email]
    assert await postman.readers(INSTALLATION_WORKS) == [ada.email]


@tells(INSTALLATION_FAILS)
async def test_package_that_is_gone_is_told_once(services, connections, keepers, postman: Postman):
    await connections.connect()
    without = with_registry(services)
    for _ in range(2):
        await look_after_installations(without)
    mails = await postman.mails(INSTALLATION_FAILS)
    assert sorted(mail.recipient for mail in mails) == keepers
    assert all("tell the server's operator" in mail.body for mail in mails)
    without.dispatcher.close()


@tells(DECLARATION_WAITS)
@pytest.mark.usefixtures("recording")
@pytest.mark.parametrize("is_paused", [False, True])
async def test_new_version_that_wants_more_is_told_once_with_the_difference(
    services, connections, keepers, postman: Postman, is_paused
):
    installation = await connections.connect()
    if is_paused:
        async with access_for(services, connections.admin) as access:
            await pause(access, installation.id)
    job = Receives(
        category="user.job_title", fields=("job_title",), purpose="marketing", legal_basis="consent", retention_days=0
    )
    upgraded = with_registry(services, recorder(version="2.0", receives=(*RECEIVES, job)))
    for _ in range(2):
        await look_after_installations(upgraded)
    mails = await postman.mails(DECLARATION_WAITS)
    assert sorted(mail.recipient for mail in mails) == keepers
    assert all("- Job title: “job title, in order to market” is new. This takes more" in mail.body for mail in mails)
    upgraded.dispatcher.close()


@tells(COUNTRY_FORBIDDEN)
@pytest.mark.usefixtures("ada", "admin")
async def test_those_who_did_not_make_the_rule_are_told_that_a_country_is_forbidden(
    services, connections, olga, admin, postman: Postman
):
    await connections.connect()
    async with access_for(services, olga) as access:
        await update_settings(access, {"forbidden_countries": ["DE"]})
    (mail,) = await postman.mails(COUNTRY_FORBIDDEN)
    assert mail.recipient == admin.email
    assert "what it holds is taken back" in mail.body


@tells(OBLIGATION_LATE)
async def test_what_an_integration_owes_is_told_once_when_it_is_late(
    services, connections, recording, ada, keepers, clock, postman: Postman
):
    recording.always[Verb.EXPORT] = _raising(TemporarilyUnavailable("down"))
    await connections.connect()
    await postman.forget()
    async with access_for(services, connections.admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.EXPORT)
    row = await postman.owner.fetchrow("select due_at from obligation where verb = 'export'")
    clock.advance(row["due_at"] - clock.now())
    worker = connections.worker()
    for _ in range(2):
        await worker.sweep()
    mails = await postman.mails(OBLIGATION_LATE)
    assert sorted(mail.recipient for mail in mails) == keepers
    assert all("(hand out what it holds of a person)" in mail.body for mail in mails)


@tells(INSTALLATION_REMOVED)
@pytest.mark.usefixtures("recording", "ada")
@pytest.mark.parametrize("is_suspended", [False, True])
async def test_end_of_an_installation_is_told_with_its_proof(
    services, acme, connections, keepers, postman: Postman, is_suspended
):
    installation = await connections.connect()
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    if is_suspended:
        async with commanding(services) as access:
            await suspend_organisation(access, acme.slug)
    await connections.work()
    await connections.work()
    assert (await connections.read(installation.id)).state == "removed"
    mails = await postman.mails(INSTALLATION_REMOVED)
    assert sorted(mail.recipient for mail in mails) == keepers
    assert all("The vendor says that it has nothing left" in mail.body for mail in mails)


@tells(INSTALLATION_REMOVED)
@pytest.mark.usefixtures("ada")
async def test_end_without_a_proof_says_so_and_who_said_it_is_done_is_not_told(
    services, connections, olga, postman: Postman
):
    plugin = recorder("byhand", supports={"erase": "manual", "revoke": "manual", "attest": "none"})
    services.integrations.register(plugin, "byhand")
    installation = await connections.connect("byhand")
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    await connections.complete_all("They wrote that it is done.")
    (mail,) = await postman.mails(INSTALLATION_REMOVED)
    assert mail.recipient == olga.email
    assert "Somebody of yours says" in mail.body
