"""Ask an endpoint that said it was gone whether it is there again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, cast
from uuid import UUID

from wardship.core.actor import PROVIDER_ID, system_actor
from wardship.core.identifiers import uuid7
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import (
    AuthorisationExpired,
    ConnectorContext,
    HttpClient,
    Rejected,
    Settings,
    TemporarilyUnavailable,
)
from wardship.plugins.host.client import ClientLimits, GuardedClient, Reach
from wardship.plugins.host.data_guards import PluginHttp, PluginLog, Redaction
from wardship.plugins.host.remote import EndpointGoneError, RemoteConnector, place_of
from wardship.tenants.access import Access, Services
from wardship.tenants.remote_integrations.secrets import signing_secrets

PROBE_S: Final = 15.0


async def fault_of_endpoint(services: Services, network: NetworkPolicy, remote_id: UUID, endpoint: str) -> str:
    """Return why an endpoint is still not there; empty where it answers, be it that it knows no such installation.

    It is sent a signed ``check`` of no organisation's.
    """
    async with services.database.tenant(PROVIDER_ID, read_only=True) as transaction:
        access = Access(system_actor(PROVIDER_ID), transaction, services, "remote_integrations")
        secrets = tuple(secret.value for secret in await signing_secrets(access, remote_id))
    limits = ClientLimits(request_s=PROBE_S)
    reach = Reach(frozenset({place_of(endpoint)}))
    async with GuardedClient(reach=reach, policy=network, obligation_id=str(remote_id), limits=limits) as client:
        try:
            await RemoteConnector(_context(services, remote_id, client), endpoint, lambda: secrets).check()
        except EndpointGoneError as error:
            return f"the endpoint is still gone: {error.message}"
        except (TemporarilyUnavailable, AuthorisationExpired) as error:
            return f"the endpoint is not back: {error.message}"
        except Rejected:
            return ""
    return ""


def _context(services: Services, remote_id: UUID, client: GuardedClient) -> ConnectorContext[Settings]:
    return ConnectorContext(
        installation_id=str(remote_id),
        obligation_id=str(uuid7()),
        settings=Settings(),
        secret=_no_secret,
        http=cast("HttpClient", PluginHttp(cast("HttpClient", client))),
        deadline=services.clock.now() + timedelta(seconds=PROBE_S),
        now=services.clock.now,
        log=PluginLog(Redaction(None)),
    )


def _no_secret(name: str) -> str:
    raise LookupError(name)
