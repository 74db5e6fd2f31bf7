"""Who connected something alone sees what is owed there and ends it, in whatever state the membership is."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_member, system_access
from tests.connecting import Connections, install_request
from tests.fakes.recorder import recorder
from wardship.core.errors import NotFoundError, PermissionDeniedError
from wardship.plugins.api import Holder
from wardship.tenants.installation_lifecycle.install import install
from wardship.tenants.installation_lifecycle.lifecycle import pause, resume, uninstall, update_settings
from wardship.tenants.installations.read import list_installations
from wardship.tenants.installations.states import degrade
from wardship.tenants.members.membership import deactivate_member, remove_member
from wardship.tenants.obligations.by_hand import complete_manual_task, give_up_manual_task
from wardship.tenants.obligations.read import list_obligations, obligations_by_ids
from wardship.tenants.paging import PageRequest
from wardship.tenants.tasks.tasks import TaskNotDueError, TaskState, list_tasks, tasks_by_ids, tasks_of

PAGE = PageRequest(20)


def _former(person):
    return person.actor(roles=frozenset())


@pytest.fixture
async def own(services, connections: Connections, ada):
    """Ada's own installation of an integration whose erasures people carry out."""
    plugin = recorder("byhand", supports={"erase": "manual", "revoke": "manual", "attest": "none"})
    services.integrations.register(plugin, "byhand")
    return await connections.connect("byhand", holder=Holder.MEMBER, member_id=ada.member_id)


async def _open_tasks(services, who):
    async with access_for(services, who) as access:
        return (await list_tasks(access, PAGE, states=[TaskState.OPEN])).items


async def test_member_sees_and_completes_the_tasks_of_the_own_installation(own, services, connections, ada):
    async with access_for(services, ada) as access:
        await uninstall(access, own.id)
    await connections.work()
    tasks = await _open_tasks(services, ada)
    assert tasks
    async with access_for(services, ada) as access:
        owed = (await list_obligations(access, PAGE)).items
        assert {task.obligation_id for task in tasks} <= {each.id for each in owed}
        assert set(await tasks_of(access, [each.id for each in owed])) >= {task.obligation_id for task in tasks}
        assert set(await obligations_by_ids(access, [task.obligation_id for task in tasks]))
        for task in tasks:
            await complete_manual_task(access, task.id, "I deleted my entry there.")
    await connections.work()
    assert (await connections.read(own.id)).state == "removed"


async def test_nobody_else_without_the_role_sees_or_ends_them(own, services, connections, ada, database, acme):
    bob = await make_member(database, acme)
    async with access_for(services, ada) as access:
        await uninstall(access, own.id)
    await connections.work()
    (task, *_) = await _open_tasks(services, ada)
    assert await _open_tasks(services, bob) == []
    async with access_for(services, bob) as access:
        assert (await list_obligations(access, PAGE)).items == []
        assert await tasks_by_ids(access, [task.id]) == {}
        assert await obligations_by_ids(access, [task.obligation_id]) == {}
        with pytest.raises(NotFoundError):
            await complete_manual_task(access, task.id, "done")


@pytest.mark.parametrize("end", [deactivate_member, remove_member])
async def test_former_member_still_ends_what_is_owed_at_the_own_installation(
    end, own, services, connections, ada, admin
):
    async with access_for(services, admin) as access:
        await end(access, ada.member_id)
    await connections.work()
    if end is deactivate_member:
        async with access_for(services, _former(ada)) as access:
            await uninstall(access, own.id)
        await connections.work()
    async with access_for(services, _former(ada)) as access:
        assert [item.state for item in (await list_installations(access, PAGE)).items] == ["revoking"]
        await update_settings(access, own.id, {})
    await connections.work()
    for task in await _open_tasks(services, _former(ada)):
        async with access_for(services, _former(ada)) as access:
            await complete_manual_task(access, task.id, "I deleted my entry there.")
    await connections.work()
    assert (await connections.read(own.id)).state == "removed"


async def test_suspended_member_takes_back_but_shares_nothing_new(own, services, ada, admin):
    async with access_for(services, admin) as access:
        await deactivate_member(access, ada.member_id)
    async with access_for(services, _former(ada)) as access:
        await pause(access, own.id)
        with pytest.raises(PermissionDeniedError):
            await resume(access, own.id)
        with pytest.raises(PermissionDeniedError):
            await update_settings(access, own.id, {})
        with pytest.raises(PermissionDeniedError):
            await install(access, _request(services, ada))


def _request(services, person):
    return install_request(services, "byhand", holder=Holder.MEMBER, member_id=person.member_id)


async def test_task_that_nobody_can_do_is_given_up_when_due_and_the_installation_ends_unproven(
    own, services, connections, ada, admin, clock
):
    async with access_for(services, admin) as access:
        await remove_member(access, ada.member_id)
    await connections.work()
    (task, *_) = await _open_tasks(services, admin)
    async with access_for(services, admin) as access:
        with pytest.raises(TaskNotDueError):
            await give_up_manual_task(access, task.id, "The account there was hers alone.")
        assert (await tasks_by_ids(access, [task.id]))[task.id].state == "open"
    await connections.pass_time(days=400)
    assert (await connections.read(own.id)).state == "revocation_overdue"
    while tasks := await _open_tasks(services, admin):
        async with access_for(services, admin.actor(at=clock.now())) as access:
            for task in tasks:
                await give_up_manual_task(access, task.id, "The account there was hers alone.")
        await connections.work()
    ended = await connections.read(own.id)
    assert (ended.state, ended.state_reason) == ("removed", "unverifiable")


async def test_member_is_told_that_the_own_installation_fails_and_what_is_left_to_do(
    own, services, connections, ada, acme
):
    async with system_access(services, acme) as access:
        await degrade(access, own.id, "unavailable")
    async with access_for(services, ada) as access:
        await uninstall(access, own.id)
    await connections.work()
    found = await _told(services, ada)
    assert "own_installation_fails" in found
    assert "own_task" in found


async def _told(services, person) -> set[str]:
    async with services.database.tenant(person.organisation_id) as transaction:
        rows = await transaction.fetch(
            "select kind from notice where organisation_id = $1 and member_id = $2",
            person.organisation_id,
            person.member_id,
        )
    return {row["kind"] for row in rows}


async def test_nobody_is_told_so_of_what_the_organisation_connected(services, connections, ada):
    plugin = recorder("shared", supports={"erase": "manual", "revoke": "manual", "attest": "none"})
    services.integrations.register(plugin, "shared")
    installation = await connections.connect("shared")
    async with access_for(services, connections.admin) as access:
        await degrade(access, installation.id, "unavailable")
    assert not await _told(services, ada) & {"own_installation_fails", "own_task"}
