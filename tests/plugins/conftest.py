"""Fixtures for the contract and its host: a strict vendor, a real DAV server, and a dispatcher that may reach them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes import vendor_plugin
from tests.fakes.vendor import Vendor, running_vendor
from tests.fixed_clock import FixedClock
from tests.installed import installed_integrations
from wardship.app.demo.radicale_server import RadicaleServer, radicale_server
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.host.call import DispatchLimits, Installed
from wardship.plugins.host.client import ClientLimits
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.registry import Registry

LIMITS = DispatchLimits(
    network=NetworkPolicy.development(), client=ClientLimits(request_s=5, pause_s=0.01), timeout_s=5
)


@pytest.fixture(scope="session")
def _vendor_process() -> Iterator[Vendor]:
    with running_vendor() as running:
        yield running


@pytest.fixture
def vendor(_vendor_process: Vendor) -> Vendor:
    _vendor_process.reset()
    return _vendor_process


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RadicaleServer]:
    with radicale_server(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture
def registry() -> Registry:
    return installed_integrations(vendor_plugin)


@pytest.fixture
def dispatcher(registry: Registry, clock: FixedClock) -> Iterator[Dispatcher]:
    dispatcher = Dispatcher(registry, clock, LIMITS)
    yield dispatcher
    dispatcher.close()


@pytest.fixture
def installed(vendor: Vendor) -> Installed:
    return Installed(
        id="installation-1",
        integration=vendor_plugin.KEY,
        public_settings=vendor.public_settings,
        secrets=vendor.secrets,
    )
