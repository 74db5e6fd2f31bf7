"""Fixtures for both DAV integrations: each test of them runs for the address book and for the calendar."""

from __future__ import annotations

import itertools

import pytest

from tests.plugins.dav.bench import COLLECTION, Bench
from wardship.app.demo.radicale_server import RadicaleServer
from wardship.plugins.host.call import Installed
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.registry import LoadedIntegration

_numbers = itertools.count(1)


@pytest.fixture(params=["address_book", "calendar"])
def bench(request: pytest.FixtureRequest, radicale: RadicaleServer, dispatcher: Dispatcher) -> Bench:
    number = next(_numbers)
    url = radicale.create(COLLECTION[request.param], f"{request.param}-{number}")
    installed = Installed(
        id=f"installation-{number}",
        integration=request.param,
        public_settings={"collection_url": url, "username": radicale.username, "server_country": "DE"},
        secrets={"password": radicale.password},
    )
    return Bench(request.param, radicale, dispatcher, installed, url.removeprefix(radicale.url))


@pytest.fixture
def loaded(bench: Bench) -> LoadedIntegration:
    return bench.dispatcher._registry.require(bench.key)
