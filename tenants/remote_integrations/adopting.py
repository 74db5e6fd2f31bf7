"""Bring this process's registry up to what the database says of remote integrations: at its start, and as they change.

A process hears of a change at its commit; one that has missed something looks when it hears again. Nothing is asked on
the way of a call.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

import structlog

from wardship.core.actor import PROVIDER_ID, system_actor
from wardship.core.database.engine import DATABASE_FAULTS
from wardship.plugins.host.registry import LoadedIntegration, failed, load_plugin
from wardship.plugins.host.remote import RemotePlugin, read_document
from wardship.plugins.host.reply import Fault
from wardship.tenants.access import Access, Services
from wardship.tenants.remote_integrations.changes import CHANNEL
from wardship.tenants.remote_integrations.read import documents_of
from wardship.tenants.remote_integrations.records import RemoteIntegrationState
from wardship.tenants.remote_integrations.registering import network_of
from wardship.tenants.remote_integrations.secrets import SigningSecret, signing_secrets

_S = RemoteIntegrationState
_PAUSE_S: Final = 5.0
_KNOWN: Final = (
    "select distinct on (integration_key) id, integration_key, state, revision, url from remote_integration"
    " where organisation_id = $1 and is_admitted order by integration_key, state = 'ended', created_at desc, id desc"
)
ABSENCES: Final[Mapping[RemoteIntegrationState, tuple[str, str]]] = {
    _S.DISABLED: (Fault.GONE.value, "its vendor has taken the endpoint away"),
    _S.SUSPENDED: ("remote_suspended", "the provider has suspended it"),
    _S.ENDED: ("remote_ended", "it has ended"),
}
"""By the state of one that can't be used: why, as a code and in words."""
_log = structlog.get_logger(__name__)


async def adopt_remote_integrations(services: Services) -> None:
    """Take up what has changed since this process looked last: at a start, and as a sweep."""
    registry = services.integrations
    async with registry.adopting, services.database.tenant(PROVIDER_ID, read_only=True) as transaction:
        access = Access(system_actor(PROVIDER_ID), transaction, services, "remote_integrations")
        rows = await access.fetch(_KNOWN)
        here = registry.remote_revisions
        for row in rows:
            if here.get(row["integration_key"]) != revision_of(row):
                registry.adopt(await _loaded(access, row), revision_of(row))
        registry.drop_remote(here.keys() - {row["integration_key"] for row in rows})


def revision_of(row: Mapping[str, Any]) -> str:
    """Return by what one revision of a registration is known from all others."""
    return f"{row['id']}:{row['revision']}"


async def _loaded(access: Access, row: Mapping[str, Any]) -> LoadedIntegration:
    key, state = row["integration_key"], _S(row["state"])
    if state in ABSENCES:
        code, words = ABSENCES[state]
        return failed(key, "", words, absence=code)
    text = (await documents_of(access, [row["id"]]))[row["id"]]
    secrets = await signing_secrets(access, row["id"])
    plain_http = network_of(access.services.settings).plain_http
    # Read on a thread: a large document must not hold up every request.
    return await asyncio.to_thread(
        load_plugin, lambda: _plugin(access.services, text, secrets, plain_http=plain_http, url=row["url"]), key, ""
    )


def _plugin(
    services: Services, text: str, secrets: tuple[SigningSecret, ...], *, plain_http: bool, url: str
) -> RemotePlugin:
    document = read_document(text.encode(), plain_http=plain_http)
    return RemotePlugin(document, _valid(services, secrets), declared_in=url)


def _valid(services: Services, secrets: tuple[SigningSecret, ...]) -> Callable[[], tuple[str, ...]]:
    """Return what tells the secrets that sign at the moment: one that is replaced ends by the clock."""
    return lambda: tuple(each.value for each in secrets if each.until is None or each.until > services.clock.now())


@asynccontextmanager
async def following_remote_integrations(services: Services) -> AsyncIterator[None]:
    """Keep the registry of this process up to date for as long as the context lasts."""
    heard = asyncio.Event()
    heard.set()
    end = services.database.notifications.listen(CHANNEL, lambda _: heard.set(), heard.set)
    await adopt_remote_integrations(services)
    task = asyncio.create_task(_follow(services, heard), name="wardship-remote-integrations")
    try:
        yield
    finally:
        end()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _follow(services: Services, heard: asyncio.Event) -> None:
    while True:
        await heard.wait()
        heard.clear()
        try:
            await adopt_remote_integrations(services)
        except DATABASE_FAULTS as error:
            _log.warning("remote_integrations.not_adopted", error=type(error).__name__)
            heard.set()
            await asyncio.sleep(_PAUSE_S)


def is_adopted(services: Services, key: str, remote_id: UUID, revision: int) -> bool:
    """Tell whether this process's registry holds one revision of a registration."""
    held = services.integrations.remote_revisions.get(key)
    return held == revision_of({"id": remote_id, "revision": revision})
