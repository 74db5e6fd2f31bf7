"""Every process learns of remote integrations: at its start, and as they change, by what the database says."""

from __future__ import annotations

import asyncio

import pytest

from wardship.app.demo.letters import KEY
from wardship.plugins.host.registry import LoadState, Registry
from wardship.tenants.access import Services
from wardship.tenants.remote_integrations.adopting import following_remote_integrations
from wardship.tenants.remote_integrations.registering import rotate_signing_secret

pytestmark = pytest.mark.anyio


@pytest.fixture
def other(services: Services) -> Services:
    """Another process on the same database, which has its own registry."""
    return Services(
        services.settings,
        services.database,
        services.clock,
        services.keys,
        Registry(),
        services.dispatcher,
        services.nouns,
    )


async def until(is_so) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 - what is awaited comes from the database
            await asyncio.sleep(0.005)


async def test_a_process_takes_up_at_its_start_what_there_is(remote, other):
    assert remote.state == "active"
    async with following_remote_integrations(other):
        assert other.integrations.require(KEY).manifest.name == "Letters"


async def test_a_process_hears_of_one_that_is_let_in_suspended_and_changed(provider, server, other):
    issued = await provider.register(server.document_url)
    async with following_remote_integrations(other):
        assert other.integrations.get(KEY).state is LoadState.LOAD_FAILED
        await provider.let_in(issued.remote.id)
        await until(lambda: other.integrations.get(KEY).state is LoadState.LOADED)
        before = other.integrations.remote_revisions[KEY]
        async with provider.vendor() as access:
            await rotate_signing_secret(access, issued.remote.id)
        await until(lambda: other.integrations.remote_revisions[KEY] != before)
        await provider.suspend(issued.remote.id)
        await until(lambda: other.integrations.get(KEY).absence == "remote_suspended")
    assert other.integrations.get(KEY).reason == "the provider has suspended it"
