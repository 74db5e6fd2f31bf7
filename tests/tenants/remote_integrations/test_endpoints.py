"""An endpoint that is gone, suspended or ended is sent nothing: what is owed goes to people, until it is back."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_member
from tests.tenants.operating import operating
from tests.tenants.remote_integrations.providing import seen
from wardship.app.demo.letters import KEY, Answer
from wardship.plugins.api import Verb
from wardship.plugins.host.registry import IntegrationUnavailableError
from wardship.tenants.installations.endpoints import endpoints_of_installations
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.paging import PageRequest
from wardship.tenants.remote_integrations.deciding import (
    approve_remote_integration,
    end_remote_integration,
    suspend_remote_integration,
)
from wardship.tenants.remote_integrations.records import RemoteIntegrationStateError
from wardship.tenants.tasks.tasks import list_tasks

pytestmark = pytest.mark.anyio
OPEN = "select verb, state, outcome::jsonb ->> 'code' as code from obligation where verb = $1 order by submitted_at"


async def owe(services, admin, member, verb=Verb.ERASE):
    async with access_for(services, admin) as access:
        (obligation_id,) = await enqueue_for_member(access, member.member_id, verb)
    return obligation_id


async def endpoint(services, admin, installation):
    async with access_for(services, admin) as access:
        found = await endpoints_of_installations(access, [installation.id])
    shown = found[installation.id]
    return shown.state.value, shown.since


async def tasks(services, admin) -> int:
    async with access_for(services, admin) as access:
        return len((await list_tasks(access, PageRequest(50))).items)


def answering(server, monkeypatch, status: int, body=None) -> None:
    monkeypatch.setattr(server.vendor, "take", lambda *_: Answer(status, body))


async def test_an_endpoint_that_is_gone_is_sent_nothing_more_and_people_take_over(
    provider, remote, installation, services, admin, ada, connections, server, owner, monkeypatch, clock
):
    assert await endpoint(services, admin, installation) == ("ready", remote.state_since)
    answering(server, monkeypatch, 410)
    await owe(services, admin, ada)
    await connections.work()
    assert [tuple(row) for row in await owner.fetch(OPEN, "erase")] == [("erase", "manual", "gone")]
    assert (await provider.read(remote.id)).state == "disabled"
    assert await endpoint(services, admin, installation) == ("gone", clock.now())
    await provider.sweep()
    found = await connections.read(installation.id)
    assert (found.state, found.state_reason) == ("load_failed", "gone")
    assert "taken its endpoint away" in found.problem
    with pytest.raises(IntegrationUnavailableError):
        services.integrations.require(KEY)
    heard = []
    monkeypatch.setattr(server.vendor, "take", lambda *_: heard.append(1) or Answer(204))
    await owe(services, admin, ada, Verb.EXPORT)
    await connections.pass_time(days=3)
    assert (heard, await tasks(services, admin)) == ([], 2)


async def test_a_share_that_meets_410_is_no_task_and_is_made_again_when_the_endpoint_is_back(
    provider, remote, installation, services, acme, database, connections, server, owner, monkeypatch
):
    with monkeypatch.context() as gone:
        answering(server, gone, 410)
        bob = await make_member(database, acme, name="Bob", email="bob@example.org", first_name="Bob")
        async with access_for(services, connections.admin) as access:
            await bring_in_line(access, [bob.member_id])
        await connections.work()
        await provider.sweep()
        rows = [tuple(row) for row in await owner.fetch(OPEN, "share")]
        assert ("share", "cancelled", "gone") in rows
        still = await provider.check(remote.id)
        assert (still.state, "still gone" in still.fault) == ("disabled", True)
    back = await provider.check(remote.id)
    assert (back.state, back.fault) == ("active", "")
    await connections.work()
    assert (await connections.read(installation.id)).state == "active"
    assert "bob@example.org" in {held.get("email") for held in server.vendor.held.values()}


async def test_only_its_vendors_check_brings_an_endpoint_back(
    provider, remote, installation, services, admin, ada, connections, server, monkeypatch, clock
):
    with monkeypatch.context() as gone:
        answering(server, gone, 410)
        await owe(services, admin, ada)
        await connections.work()
    with pytest.raises(RemoteIntegrationStateError):
        async with operating(services) as access:
            await approve_remote_integration(access, remote.id, await seen(access, remote.id))
    await connections.pass_time(days=3)
    await provider.sweep()
    assert ((await provider.read(remote.id)).state, clock.now() > remote.created_at) == ("disabled", True)
    assert (await connections.read(installation.id)).state == "load_failed"


@pytest.mark.parametrize(("status", "is_back"), [(500, False), (401, False), (404, True), (410, False)])
async def test_an_endpoint_is_back_when_it_answers_as_one_that_is_there(
    provider, remote, installation, services, admin, ada, connections, server, monkeypatch, status, is_back
):
    assert installation.state == "active"
    with monkeypatch.context() as gone:
        answering(server, gone, 410)
        await owe(services, admin, ada)
        await connections.work()
    answering(server, monkeypatch, status, {"detail": "no such workspace"})
    found = await provider.check(remote.id)
    assert (found.state == "active", bool(found.fault)) == (is_back, not is_back)


@pytest.mark.parametrize(
    ("act", "state", "reason"), [("suspend", "suspended", "remote_suspended"), ("end", "ended", "remote_ended")]
)
async def test_what_is_suspended_or_ended_is_as_a_package_that_is_gone(
    provider, remote, installation, services, admin, ada, connections, server, owner, act, state, reason
):
    await owe(services, admin, ada)
    if act == "suspend":
        await provider.suspend(remote.id)
    else:
        async with provider.vendor() as access:
            await end_remote_integration(access, remote.id)
        await provider.sweep()
    before = len(server.vendor.heard)
    await connections.work()
    found = await connections.read(installation.id)
    assert (found.state, found.state_reason, found.problem != "") == ("load_failed", reason, True)
    assert [row["state"] for row in await owner.fetch(OPEN, "erase")] == ["manual"]
    assert (await endpoint(services, admin, installation))[0] == state
    assert (len(server.vendor.heard), await tasks(services, admin)) == (before, 1)


async def test_one_that_is_let_in_again_shares_again(provider, remote, installation, connections, server, services):
    await provider.suspend(remote.id)
    await connections.work()
    assert (await connections.read(installation.id)).state == "load_failed"
    await provider.let_in(remote.id)
    await connections.work()
    assert (await connections.read(installation.id)).state == "active"
    assert services.integrations.require(KEY).form == "remote"
    assert server.vendor.held


async def test_an_endpoint_that_fails_is_shown_failing_since_it_began(
    installation, services, admin, ada, connections, server, monkeypatch, clock
):
    began = clock.now()
    with monkeypatch.context() as away:
        answering(server, away, 500)
        await owe(services, admin, ada)
        await connections.work()
        await connections.pass_time(hours=2)
        found = await connections.read(installation.id)
        assert await endpoint(services, admin, found) == ("failing", began)
    server.vendor.takes_time = False
    await connections.pass_time(hours=2)
    found = await connections.read(installation.id)
    assert (await endpoint(services, admin, found))[0] == "ready"


async def test_a_late_410_of_one_that_is_suspended_changes_nothing(
    provider, remote, installation, services, admin, ada, connections, monkeypatch, server
):
    answering(server, monkeypatch, 410)
    await owe(services, admin, ada)
    async with operating(services) as access:
        await suspend_remote_integration(access, remote.id)
    await connections.work()
    assert (await provider.read(remote.id)).state == "suspended"
    assert (await endpoint(services, admin, installation))[0] == "suspended"


async def test_a_package_has_no_endpoint(services, admin, connections):
    installation = await connections.connect("recorder")
    async with access_for(services, admin) as access:
        assert await endpoints_of_installations(access, [installation.id]) == {}
