"""An organisation of seven, of whom something can be held, and a deployment that starts again with other packages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

import pytest

from tests.builders import make_member
from tests.connecting import Connections
from tests.fakes.recorder import Recorder
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.host.call import DispatchLimits
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.registry import Registry
from wardship.tenants.installation_lifecycle.upgrades import look_after_installations
from wardship.tenants.installations.paces import PlaceBreakers, PlacePaces


@pytest.fixture
async def seven(database, acme, admin, ada):  # noqa: ARG001 - two of them
    for number in range(5):
        await make_member(database, acme, first_name=f"Nr {number}", email=f"nr{number}@example.org")


@pytest.fixture
def restart(connections) -> Iterator[Callable[..., Awaitable[Connections]]]:
    """Start the deployment again with these packages and no others; returns an administrator's hands on it."""
    started = []

    async def with_packages(*plugins: Recorder) -> Connections:
        after = with_registry(connections, *plugins)
        started.append(after.services.dispatcher)
        await look_after_installations(after.services)
        return after

    yield with_packages
    for dispatcher in started:
        dispatcher.close()


def with_registry(connections: Connections, *plugins: Recorder) -> Connections:
    services = connections.services
    registry = Registry.load(())
    for plugin in plugins:
        registry.register(plugin, plugin.declared.key)
    limits = DispatchLimits(
        network=NetworkPolicy.development(),
        paces=PlacePaces(services.database),
        breakers=PlaceBreakers(services.database),
    )
    dispatcher = Dispatcher(registry, services.clock, limits)
    return replace(connections, services=replace(services, integrations=registry, dispatcher=dispatcher))
