"""Browsers that were led to a vendor: each comes back once, in the session in which it went, within ten minutes."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.actor import CredentialKind
from wardship.core.database.rows import Row, column
from wardship.core.errors import PermissionDeniedError, WardshipError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access, Services

FLOW_LASTS: Final = timedelta(minutes=10)
_LONGEST_STATE: Final = 200
_AT_ONCE: Final = 200
_BEGIN: Final = (
    "insert into authorisation_flow (organisation_id, id, created_at, installation_id, place_id, session_id,"
    " state_hash, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)"
)
_WHERE: Final = "select slug from authorisation_flow_place($1)"
_FORGET: Final = "delete from authorisation_flow where organisation_id = $1 and expires_at <= $2"
_END: Final = (
    "delete from authorisation_flow where organisation_id = $1 and state_hash = $2 and session_id = $3"
    " and expires_at > $4 returning installation_id, place_id"
)


class ConnectionOverError(WardshipError):
    """This connecting was begun too long ago, in another session, at another vendor, or is over: begin again."""

    code: ClassVar[str] = "CONNECTION_OVER"
    status: ClassVar[int] = 410

    def __init__(
        self, message: str = "This was begun too long ago or in another session, or is over: connect it again."
    ) -> None:
        super().__init__(message)


class BrowserSessionRequiredError(PermissionDeniedError):
    """A browser is led to the vendor and back, so this takes the session of one: use the console."""

    code: ClassVar[str] = "BROWSER_SESSION_REQUIRED"


class AuthorisationFlowRecord(Row):
    """A connecting that has come back: it is ended, and its state is of no use any more."""

    __slots__ = ()

    installation_id: UUID = column("installation_id")
    place_id: UUID = column("place_id")


async def begin_authorisation(access: Access, installation_id: UUID, place_id: UUID) -> str:
    """Begin a connecting in the caller's session, and return its state, which goes to the vendor and comes back.

    Raises:
        BrowserSessionRequiredError: the caller is no browser.
    """
    session_id = access.actor.credential_id
    if access.actor.credential is not CredentialKind.SESSION or session_id is None:
        raise BrowserSessionRequiredError("A browser is led to the vendor and back: do this in the console.")
    state = secrets.token_urlsafe(32)
    digest, expires_at = _digest(state), access.now + FLOW_LASTS
    await access.execute(_BEGIN, uuid7(), access.now, installation_id, place_id, session_id, digest, expires_at)
    return state


async def organisation_of_state(services: Services, state: str) -> str:
    """Return the short name of the organisation in which a state was made that has not come back.

    The state itself names nothing: the vendor and its logs see it.

    Raises:
        ConnectionOverError: there is none such, or it has come back before.
    """
    if len(state) > _LONGEST_STATE:
        raise ConnectionOverError
    row = await services.database.look_up(_WHERE, _digest(state))
    if row is None:
        raise ConnectionOverError
    return str(row["slug"])


async def end_authorisation_flow(access: Access, state: str, session_id: UUID) -> AuthorisationFlowRecord:
    """Return the connecting that has come back, and end it; the caller commits before asking the vendor anything.

    Raises:
        ConnectionOverError: it is unknown, another session's, too old, or has come back before.
    """
    found = await access.fetchrow_as(AuthorisationFlowRecord, _END, _digest(state), session_id, access.now)
    if found is None:
        raise ConnectionOverError
    return found


async def forget_flows(services: Services) -> None:
    """Remove connectings that did not come back, in every organisation; the worker calls it."""
    now = services.clock.now()
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select * from authorisation_flows_over($1, $2)", now, _AT_ONCE)
    for row in rows:
        async with services.database.tenant(row["organisation_id"]) as transaction:
            await transaction.execute(_FORGET, row["organisation_id"], now)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
