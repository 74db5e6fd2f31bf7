"""What was approved when a vendor gave tokens decides where they are renewed and ended, not what a version declares."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from tests.builders import access_for
from tests.fakes.oauth_vendor import KEY, LetIn, open_vendor
from tests.fakes.recorder import Recorder, plan, recorder
from tests.tenants.authorisations.desk import Desk
from tests.tenants.authorisations.test_ending import PROOF, act, revoked
from tests.tenants.installation_lifecycle.conftest import with_registry
from wardship.plugins.api import OAuth
from wardship.tenants.authorisations.clients import NoOAuthError
from wardship.tenants.declarations import declaration_digest
from wardship.tenants.installation_lifecycle.approval import approve_declaration, pending_declarations
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.installation_lifecycle.upgrades import look_after_installations


@pytest.fixture
async def elsewhere(clock):
    """Another authorization server, which has given nothing to anybody."""
    async with open_vendor(clock) as vendor:
        yield vendor


def without_oauth(desk: Desk, **changes: Any) -> Recorder:
    """Return a version that demands no OAuth."""
    kept = desk.plugin.declared
    values = {name: getattr(kept, name) for name in ("name", "receives", "identifiers", "hosts", "deadlines")}
    return recorder(KEY, version="2.0", contract=2, **(values | changes))


def by_server(desk: Desk, oauth: OAuth, *hosts: str) -> LetIn:
    """Return a version that is let in by another declared server."""
    declared = desk.plugin.declared.model_copy(
        update={"version": "2.0", "oauth": oauth, "hosts": (*desk.plugin.declared.hosts, *hosts)}
    )
    return replace(desk.plugin, declared=declared, plan=plan(declared))


async def load(desk: Desk, plugin: Any) -> None:
    """Let the server come back with another version of the package."""
    desk.connections = with_registry(desk.connections, plugin)
    desk.services = desk.connections.services
    await look_after_installations(desk.services)
    await desk.connections.work()


async def approve(desk: Desk) -> None:
    """Approve the version that waits, as the administrator reads it."""
    async with access_for(desk.services, desk.actor()) as access:
        waiting = (await pending_declarations(access, [desk.installation.id]))[desk.installation.id]
        await approve_declaration(access, desk.installation.id, declaration_digest(*waiting).hex())
    await desk.connections.work()


async def test_a_version_that_waits_takes_no_revocation_from_the_host(desk):
    await desk.connect()
    (token,) = set(desk.plugin.tokens)
    waiting = without_oauth(desk)
    await load(desk, waiting)
    await act(desk, uninstall)
    await desk.connections.work()

    assert not desk.vendor.is_accepted(token)
    assert (await revoked(desk))[:2] == ["refresh_token", "access_token"]
    assert tuple(await desk.owner.fetchrow(PROOF)) == ("probed", "credential_refused")
    assert not [call for call in waiting.heard if call.verb == "revoke" and call.argument.everything]
    assert await desk.rows("state, oauth, tokens") == [("ended", None, None)]


async def test_approving_a_version_without_oauth_ends_the_access_where_it_was_given(desk):
    await desk.connect()
    (token,) = set(desk.plugin.tokens)
    approved = without_oauth(desk, hosts=())
    await load(desk, approved)
    assert desk.vendor.is_accepted(token)
    await approve(desk)

    assert not desk.vendor.is_accepted(token)
    assert await desk.rows("state, oauth, tokens") == [("ended", None, None)]
    assert tuple(await desk.owner.fetchrow(PROOF)) == ("probed", "credential_refused")
    assert await desk.state() == "active"
    assert "revoke" not in approved.verbs()


async def test_an_uninstallation_right_after_the_approval_ends_both(desk):
    await desk.connect()
    (token,) = set(desk.plugin.tokens)
    approved = without_oauth(desk)
    await load(desk, approved)
    desk.vendor.answers["/revoke"] = (503, {}, {})
    await approve(desk)
    await act(desk, uninstall)
    await desk.connections.work()
    assert desk.vendor.is_accepted(token)
    assert await desk.state() == "revoking"
    assert await desk.rows("state, tokens is null") == [("ending", False)]

    del desk.vendor.answers["/revoke"]
    await desk.connections.pass_time(hours=2)
    assert not desk.vendor.is_accepted(token)
    assert "revoke" in approved.verbs()
    assert await desk.state() == "removed"
    assert await desk.rows("state, tokens") == [("ended", None)]


async def test_where_no_address_revokes_the_approval_asks_a_person(desk):
    oauth = desk.vendor.declared(revocation_endpoint=None, probe=None)
    declared = desk.plugin.declared.model_copy(
        update={"oauth": oauth, "supports": desk.plugin.declared.supports.model_copy(update={"revoke": "manual"})}
    )
    await load(desk, replace(desk.plugin, declared=declared, plan=plan(declared)))
    await approve(desk)
    await desk.connect()
    await load(desk, without_oauth(desk))
    await approve(desk)
    assert await desk.rows("state, tokens is null") == [("ending", False)]
    (words,) = await desk.connections.complete_all("taken back there")
    assert "Take this deployment's access back in your account of Recorder Ltd" in words
    assert await desk.rows("state, tokens") == [("ended", None)]


async def test_another_server_gets_none_of_what_the_one_before_gave(desk, elsewhere):
    await desk.connect()
    (token,) = set(desk.plugin.tokens)
    await load(desk, by_server(desk, elsewhere.declared(), f"127.0.0.1:{elsewhere.port}"))
    await approve(desk)
    await desk.connections.pass_time(hours=2)
    renewed = desk.vendor.count("/token")
    await act(desk, uninstall)
    await desk.connections.work()

    assert renewed >= 1
    assert elsewhere.seen == []
    assert not desk.vendor.is_accepted(token)
    assert all(consent.is_ended for consent, _ in desk.vendor.refresh.values())
    assert await desk.rows("state, tokens") == [("ended", None)]


async def test_each_consent_is_ended_by_the_server_that_gave_it(desk, elsewhere):
    await desk.connect()
    elsewhere.client_id, elsewhere.client_secret = desk.vendor.client_id, desk.vendor.client_secret
    version = by_server(desk, elsewhere.declared(), f"127.0.0.1:{elsewhere.port}")
    await load(desk, replace(version, vendor=elsewhere))
    await approve(desk)
    first, desk.vendor = desk.vendor, elsewhere
    assert (await desk.connect()).status_code == 200
    await act(desk, uninstall)
    await desk.connections.pass_time(hours=1)

    for vendor in (first, elsewhere):
        assert vendor.refresh
        assert all(consent.is_ended for consent, _ in vendor.refresh.values())


async def test_a_connecting_that_comes_back_after_such_an_approval_is_given_back(desk):
    back = desk.vendor.authorize(await desk.begin())
    await load(desk, without_oauth(desk))
    await approve(desk)
    assert (await desk.come_back(back)).status_code == NoOAuthError.status
    assert desk.vendor.count("/token") == 0
    assert await desk.rows() == []


async def test_what_is_given_while_such_a_version_is_approved_is_given_back(desk):
    back = desk.vendor.authorize(await desk.begin())
    await load(desk, without_oauth(desk))
    desk.vendor.gate, desk.vendor.reached = asyncio.Event(), asyncio.Event()
    coming = asyncio.create_task(desk.come_back(back))
    async with asyncio.timeout(20):
        await desk.vendor.reached.wait()
        await approve(desk)
        desk.vendor.gate.set()
        assert (await coming).status_code == NoOAuthError.status
    assert await desk.rows() == []
    assert all(consent.is_ended for consent, _ in desk.vendor.refresh.values())
