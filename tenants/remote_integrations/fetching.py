"""Fetch the documents whose time has come, and take up what they declare: a sweep.

Nothing is fetched within a transaction: each is given to one worker for a while, and written when it was looked at.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from wardship.core.actor import PROVIDER_ID, system_actor
from wardship.core.database.engine import Transaction
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import IntegrationError
from wardship.plugins.host.client import ClientLimits, GuardedClient, Reach
from wardship.plugins.host.remote import LARGEST_DOCUMENT, place_of
from wardship.tenants.access import Access, Services
from wardship.tenants.remote_integrations.judging import Judged, read_fit_document
from wardship.tenants.remote_integrations.probing import fault_of_endpoint
from wardship.tenants.remote_integrations.records import COLUMNS, RemoteIntegrationRecord, RemoteIntegrationState
from wardship.tenants.remote_integrations.registering import network_of
from wardship.tenants.remote_integrations.secrets import forget_secrets
from wardship.tenants.remote_integrations.taking_up import take_up

FETCH_S: Final = 10.0
_LEASE: Final = timedelta(minutes=2)
_AT_ONCE: Final = 10
_OK: Final = 200
_LEASED: Final = (
    "update remote_integration r set fetch_at = $2::timestamptz + $3::interval, looked_at = $2"
    " from (select id from remote_integration where organisation_id = $1 and fetch_at <= $2"
    " order by fetch_at limit $4 for update skip locked) due"
    " where r.organisation_id = $1 and r.id = due.id returning "
)
_LEASE_DUE: Final = _LEASED + COLUMNS.replace("id,", "r.id,", 1)
_log = structlog.get_logger(__name__)


async def fetch_documents(services: Services) -> int:
    """Fetch what is due, and return how many: a sweep."""
    async with services.database.tenant(PROVIDER_ID) as transaction:
        access = _access(services, transaction)
        await forget_secrets(access)
        due = await access.fetch_as(RemoteIntegrationRecord, _LEASE_DUE, access.now, _LEASE, _AT_ONCE)
    faults = await asyncio.gather(*(_fetch(services, remote) for remote in due), return_exceptions=True)
    for remote, fault in zip(due, faults, strict=True):
        if isinstance(fault, Exception):
            _log.error("remote_integration.not_fetched", remote=str(remote.id), exc_info=fault)
    return len(due)


async def _fetch(services: Services, remote: RemoteIntegrationRecord) -> None:
    network = network_of(services.settings)
    judged = await fetch_document(network, remote.id, remote.url)
    if judged.document is not None and remote.state is RemoteIntegrationState.DISABLED:
        fault = await fault_of_endpoint(services, network, remote.id, judged.document.endpoint)
        judged = Judged(None, fault) if fault else judged
    async with services.database.tenant(PROVIDER_ID) as transaction:
        await take_up(_access(services, transaction), remote.id, judged)


async def fetch_document(network: NetworkPolicy, remote_id: UUID, url: str) -> Judged:
    """Return the document at an address, or why there is none: from that address alone, over a pinned connection."""
    reach = Reach(frozenset({place_of(url)}))
    limits = ClientLimits(request_s=FETCH_S, response_bytes=LARGEST_DOCUMENT, redirects=1)
    try:
        async with GuardedClient(reach=reach, policy=network, obligation_id=str(remote_id), limits=limits) as client:
            response = await client.request("GET", url, headers={"accept": "application/json"})
    except IntegrationError as error:
        return Judged(None, f"the document can't be fetched: {error.message}")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status != _OK:
        return Judged(None, f"the document can't be fetched: HTTP {response.status}, not 200")
    if kind != "application/json":
        return Judged(None, f"the document is served as {kind[:100] or 'nothing'}, not as application/json")
    # It may be as large as it may: read on a thread, since every request waits for this loop.
    return await asyncio.to_thread(read_fit_document, response.body, plain_http=network.plain_http)


def _access(services: Services, transaction: Transaction) -> Access:
    return Access(system_actor(PROVIDER_ID), transaction, services, "remote_integrations")
