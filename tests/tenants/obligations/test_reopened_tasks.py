"""A task that was ended by mistake is opened again, as long as nothing rests on its end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for, make_group
from tests.connecting import Connections
from tests.fakes.recorder import recorder
from tests.requesting import Firm
from wardship.plugins.api import Holder
from wardship.tenants.groups.change import archive_group, restore_group
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.obligations.by_hand import (
    TaskNotReopenableError,
    complete_manual_task,
    give_up_manual_task,
    reopen_manual_task,
)
from wardship.tenants.paging import PageRequest
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.tasks.tasks import TaskOpenError, TaskState, list_tasks

BY_HAND = {"erase": "manual", "revoke": "manual", "attest": "none"}


@pytest.fixture
async def byhand(services):
    services.integrations.register(plugin := recorder("byhand", supports=BY_HAND), "byhand")
    return plugin


@pytest.fixture
async def erasing(byhand, firm: Firm, services):  # noqa: ARG001 - is connected
    """A firm whose member is erased, by people at the vendor: the right waits for the task."""
    connections = Connections(services, firm.admin)
    await connections.connect("byhand")
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.approve(submitted, RightKind.ERASURE)
    await firm.commit(submitted)
    services.clock.advance(timedelta(days=15))
    await firm.run()
    await connections.work()
    return firm, connections, submitted


async def _task(firm, state=TaskState.OPEN):
    async with firm.access(firm.admin) as access:
        (task,) = (await list_tasks(access, PageRequest(10), states=[state])).items
    return task


async def _do(firm, action, task, words):
    async with firm.access(firm.admin) as access:
        return await action(access, task.id, words)


async def test_task_is_opened_again_and_its_obligation_with_it(erasing, owner):
    firm, connections, submitted = erasing
    task = await _task(firm)
    await _do(firm, complete_manual_task, task, "They confirmed it.")
    assert (
        await owner.fetchval("select state from subject_link where member_id = $1", firm.member.member_id) == "erased"
    )
    opened = await _do(firm, reopen_manual_task, task, "That was about somebody else.")
    assert (opened.state, opened.completed_by, opened.completed_at) == ("open", None, None)
    assert opened.evidence == "They confirmed it.\n\nThat was about somebody else."
    row = await owner.fetchrow("select state, ended_at, attestation from obligation where verb = 'erase'")
    assert tuple(row) == ("manual", None, None)
    assert (
        await owner.fetchval("select state from subject_link where member_id = $1", firm.member.member_id)
        == "restricted"
    )
    await firm.run()
    await connections.work()
    assert (await firm.states(submitted))[RightKind.ERASURE] is RightState.AWAITING_VENDORS
    await _do(firm, complete_manual_task, task, "Now it is really gone.")
    await firm.run()
    assert (await firm.states(submitted))[RightKind.ERASURE] is RightState.FULFILLED


async def test_what_was_given_up_is_taken_up_again(erasing, services, owner):
    firm, _, _ = erasing
    task = await _task(firm)
    services.clock.advance(timedelta(days=60))
    await _do(firm, give_up_manual_task, task, "Nobody answers.")
    assert (
        await owner.fetchval("select state from subject_link where member_id = $1", firm.member.member_id) == "shared"
    )
    opened = await _do(firm, reopen_manual_task, task, "They answer after all.")
    assert opened.state == "open"
    assert await owner.fetchval("select ended_at from obligation where verb = 'erase'") is None


async def test_given_up_erasure_is_fulfilled_in_part_only(erasing, services):
    firm, _, submitted = erasing
    services.clock.advance(timedelta(days=60))
    await _do(firm, give_up_manual_task, await _task(firm), "Nobody answers.")
    await firm.run()
    right = await firm.right(submitted, RightKind.ERASURE)
    assert (right.state, "given_up" in right.outcome) == (RightState.PARTIALLY_FULFILLED, True)


async def test_task_whose_request_has_ended_stays_ended(erasing, owner):
    firm, _, _ = erasing
    task = await _task(firm)
    await _do(firm, complete_manual_task, task, "They confirmed it.")
    await firm.run()
    with pytest.raises(TaskNotReopenableError, match="request has ended"):
        await _do(firm, reopen_manual_task, task, "No.")
    assert await owner.fetchval("select state from manual_task") == "done"


async def test_open_task_and_task_that_ended_with_its_obligation_are_not_reopened(erasing):
    firm, _, _ = erasing
    with pytest.raises(TaskOpenError):
        await _do(firm, reopen_manual_task, await _task(firm), "No.")


@pytest.mark.usefixtures("byhand", "ada")
async def test_task_of_an_installation_that_is_removed_stays_ended(services, connections, admin, owner):
    installation = await connections.connect("byhand")
    async with access_for(services, admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    await connections.complete_all("They confirmed it.")
    assert (await connections.read(installation.id)).state == "removed"
    task_id = await owner.fetchval("select id from manual_task limit 1")
    with pytest.raises(TaskNotReopenableError, match="removed"):
        async with access_for(services, admin) as access:
            await reopen_manual_task(access, task_id, "No.")


async def test_restored_group_shares_again(services, database, acme, connections, recording, admin, ada):
    group = await make_group(database, acme, "Team", ada)
    await connections.connect("recorder", holder=Holder.GROUP, group_id=group)
    assert [record.text("first_name") for record in recording.held.values()] == ["Ada"]
    async with access_for(services, admin) as access:
        await archive_group(access, group)
    await connections.work()
    assert recording.held == {}
    async with access_for(services, admin) as access:
        await restore_group(access, group)
    await connections.work()
    assert [record.text("first_name") for record in recording.held.values()] == ["Ada"]
