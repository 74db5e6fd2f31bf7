"""Paused, resumed, reconnected, uninstalled."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_member
from tests.connecting import install_request
from tests.fakes.recorder import recorder
from wardship.core.actor import Role
from wardship.core.errors import NotFoundError, PermissionDeniedError
from wardship.plugins.api import Holder, Rejected, TemporarilyUnavailable, Verb
from wardship.tenants.grants.change import AlreadyGrantedError, InstallationEndedError, grant_category
from wardship.tenants.grants.granting import Grantable, UndeclaredGrantError
from wardship.tenants.installation_lifecycle.install import install
from wardship.tenants.installation_lifecycle.lifecycle import pause, resume, uninstall
from wardship.tenants.installations.states import InstallationStateError
from wardship.tenants.members.membership import remove_member
from wardship.tenants.members.profile import update_member
from wardship.tenants.obligations.by_hand import complete_manual_task
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.paging import PageRequest
from wardship.tenants.tasks.tasks import list_tasks


async def test_a_paused_installation_receives_nothing_and_everything_when_resumed(
    services, connections, recording, ada, database, acme
):
    installation = await connections.connect()
    async with access_for(services, connections.admin) as access:
        await pause(access, installation.id)
    recording.heard.clear()
    await make_member(database, acme, first_name="Late")
    async with access_for(services, connections.admin) as access:
        await bring_in_line(access, [ada.member_id])
    await connections.work()
    assert recording.verbs() == []

    async with access_for(services, connections.admin) as access:
        assert (await resume(access, installation.id)).state == "active"
    await connections.work()
    assert {record.text("first_name") for record in recording.held.values()} == {"Ada", "", "Late"}


@pytest.mark.usefixtures("recording")
async def test_a_correction_waits_for_the_end_of_a_pause(services, connections, ada, owner):
    installation = await connections.connect()
    async with access_for(services, connections.admin) as access:
        await pause(access, installation.id)
        (identifier,) = await enqueue_for_member(access, ada.member_id, Verb.CORRECT)
    await connections.work()
    assert await owner.fetchval("select state from obligation where id = $1", identifier) == "waiting"

    async with access_for(services, connections.admin) as access:
        await resume(access, installation.id)
    await connections.work()
    assert await owner.fetchval("select state from obligation where id = $1", identifier) == "completed"


async def test_an_erasure_reaches_a_paused_installation(services, connections, recording, ada):
    installation = await connections.connect()
    async with access_for(services, connections.admin) as access:
        await pause(access, installation.id)
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)
    await connections.work()

    assert "Ada" not in {record.text("first_name") for record in recording.held.values()}


@pytest.mark.usefixtures("owner")
async def test_a_changed_profile_is_shared_where_it_matters(services, connections, recording, ada):
    await connections.connect()
    recording.heard.clear()
    async with access_for(services, connections.admin) as access:
        await update_member(access, ada.member_id, {"job_title": "Countess"})
    await connections.work()
    assert recording.verbs() == []

    async with access_for(services, connections.admin) as access:
        await update_member(access, ada.member_id, {"last_name": "King"})
    await connections.work()
    assert recording.verbs() == ["share"]
    assert "King" in {record.text("last_name") for record in recording.held.values()}


@pytest.mark.usefixtures("ada")
async def test_uninstalling_stops_sharing_in_the_same_commit(services, connections, recording, owner):
    installation = await connections.install()
    await connections.worker().run_once()
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    await connections.work()

    assert "share" not in recording.verbs()
    assert await owner.fetchval("select count(*) from integration_grant where withdrawn_at is null") == 0
    assert await owner.fetchval("select count(*) from disclosure") == 0


@pytest.mark.usefixtures("ada")
async def test_what_the_plan_leaves_to_a_person_keeps_the_installation_until_it_is_done(services, connections):
    services.integrations.register(recorder("careful", left_to_people="Delete the app password."), "careful")
    installation = await connections.connect("careful")
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    assert (await connections.read(installation.id)).state == "revoking"

    async with access_for(services, connections.admin) as access:
        (task,) = (await list_tasks(access, PageRequest(5))).items
        assert task.instructions == "Delete the app password."
        await complete_manual_task(access, task.id, "Deleted.")
    await connections.work()
    assert (await connections.read(installation.id)).state == "removed"


@pytest.mark.usefixtures("ada")
async def test_a_revocation_that_does_not_end_in_time_is_shown_overdue(services, connections, recording, owner):
    installation = await connections.connect()
    recording.always[Verb.REVOKE] = _unavailable
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    for _ in range(26):
        await connections.pass_time(hours=1)

    overdue = await connections.read(installation.id)
    assert overdue.state == "revocation_overdue"
    row = await owner.fetchrow("select state, reminded from obligation where verb = 'revoke'")
    assert (row["state"], row["reminded"]) == ("manual", 100)
    reminders = await owner.fetch(
        "select entry::jsonb -> 'details' ->> 'level' as level from audit_entry"
        " where action = 'obligation.reminded' and entry::jsonb -> 'details' ->> 'verb' = 'revoke' order by sequence"
    )
    assert [row["level"] for row in reminders] == ["50", "80", "100"]


async def test_uninstalling_where_only_people_can_erase_makes_one_task(services, connections, database, acme):
    clumsy = recorder("clumsy", supports={"erase": "manual", "revoke": "manual", "attest": "none"})
    services.integrations.register(clumsy, "clumsy")
    for _ in range(3):
        await make_member(database, acme, first_name="Many")
    installation = await connections.connect("clumsy")
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    async with access_for(services, connections.admin) as access:
        (task,) = (await list_tasks(access, PageRequest(5))).items
        await complete_manual_task(access, task.id, "They confirmed by letter.")

    removed = await connections.read(installation.id)
    assert (removed.state, removed.state_reason) == ("removed", "manual")


async def test_end_of_the_access_alone_leaves_a_person_to_have_the_data_erased(services, connections, database, acme):
    services.integrations.register(recorder("clumsy", supports={"erase": "manual", "attest": "none"}), "clumsy")
    await make_member(database, acme)
    installation = await connections.connect("clumsy")
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    assert (await connections.read(installation.id)).state == "revoking"
    async with access_for(services, connections.admin) as access:
        (task,) = (await list_tasks(access, PageRequest(5))).items
        await complete_manual_task(access, task.id, "They confirmed by letter.")
    removed = await connections.read(installation.id)
    assert removed.state == "removed"


@pytest.mark.usefixtures("recording", "ada")
async def test_deeds_in_the_wrong_state_are_refused(services, connections):
    installation = await connections.connect()
    async with access_for(services, connections.admin) as access:
        with pytest.raises(InstallationStateError):
            await resume(access, installation.id)
        await uninstall(access, installation.id)
        for command in (pause, resume, uninstall):
            with pytest.raises(InstallationStateError):
                await command(access, installation.id)
        with pytest.raises(InstallationEndedError):
            await grant_category(access, installation.id, Grantable("user.name", "functional.service"))


@pytest.mark.usefixtures("recording")
@pytest.mark.parametrize("command", [pause, resume, uninstall])
async def test_who_may_not_manage_learns_no_more_than_the_role_allows(
    command, services, connections, database, acme, ada, owner
):
    installation = await connections.connect()
    before = await owner.fetchval("select count(*) from audit_entry")
    auditor = await make_member(database, acme, Role.AUDITOR)
    for person, error in ((auditor, PermissionDeniedError), (ada, NotFoundError)):
        async with access_for(services, person) as access:
            with pytest.raises(error):
                await command(access, installation.id)
    assert (await connections.read(installation.id)).state == "active"
    assert await owner.fetchval("select count(*) from audit_entry") == before


@pytest.mark.usefixtures("ada")
async def test_grants_are_given_one_by_one(services, connections, recording):
    installation = await connections.connect(grants=[Grantable("user.name", "functional.service")])
    contact = Grantable("user.contact", "essential.service.notifications")
    async with access_for(services, connections.admin) as access:
        with pytest.raises(UndeclaredGrantError):
            await grant_category(access, installation.id, Grantable("user.payment", "functional.service"))
        await grant_category(access, installation.id, contact)
        with pytest.raises(AlreadyGrantedError):
            await grant_category(access, installation.id, contact)
    await connections.work()

    assert "ada@example.org" in {record.text("email") for record in recording.held.values()}


def _unavailable(_):
    raise TemporarilyUnavailable("down")


def _rejected(_):
    raise Rejected("no")


@pytest.mark.usefixtures("ada")
async def test_a_check_that_is_refused_is_shown_and_nothing_is_shared(services, connections, recording):
    recording.always[Verb.CHECK] = _rejected
    installation = await connections.install()
    await connections.work()

    assert recording.verbs() == ["check"]
    assert (await connections.read(installation.id)).state == "installed"
    async with access_for(services, connections.admin) as access:
        (task,) = (await list_tasks(access, PageRequest(5))).items
    assert task.state == "open"


async def test_a_member_who_leaves_takes_the_own_installations_along(
    services, connections, recording, ada, admin, owner
):
    await owner.execute("update organisation set settings = '{\"members_may_install\": true}'")
    async with access_for(services, ada) as access:
        own = await install(access, install_request(services, holder=Holder.MEMBER, member_id=ada.member_id))
    await connections.work()
    async with access_for(services, admin) as access:
        await remove_member(access, ada.member_id)
    await connections.work()

    assert recording.held == {}
    assert (await connections.read(own.id)).state == "removed"


@pytest.mark.usefixtures("ada")
async def test_a_done_task_of_a_failed_check_checks_again(services, connections, recording):
    recording.told[Verb.CHECK] = [_rejected]
    installation = await connections.install()
    await connections.work()
    async with access_for(services, connections.admin) as access:
        (task,) = (await list_tasks(access, PageRequest(5))).items
        await complete_manual_task(access, task.id, "The vendor has opened our account.")
    await connections.work()

    assert (await connections.read(installation.id)).state == "active"
    assert len(recording.held) == 2
