"""What a new version of an integration, or its absence, does to what is installed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import access_for
from tests.fakes.recorder import RECEIVES, manifest, plan, recorder
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import Receives, TemporarilyUnavailable, Verb
from wardship.plugins.host.call import DispatchLimits
from wardship.plugins.host.differences import Effect
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.registry import Registry
from wardship.tenants.access import Services
from wardship.tenants.declarations import StaleDeclarationError, declaration_digest
from wardship.tenants.grants.change import grant_category
from wardship.tenants.grants.granting import Grantable, UndeclaredGrantError, grants_of
from wardship.tenants.installation_lifecycle.approval import (
    NothingToApproveError,
    approve_declaration,
    differences,
    pending_declarations,
)
from wardship.tenants.installation_lifecycle.lifecycle import pause
from wardship.tenants.installation_lifecycle.upgrades import look_after_installations
from wardship.tenants.installations.records import find_installations
from wardship.tenants.obligations.enqueue import bring_holders_in_line
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.paging import PageRequest
from wardship.tenants.tasks.tasks import list_tasks


def _unavailable(_):
    raise TemporarilyUnavailable("down")


def with_registry(services, *plugins) -> Services:
    """Return the deployment after a restart with other packages."""
    registry = Registry.load(())
    for plugin in plugins:
        registry.register(plugin, plugin.declared.key)
    dispatcher = Dispatcher(registry, services.clock, DispatchLimits(network=NetworkPolicy.development()))
    return replace(services, integrations=registry, dispatcher=dispatcher)


async def test_a_package_that_disappears_leaves_tasks_and_shows(services, connections, recording, ada, owner):
    installation = await connections.connect()
    recording.always[Verb.ERASE] = _unavailable
    async with access_for(services, connections.admin) as access:
        (identifier,) = await enqueue_for_member(access, ada.member_id, Verb.ERASE)
    await connections.work()
    without = with_registry(services)
    await look_after_installations(without)

    gone = await connections.read(installation.id)
    assert (gone.state, gone.state_reason) == ("load_failed", "not_loaded")
    assert await owner.fetchval("select state from obligation where id = $1", identifier) == "manual"
    async with access_for(services, connections.admin) as access:
        (task,) = (await list_tasks(access, PageRequest(5))).items
    assert task.obligation_id == identifier

    await look_after_installations(services)
    await connections.work()
    assert (await connections.read(installation.id)).state == "active"
    without.dispatcher.close()


@pytest.mark.usefixtures("recording")
async def test_what_becomes_due_while_the_package_is_gone_becomes_a_task(services, connections, ada, owner):
    installation = await connections.connect()
    without = with_registry(services)
    lost = replace(connections, services=without)
    async with access_for(services, connections.admin) as access:
        await bring_in_line(access, [ada.member_id])
        await enqueue_for_member(access, ada.member_id, Verb.EXPORT)
    await lost.work()

    states = await owner.fetch(
        "select verb, state, outcome ->> 'code' as code from obligation where outcome ->> 'code' = 'not_loaded'"
    )
    assert {(row["verb"], row["state"]) for row in states} == {("share", "cancelled"), ("export", "manual")}
    assert (await connections.read(installation.id)).state == "load_failed"
    without.dispatcher.close()


@pytest.mark.usefixtures("recording", "owner")
async def test_a_wider_declaration_waits_and_shares_under_the_old_one(services, connections, ada):
    installation = await connections.connect()
    phone = Receives(
        category="user.job_title",
        fields=("job_title",),
        purpose="marketing",
        legal_basis="legitimate_interest",
        retention_days=0,
    )
    wider = recorder(version="2.0", receives=(*RECEIVES, phone))
    upgraded = with_registry(services, wider)
    await look_after_installations(upgraded)
    waiting = await connections.read(installation.id)
    assert (waiting.state, waiting.integration_version, waiting.has_pending_declaration) == (
        "needs_approval",
        "1.0",
        True,
    )
    after = replace(connections, services=upgraded)
    async with access_for(upgraded, connections.admin) as access:
        await bring_in_line(access, [ada.member_id])
        with pytest.raises(UndeclaredGrantError):
            await grant_category(access, installation.id, Grantable("user.job_title", "marketing"))
    await after.work()
    assert wider.received_fields() == [{"first_name", "last_name", "email", "phone"}]

    async with access_for(upgraded, connections.admin) as access:
        pending = (await pending_declarations(access, [installation.id]))[installation.id]
        assert [(each.what, each.effect) for each in differences(waiting, *pending)] == [
            ("Job title", Effect.WIDER),
            ("Version", Effect.OTHER),
        ]
        with pytest.raises(StaleDeclarationError):
            await approve_declaration(access, installation.id, waiting.declaration_digest.hex())
        approved = await approve_declaration(access, installation.id, declaration_digest(*pending).hex())
        assert (approved.state, approved.integration_version) == ("active", "2.0")
        with pytest.raises(NothingToApproveError):
            await approve_declaration(access, installation.id, declaration_digest(*pending).hex())
        await grant_category(access, installation.id, Grantable("user.job_title", "marketing"))
    upgraded.dispatcher.close()


@pytest.mark.usefixtures("recording", "ada")
async def test_a_narrower_declaration_applies_at_once_and_takes_back(services, connections):
    installation = await connections.connect()
    narrower = recorder(version="2.0", receives=RECEIVES[:1], identifiers=())
    upgraded = with_registry(services, narrower)
    await look_after_installations(upgraded)
    await replace(connections, services=upgraded).work()

    present = await connections.read(installation.id)
    assert (present.state, present.integration_version) == ("active", "2.0")
    async with access_for(upgraded, connections.admin) as access:
        grants = (await grants_of(access, [installation.id]))[installation.id]
    assert [(grant.category, grant.purpose) for grant in grants] == [("user.name", "functional.service")]
    assert {"first_name", "last_name"} in narrower.received_fields()
    assert not any({"email", "phone"} & fields for fields in narrower.received_fields())
    upgraded.dispatcher.close()


def test_the_digest_names_exactly_one_declaration():
    first, second = manifest(), manifest(version="1.1")

    assert declaration_digest(first, plan(first)) == declaration_digest(manifest(), plan(manifest()))
    assert declaration_digest(first, plan(first)) != declaration_digest(second, plan(second))


@pytest.mark.usefixtures("recording", "ada")
async def test_a_pause_outlasts_the_absence_of_the_package(services, connections):
    installation = await connections.connect()
    async with access_for(services, connections.admin) as access:
        await pause(access, installation.id)
    without = with_registry(services)
    await look_after_installations(without)
    await look_after_installations(services)
    await connections.work()

    assert (await connections.read(installation.id)).state == "paused"
    without.dispatcher.close()


@pytest.mark.usefixtures("recording", "ada")
async def test_what_a_waiting_upgrade_no_longer_takes_is_not_offered_to_it(services, connections):
    installation = await connections.connect()
    renamed = (
        RECEIVES[0].model_copy(update={"fields": ("first_name",)}),
        RECEIVES[1].model_copy(update={"fields": ("email", "company")}),
    )
    upgraded = with_registry(services, other := recorder(version="2.0", receives=renamed, identifiers=()))
    await look_after_installations(upgraded)
    after = replace(connections, services=upgraded)
    async with access_for(upgraded, connections.admin) as access:
        await bring_holders_in_line(access, await _record(access, installation.id))
    await after.work()

    assert {"first_name", "email"} in other.received_fields()
    assert (await connections.read(installation.id)).state == "needs_approval"
    upgraded.dispatcher.close()


async def _record(access, installation_id):
    return (await find_installations(access, [installation_id]))[installation_id]
