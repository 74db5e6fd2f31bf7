"""An upgrade that no longer names a host under which data was sent: a person ends what the integration can't reach."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import access_for
from tests.fakes.recorder import Recorder, recorder
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.host.call import DispatchLimits
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.registry import Registry
from wardship.tenants.declarations import declaration_digest
from wardship.tenants.installation_lifecycle.approval import approve_declaration
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.installation_lifecycle.upgrades import look_after_installations


async def upgrade(connections, old: Recorder, *hosts: str) -> Recorder:
    """Restart with a version that names these hosts; what the vendor holds stays."""
    new = recorder("saas", hosts=hosts)
    new.held = old.held
    registry = Registry.load(())
    registry.register(new, "saas")
    limits = DispatchLimits(network=NetworkPolicy.development())
    dispatcher = Dispatcher(registry, connections.services.clock, limits)
    connections.services = replace(connections.services, integrations=registry, dispatcher=dispatcher)
    await look_after_installations(connections.services)
    return new


@pytest.fixture
def saas(services) -> Recorder:
    made = recorder("saas", hosts=("eu.saas.example", "us.saas.example"))
    services.integrations.register(made, "saas")
    return made


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("hosts", [("eu.saas.example",), ("new.saas.example",)])
async def test_what_is_taken_back_after_a_host_was_dropped_needs_a_person_and_is_never_probed(
    hosts, connections, saas, owner
):
    installation = await connections.connect("saas")
    new = await upgrade(connections, saas, *hosts)
    if hosts == ("new.saas.example",):
        digest = declaration_digest(new.declared, new.plan).hex()
        async with access_for(connections.services, connections.admin) as access:
            await approve_declaration(access, installation.id, digest)
    await connections.work()
    assert (await connections.read(installation.id)).place_id == installation.place_id
    async with access_for(connections.services, connections.admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    assert (await connections.read(installation.id)).state == "revoking"

    told = await connections.complete_all("ok")
    assert all("us.saas.example" in words for words in told)
    assert told
    removed = await connections.read(installation.id)
    assert (removed.state, removed.state_reason) == ("removed", "manual")
    grades = await owner.fetch("select attestation ->> 'level' from obligation where verb in ('erase', 'revoke')")
    assert {row[0] for row in grades} == {"manual"}


@pytest.mark.usefixtures("ada")
async def test_a_host_that_is_added_changes_nothing(connections, saas):
    installation = await connections.connect("saas")
    new = await upgrade(connections, saas, "eu.saas.example", "us.saas.example", "new.saas.example")
    digest = declaration_digest(new.declared, new.plan).hex()
    async with access_for(connections.services, connections.admin) as access:
        await approve_declaration(access, installation.id, digest)
        await uninstall(access, installation.id)
    await connections.work()
    assert (await connections.read(installation.id)).state == "removed"
    assert await connections.complete_all("ok") == []
