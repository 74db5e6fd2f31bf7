"""Ask for clients, rotate their secrets, let them in, suspend and end them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.errors import ConflictError, InvalidInputError
from wardship.core.identifiers import uuid7
from wardship.core.text import one_line
from wardship.tenants.access import Access
from wardship.tenants.permissions import Permission
from wardship.tenants.vendor_clients.read import require_own, vendor_client_by_id
from wardship.tenants.vendor_clients.records import (
    COLUMNS,
    TRANSITIONS,
    VendorClientRecord,
    VendorClientState,
    VendorClientStateError,
)
from wardship.tenants.vendor_clients.redirect_uris import checked_redirect_uris
from wardship.tenants.vendor_clients.secrets import (
    OVERLAP,
    IssuedVendorClient,
    PublicClientError,
    replace_secret,
)
from wardship.tenants.vendor_clients.telling import tell_requested, tell_transition

MOST_CLIENTS: Final = 20
"""Clients of one vendor that have not ended."""
_S = VendorClientState
_INSERT: Final = (
    "insert into vendor_client (organisation_id, id, created_at, account_id, integration_key, name, is_confidential,"
    " redirect_uris) values ($1, $2, $3, $4, $5, $6, $7, $8) returning "
)
_MAKE: Final = _INSERT + COLUMNS
_LOCK: Final = "select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 2056))"
_COUNT: Final = "select count(*) from vendor_client where organisation_id = $1 and account_id = $2 and state <> 'ended'"
_UPDATE: Final = (
    "update vendor_client set state = $3 where organisation_id = $1 and id = $2 and state = any($4::text[]) returning "
)
_MOVE: Final = _UPDATE + COLUMNS


class TooManyVendorClientsError(ConflictError):
    """The vendor has as many clients as there may be: end one first."""

    code: ClassVar[str] = "TOO_MANY_VENDOR_CLIENTS"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRequest:
    """A client that a vendor asks for.

    Attributes:
        name: by which administrators recognise it on the consent page.
        integration: the key of the integration in whose name it fetches.
        redirect_uris: where browsers are sent back to.
        is_confidential: whether it can keep a secret.
    """

    name: str
    integration: str
    redirect_uris: Sequence[str]
    is_confidential: bool = True


async def request_vendor_client(access: Access, request: ClientRequest) -> IssuedVendorClient:
    """Ask for a client: an operator lets it in, since it speaks in an integration's name to everybody.

    Raises:
        PermissionDeniedError, StepUpRequiredError: the caller may not.
        InvalidInputError: the name, the integration or an address can't be.
        TooManyVendorClientsError: the vendor has twenty.
    """
    access.require(Permission.VENDOR_CLIENTS_OWN)
    access.require_step_up()
    name = one_line(request.name, "name", least=1, most=100)
    if request.integration not in {each.key for each in access.services.integrations.all()}:
        raise InvalidInputError("No integration of this key is known here.", path=("integration",))
    addresses = checked_redirect_uris(request.redirect_uris)
    account_id = access.actor.account_id
    await access.transaction.execute(_LOCK, account_id)
    if await access.fetchval(_COUNT, account_id) >= MOST_CLIENTS:
        raise TooManyVendorClientsError(f"You have {MOST_CLIENTS} clients: end one first.")
    values = (account_id, request.integration, name, request.is_confidential, addresses)
    client = await access.fetchrow_as(VendorClientRecord, _MAKE, uuid7(), access.now, *values)
    if client is None:
        raise RuntimeError("an insert returns its row")
    await access.audit("vendor_client.requested", "vendor_client", client.id, integration=request.integration)
    await tell_requested(access, client)
    secret = await replace_secret(access, client.id) if client.is_confidential else None
    return IssuedVendorClient(client, secret)


async def rotate_vendor_client_secret(
    access: Access, client_id: UUID, *, ends_old_at_once: bool = False
) -> IssuedVendorClient:
    """Make a new secret; that of before works for another day, or no longer where it may have leaked.

    Raises:
        NotFoundError: there is none such, or it is not the caller's to see.
        PermissionDeniedError, StepUpRequiredError: the caller may not.
        PublicClientError: it has no secret.
        VendorClientStateError: it has ended.
    """
    client = await _own(access, client_id)
    if not client.is_confidential:
        raise PublicClientError("A public client has no secret to rotate.", path=("client",))
    secret = await replace_secret(access, client_id, overlap=timedelta(0) if ends_old_at_once else OVERLAP)
    await access.audit("vendor_client.secret_rotated", "vendor_client", client_id)
    return IssuedVendorClient(client, secret)


async def approve_vendor_client(access: Access, client_id: UUID) -> VendorClientRecord:
    """Let a client in, or in again after a suspension: for operators.

    Raises:
        NotFoundError, PermissionDeniedError, StepUpRequiredError: the caller may not.
        VendorClientStateError: it is active already, or has ended.
    """
    return await _move(access, await _managed(access, client_id), to=_S.ACTIVE)


async def suspend_vendor_client(access: Access, client_id: UUID) -> VendorClientRecord:
    """Let a client in no more: its tokens open nothing from this moment on.

    Raises:
        NotFoundError, PermissionDeniedError, StepUpRequiredError: the caller may not.
        VendorClientStateError: it is not active.
    """
    return await _move(access, await _managed(access, client_id), to=_S.SUSPENDED)


async def end_vendor_client(access: Access, client_id: UUID) -> VendorClientRecord:
    """End a client for good: for its vendor, and for operators.

    Raises:
        NotFoundError, PermissionDeniedError, StepUpRequiredError: the caller may not.
        VendorClientStateError: it has ended before.
    """
    client = await vendor_client_by_id(access, client_id, locks=True)
    if not access.may(Permission.VENDOR_CLIENTS_MANAGE):
        require_own(access, client)
    access.require_step_up()
    return await _move(access, client, to=_S.ENDED)


async def _own(access: Access, client_id: UUID) -> VendorClientRecord:
    client = await vendor_client_by_id(access, client_id, locks=True)
    require_own(access, client)
    access.require_step_up()
    if client.state is _S.ENDED:
        raise VendorClientStateError("This client has ended: ask for another.", path=("client",))
    return client


async def _managed(access: Access, client_id: UUID) -> VendorClientRecord:
    client = await vendor_client_by_id(access, client_id, locks=True)
    access.require(Permission.VENDOR_CLIENTS_MANAGE)
    access.require_step_up()
    return client


async def _move(access: Access, client: VendorClientRecord, *, to: VendorClientState) -> VendorClientRecord:
    """Bring a client that is locked into another state, and tell its vendor."""
    sources: Collection[VendorClientState] = [state for state, ways in TRANSITIONS.items() if to in ways]
    moved = await access.fetchrow_as(VendorClientRecord, _MOVE, client.id, to.value, [state.value for state in sources])
    if moved is None:
        known = ", ".join(state.value for state in sources)
        raise VendorClientStateError(f"This client must be {known} for that.", path=("client",))
    await access.audit(f"vendor_client.{to.value}", "vendor_client", client.id)
    await tell_transition(access, moved, was=client.state)
    return moved
