"""The deployment's own clients at vendors: what its operator gives, by setting or by command, sealed at rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.actor import PROVIDER_ID, system_actor
from wardship.core.database.engine import Transaction
from wardship.core.database.rows import Row, column
from wardship.core.errors import ConflictError, InvalidInputError, NotFoundError
from wardship.core.identifiers import uuid7
from wardship.core.keys import UnreadableSecretError
from wardship.core.oauth_client import is_one_word
from wardship.core.settings import Settings
from wardship.tenants.access import Access, Services

SEALED_FOR: Final = "integration-client"
"""What the secrets are encrypted for."""
CALLBACK: Final = "/oauth/connect/callback"
"""Where vendors lead browsers back to, each to an address of its own."""
_READ: Final = "select id, created_at, integration_key, client_id, client_secret from integration_client"
_OF_ALL: Final = _READ + " where organisation_id = $1 order by integration_key"
_OF_ONE: Final = _READ + " where organisation_id = $1 and integration_key = $2"
_PUT: Final = (
    "insert into integration_client (organisation_id, created_at, id, integration_key, client_id, client_secret)"
    " values ($1, $2, $3, $4, $5, $6) on conflict (organisation_id, integration_key) do update set"
    " id = excluded.id, created_at = excluded.created_at, client_id = excluded.client_id,"
    " client_secret = excluded.client_secret"
)
_TAKE: Final = "delete from integration_client where organisation_id = $1 and integration_key = $2"


class ClientMissingError(ConflictError):
    """The deployment has no client at this vendor: its operator registers one there, and enters its id and secret."""

    code: ClassVar[str] = "INTEGRATION_CLIENT_MISSING"


class NoOAuthError(InvalidInputError):
    """The vendor of this integration demands no OAuth of us: there is nothing to connect, the settings say it all."""

    code: ClassVar[str] = "NO_OAUTH"


@dataclass(frozen=True, slots=True)
class IntegrationClient:
    """What a vendor calls this deployment, and what it has given to it."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KnownIntegrationClient:
    """A client as its operator sees it, without the secret.

    Attributes:
        redirect_uri: what is registered with the vendor.
        is_set: whether it stands in the settings, which no command changes.
    """

    integration_key: str
    client_id: str
    redirect_uri: str
    is_set: bool


class _Stored(Row):
    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    integration_key: str = column("integration_key")
    client_id: str = column("client_id")
    client_secret: bytes = column("client_secret")


def redirect_uri(settings: Settings, integration: str) -> str:
    """Return where a vendor leads browsers back to: an address for each, so that none can answer for another."""
    return f"{settings.public_url}{CALLBACK}/{integration}"


async def find_integration_client(access: Access, integration: str) -> IntegrationClient | None:
    """Return the deployment's client for an integration; None where there is none.

    Raises:
        UnreadableSecretError: its secret was encrypted under a key that is gone.
    """
    services = access.services
    for each in services.settings.oauth_clients:
        if each.integration == integration:
            return IntegrationClient(each.client_id, each.client_secret.get_secret_value())
    row = await access.transaction.fetchrow("select * from find_integration_client($1)", integration)
    if row is None:
        return None
    bound_to = PROVIDER_ID.bytes + row["id"].bytes
    secret = services.keys.decrypt(SEALED_FOR, row["client_secret"], bound_to=bound_to)
    return IntegrationClient(row["client_id"], secret.decode())


async def require_integration_client(access: Access, integration: str, name: str) -> IntegrationClient:
    """Return the deployment's client for an integration.

    Raises:
        ClientMissingError: there is none, or it can't be read any more.
    """
    try:
        client = await find_integration_client(access, integration)
    except UnreadableSecretError:
        client = None
    if client is None:
        raise ClientMissingError(
            f"This deployment has no client at the vendor of {name}: its operator registers one there, and enters it"
            f" (`wardship integration-client set {integration}`).",
            path=("installation",),
        )
    return client


async def put_integration_client(services: Services, integration: str, client: IntegrationClient) -> str:
    """Keep the deployment's client for an integration, in the place of the one before; return its redirect address.

    Raises:
        IntegrationUnavailableError: there is no such integration.
        NoOAuthError: its vendor demands none.
        InvalidInputError: id or secret can't be what a vendor gave.
    """
    manifest, _ = services.integrations.require(integration).declaration
    if manifest.oauth is None:
        raise NoOAuthError(f"{manifest.name} demands no OAuth of this deployment: there is nothing to enter.")
    for name, value in (("client id", client.client_id), ("client secret", client.client_secret)):
        if not is_one_word(value):
            raise InvalidInputError(f"The {name} is what the vendor gave: one line, without spaces around it.")
    async with services.database.tenant(PROVIDER_ID) as transaction:
        access, row_id = _provider(services, transaction), uuid7()
        sealed = access.encrypt(SEALED_FOR, row_id, client.client_secret.encode())
        await access.execute(_PUT, access.now, row_id, integration, client.client_id, sealed)
        await access.audit("integration_client.set", "integration_client", row_id, integration=integration)
    return redirect_uri(services.settings, integration)


async def remove_integration_client(services: Services, integration: str) -> None:
    """Forget the deployment's client for an integration: nothing is connected, renewed or ended by it any more.

    Raises:
        NotFoundError: there is none, or it stands in the settings.
    """
    async with services.database.tenant(PROVIDER_ID) as transaction:
        access = _provider(services, transaction)
        row = await access.fetchrow_as(_Stored, _OF_ONE, integration)
        if row is None:
            raise NotFoundError(f"No client is kept for {integration} (`wardship integration-client list`).")
        await access.execute(_TAKE, integration)
        await access.audit("integration_client.removed", "integration_client", row.id, integration=integration)


async def list_integration_clients(services: Services) -> list[KnownIntegrationClient]:
    """Return the deployment's clients by integration: those of the settings, which count, and those that are kept."""
    found = {
        each.integration: KnownIntegrationClient(
            each.integration, each.client_id, redirect_uri(services.settings, each.integration), is_set=True
        )
        for each in services.settings.oauth_clients
    }
    async with services.database.tenant(PROVIDER_ID, read_only=True) as transaction:
        for row in await _provider(services, transaction).fetch_as(_Stored, _OF_ALL):
            key = row.integration_key
            uri = redirect_uri(services.settings, key)
            found.setdefault(key, KnownIntegrationClient(key, row.client_id, uri, is_set=False))
    return [found[key] for key in sorted(found)]


def _provider(services: Services, transaction: Transaction) -> Access:
    return Access(system_actor(PROVIDER_ID), transaction, services, "command-line")
