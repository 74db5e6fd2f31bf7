"""An authorisation as the domain hands it around: its states, and the tokens that it is sealed with."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

import msgspec

from wardship.core.database.rows import Row, column
from wardship.plugins.api import OAuth
from wardship.plugins.host.authorisations import VendorTokens
from wardship.tenants.access import Access

SEALED_FOR: Final = "vendor-tokens"
"""What tokens are encrypted for."""


class AuthorisationState(StrEnum):
    """Where an authorisation stands."""

    CONNECTED = "connected"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    ENDING = "ending"
    ENDED = "ended"


_S = AuthorisationState
TRANSITIONS: Final = MappingProxyType(
    {
        _S.CONNECTED: frozenset({_S.EXPIRED, _S.SUPERSEDED, _S.ENDING, _S.ENDED}),
        _S.EXPIRED: frozenset({_S.SUPERSEDED, _S.ENDING, _S.ENDED}),
        # A vendor may still accept what it gave before: it is revoked with the rest.
        _S.SUPERSEDED: frozenset({_S.ENDED}),
        _S.ENDING: frozenset({_S.ENDED}),
        _S.ENDED: frozenset[_S](),
    }
)
PRESENT: Final = (_S.CONNECTED, _S.EXPIRED, _S.ENDING)
"""The states of which a place has one authorisation at most: the present one."""


class AuthorisationRecord(Row):
    """One consent of an administrator at a vendor.

    Attributes:
        place_id: where it opens what.
        changed_at: since when it stands where it stands.
        connected_by: the member who let this deployment in; None where that is not known any more.
        client_id: what the vendor called this deployment then: refresh tokens are bound to it.
        account_key: keyed hash of the vendor's name for the account; None where it tells none.
        oauth: the authorization server that gave it, as it was approved then: there it is renewed and ended, whatever a
            later version declares. None once it has ended.
        sealed: the tokens, encrypted; None once it has ended.
        expires_at: when the access token ends; None where the vendor does not say.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    installation_id: UUID = column("installation_id")
    place_id: UUID = column("place_id")
    state: AuthorisationState = column("state", AuthorisationState)
    changed_at: datetime = column("changed_at")
    connected_by: UUID | None = column("connected_by")
    client_id: str = column("client_id")
    account_key: bytes | None = column("account_key")
    oauth: OAuth | None = column("oauth", OAuth.model_validate_json)
    sealed: bytes | None = column("tokens")
    expires_at: datetime | None = column("expires_at")


_COLUMNS: Final = (
    "id, created_at, installation_id, place_id, state, changed_at, connected_by, client_id, account_key, oauth,"
    " tokens, expires_at"
)
_READ: Final = "select "
_FROM: Final = " from place_authorisation where organisation_id = $1"
SELECT: Final = _READ + _COLUMNS + _FROM
"""To be followed by a condition."""
_OF_PLACES: Final = SELECT + " and place_id = any($2::uuid[]) and state <> 'ended' order by created_at desc, id desc"
_PRESENT: Final = SELECT + " and place_id = any($2::uuid[]) and state = any($3::text[])"
_HAS: Final = (
    "select exists (select from place_authorisation where organisation_id = $1 and place_id = $2 and state <> 'ended')"
)
_OF_INSTALLATION: Final = SELECT + " and installation_id = $2 and state = any($3::text[])"


async def held_authorisations(access: Access, place_id: UUID) -> list[AuthorisationRecord]:
    """Return what lets this deployment in at a place, or may still, the newest first."""
    return await access.fetch_as(AuthorisationRecord, _OF_PLACES, [place_id])


async def present_authorisations(access: Access, place_ids: Collection[UUID]) -> dict[UUID, AuthorisationRecord]:
    """Return the present authorisation of each place that has one, by place; the caller has checked who may see it."""
    states = [state.value for state in PRESENT]
    rows = await access.fetch_as(AuthorisationRecord, _PRESENT, list(place_ids), states)
    return {row.place_id: row for row in rows}


async def authorisations_of(access: Access, installation_id: UUID) -> list[AuthorisationRecord]:
    """Return the present authorisations of all places of an installation."""
    states = [state.value for state in PRESENT]
    return await access.fetch_as(AuthorisationRecord, _OF_INSTALLATION, installation_id, states)


async def has_access(access: Access, place_id: UUID) -> bool:
    """Return whether anything may let this deployment in at a place."""
    return bool(await access.fetchval(_HAS, place_id))


async def server_at(access: Access, place_id: UUID) -> OAuth | None:
    """Return the server that gave last what lets this deployment in at a place; None where nothing does."""
    rows = await held_authorisations(access, place_id)
    return rows[0].oauth if rows else None


class _Sealed(msgspec.Struct, frozen=True):
    """The tokens as they are encrypted."""

    access_token: str
    refresh_token: str = ""


def seal_tokens(access: Access, authorisation_id: UUID, tokens: VendorTokens) -> bytes:
    """Return tokens encrypted, for this authorisation alone."""
    sealed = _Sealed(tokens.access_token, tokens.refresh_token)
    return access.encrypt(SEALED_FOR, authorisation_id, msgspec.json.encode(sealed))


def open_tokens(access: Access, authorisation: AuthorisationRecord) -> VendorTokens | None:
    """Return the tokens of an authorisation; None once it has ended.

    Raises:
        UnreadableSecretError: they were encrypted under a key that is gone.
    """
    if authorisation.sealed is None:
        return None
    opened = access.decrypt(SEALED_FOR, authorisation.id, authorisation.sealed)
    found = msgspec.json.decode(opened, type=_Sealed)
    return VendorTokens(found.access_token, found.refresh_token)
