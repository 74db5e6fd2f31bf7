"""Register a remote integration by the address of its document, have it checked, and rotate what signs its messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.errors import ConflictError, InvalidInputError
from wardship.core.identifiers import uuid7
from wardship.core.outbound.network import NetworkPolicy
from wardship.core.settings import Settings
from wardship.plugins.host.remote import fault_of_address, place_of
from wardship.tenants.access import Access
from wardship.tenants.permissions import Permission
from wardship.tenants.remote_integrations.changes import note_changed, wake_sweeps
from wardship.tenants.remote_integrations.read import remote_integration_by_id, require_own
from wardship.tenants.remote_integrations.records import (
    COLUMNS,
    RemoteIntegrationRecord,
    RemoteIntegrationState,
    RemoteIntegrationStateError,
)
from wardship.tenants.remote_integrations.secrets import OVERLAP, replace_secret

MOST_REMOTE_INTEGRATIONS: Final = 20
"""Remote integrations of one vendor that have not ended."""
AGAIN_AFTER: Final = timedelta(seconds=10)
"""How soon the same document is fetched again, so that nobody has us call a server without end."""
_S = RemoteIntegrationState
_LOCK: Final = "select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 2062))"
_COUNT: Final = (
    "select count(*) from remote_integration where organisation_id = $1 and account_id = $2 and state <> 'ended'"
)
_INSERT: Final = (
    "insert into remote_integration (organisation_id, id, created_at, account_id, url, state_since, fetch_at)"
    " values ($1, $2, $3, $4, $5, $3, $3) returning "
)
_MAKE: Final = _INSERT + COLUMNS
_SOON: Final = (
    "update remote_integration set fetch_at = greatest($3, looked_at + $4::interval)"
    " where organisation_id = $1 and id = $2 returning "
)
_FETCH_SOON: Final = _SOON + COLUMNS


class DocumentAddressError(InvalidInputError):
    """The address of a manifest document can't be one: give a public https address without a fragment."""

    code: ClassVar[str] = "INVALID_DOCUMENT_ADDRESS"


class TooManyRemoteIntegrationsError(ConflictError):
    """The vendor has as many remote integrations as there may be: end one first."""

    code: ClassVar[str] = "TOO_MANY_REMOTE_INTEGRATIONS"


@dataclass(frozen=True, slots=True)
class IssuedRemoteIntegration:
    """A remote integration, and the secret that signs its messages, which is told this once."""

    remote: RemoteIntegrationRecord
    secret: str


async def register_remote_integration(access: Access, url: str) -> IssuedRemoteIntegration:
    """Register an integration by the address of its document, which is fetched at once; an operator lets it in then.

    Raises:
        PermissionDeniedError, StepUpRequiredError: the caller may not.
        DocumentAddressError: the address can't be one.
        TooManyRemoteIntegrationsError: the vendor has twenty.
    """
    access.require(Permission.REMOTE_INTEGRATIONS_OWN)
    access.require_step_up()
    _require_address(access, url)
    account_id = access.actor.account_id
    await access.transaction.execute(_LOCK, account_id)
    if await access.fetchval(_COUNT, account_id) >= MOST_REMOTE_INTEGRATIONS:
        raise TooManyRemoteIntegrationsError(
            f"You have {MOST_REMOTE_INTEGRATIONS} remote integrations: end one first.", path=("url",)
        )
    remote = await access.fetchrow_as(RemoteIntegrationRecord, _MAKE, uuid7(), access.now, account_id, url)
    if remote is None:
        raise RuntimeError("an insert returns its row")
    await access.audit("remote_integration.registered", "remote_integration", remote.id)
    secret = await replace_secret(access, remote.id)
    await wake_sweeps(access)
    return IssuedRemoteIntegration(remote, secret)


async def check_remote_integration(access: Access, remote_id: UUID) -> RemoteIntegrationRecord:
    """Have the document fetched now, or ten seconds after it was fetched last.

    Where the endpoint was gone it is asked too, and comes back if it answers.

    Raises:
        NotFoundError: there is none such, or it is not the caller's to see.
        PermissionDeniedError: it is another account's.
        RemoteIntegrationStateError: it has ended.
    """
    await _own(access, remote_id)
    found = await access.fetchrow_as(RemoteIntegrationRecord, _FETCH_SOON, remote_id, access.now, AGAIN_AFTER)
    await wake_sweeps(access)
    if found is None:
        raise RuntimeError("an update of a locked row returns it")
    return found


async def rotate_signing_secret(
    access: Access, remote_id: UUID, *, ends_old_at_once: bool = False
) -> IssuedRemoteIntegration:
    """Make a new secret; that of before signs beside it for another day, or no longer where it may have leaked.

    Raises:
        NotFoundError: there is none such, or it is not the caller's to see.
        PermissionDeniedError, StepUpRequiredError: the caller may not.
        RemoteIntegrationStateError: it has ended.
    """
    remote = await _own(access, remote_id)
    access.require_step_up()
    secret = await replace_secret(access, remote_id, overlap=timedelta(0) if ends_old_at_once else OVERLAP)
    await note_changed(access, remote_id)
    await access.audit("remote_integration.secret_rotated", "remote_integration", remote_id)
    return IssuedRemoteIntegration(remote, secret)


async def _own(access: Access, remote_id: UUID) -> RemoteIntegrationRecord:
    remote = await remote_integration_by_id(access, remote_id, locks=True)
    require_own(access, remote)
    if remote.state is _S.ENDED:
        raise RemoteIntegrationStateError("This integration has ended: register it again.", path=("remoteIntegration",))
    return remote


def _require_address(access: Access, url: str) -> None:
    policy = network_of(access.services.settings)
    fault = fault_of_address(url, plain_http=policy.plain_http)
    if not fault and _is_inside(policy, url):
        fault = "its address is not public"
    if fault:
        raise DocumentAddressError(f"That can't be the address of a document: {fault}.", path=("url",))


def _is_inside(policy: NetworkPolicy, url: str) -> bool:
    """Tell of an address that names a number whether it is one that is not reached; a name is looked at when it is."""
    try:
        address = ip_address(place_of(url)[0].strip("[]"))
    except ValueError:
        return False
    return not policy.allows(address, scheme=url.partition(":")[0])


def network_of(settings: Settings) -> NetworkPolicy:
    """Return which addresses vendors' servers may have."""
    return NetworkPolicy.development() if settings.development else NetworkPolicy()
