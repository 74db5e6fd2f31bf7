"""Every process learns of remote integrations: at its start, and as they change, by what the database says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from wardship.app.demo import letters
from wardship.app.demo.letters import KEY
from wardship.core.database.database import Database
from wardship.core.database.notifications import APPLICATION_NAME
from wardship.plugins.host.registry import LoadState, Registry
from wardship.tenants.access import Services
from wardship.tenants.remote_integrations import adopting
from wardship.tenants.remote_integrations.adopting import following_remote_integrations
from wardship.tenants.remote_integrations.deciding import end_remote_integration
from wardship.tenants.remote_integrations.registering import (
    check_remote_integration,
    register_remote_integration,
    rotate_signing_secret,
)

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


@asynccontextmanager
async def deaf(database: Database, owner) -> AsyncIterator[None]:
    """Take the connection away that listens, and let none come in its place until the context ends."""
    notifications = database.notifications
    await until(lambda: notifications.is_listening)
    arguments = notifications._arguments

    def refuse() -> dict[str, object]:
        raise ConnectionRefusedError

    notifications._arguments = refuse
    killed = "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = $1"
    assert await owner.fetchval(f"{killed} and datname = current_database()", APPLICATION_NAME) == 1
    await until(lambda: not notifications.is_listening)
    try:
        yield
    finally:
        notifications._arguments = arguments


async def test_a_process_that_was_deaf_while_one_was_let_in_knows_it_afterwards(
    provider, server, other, database, owner
):
    async with following_remote_integrations(other):
        async with deaf(database, owner):
            issued = await provider.register(server.document_url)
            await provider.let_in(issued.remote.id)
            assert KEY not in other.integrations.remote_revisions
        await until(lambda: other.integrations.get(KEY).state is LoadState.LOADED)


async def test_a_process_that_was_deaf_while_one_was_suspended_sends_it_nothing_afterwards(
    provider, remote, other, database, owner
):
    async with following_remote_integrations(other):
        async with deaf(database, owner):
            await provider.suspend(remote.id)
            assert other.integrations.require(KEY).manifest.name == "Letters"
        await until(lambda: other.integrations.get(KEY).absence == "remote_suspended")


async def test_a_process_that_was_deaf_while_one_ended_sends_it_nothing_afterwards(
    provider, remote, other, database, owner
):
    async with following_remote_integrations(other):
        async with deaf(database, owner), provider.vendor() as access:
            await end_remote_integration(access, remote.id)
        await until(lambda: other.integrations.get(KEY).absence == "remote_ended")


async def test_a_process_that_was_deaf_while_one_declared_otherwise_uses_the_new_document_afterwards(
    provider, remote, other, database, owner, monkeypatch
):
    async with following_remote_integrations(other):
        async with deaf(database, owner):
            monkeypatch.setattr(letters, "_MANIFEST", letters._MANIFEST | {"version": "1.1.0"})
            await provider.check(remote.id)
            assert other.integrations.require(KEY).manifest.version == "1.0.0"
        await until(lambda: other.integrations.require(KEY).manifest.version == "1.1.0")


async def test_a_process_that_was_deaf_while_a_secret_was_replaced_signs_by_the_new_one_afterwards(
    provider, remote, other, database, owner
):
    async with following_remote_integrations(other):
        before = other.integrations.remote_revisions[KEY]
        async with deaf(database, owner), provider.vendor() as access:
            await rotate_signing_secret(access, remote.id)
        await until(lambda: other.integrations.remote_revisions[KEY] != before)


async def test_a_process_that_met_a_database_that_was_away_looks_again(provider, remote, other, monkeypatch):
    adopt, failures = adopting.adopt_remote_integrations, [ConnectionResetError, ConnectionResetError]

    async def failing(services: Services) -> None:
        if services is other and failures:
            raise failures.pop()
        await adopt(services)

    monkeypatch.setattr(adopting, "_PAUSE_S", 0.01)
    async with following_remote_integrations(other):
        monkeypatch.setattr(adopting, "adopt_remote_integrations", failing)
        await provider.suspend(remote.id)
        await until(lambda: other.integrations.get(KEY).absence == "remote_suspended")
    assert failures == []


async def test_the_worker_is_woken_by_what_it_is_to_look_after(provider, server, database):
    heard: list[str] = []
    end = database.notifications.listen("wardship_sweeps", heard.append, lambda: None)
    await until(lambda: database.notifications.is_listening)
    async with provider.vendor() as access:
        issued = await register_remote_integration(access, server.document_url)
    await until(lambda: len(heard) == 1)
    async with provider.vendor() as access:
        await check_remote_integration(access, issued.remote.id)
    await until(lambda: len(heard) == 2)
    async with provider.vendor() as access:
        await rotate_signing_secret(access, issued.remote.id)
    await until(lambda: len(heard) == 3)
    end()
