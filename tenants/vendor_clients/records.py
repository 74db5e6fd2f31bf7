"""A vendor's client as the domain hands it around, and the states that it can be in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.errors import ConflictError, NotFoundError


class VendorClientState(StrEnum):
    """Where a client stands: nothing is given to one that is not active."""

    REQUESTED = "requested"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


_S = VendorClientState
TRANSITIONS: Final = MappingProxyType(
    {
        _S.REQUESTED: frozenset({_S.ACTIVE, _S.ENDED}),
        _S.ACTIVE: frozenset({_S.SUSPENDED, _S.ENDED}),
        _S.SUSPENDED: frozenset({_S.ACTIVE, _S.ENDED}),
        _S.ENDED: frozenset[_S](),
    }
)


class VendorClientStateError(ConflictError):
    """The client is not in a state from which this can be done: look at its state."""

    code: ClassVar[str] = "VENDOR_CLIENT_STATE"


class VendorClientRecord(Row):
    """One client, without its secrets.

    Attributes:
        account_id: whose it is.
        integration_key: the integration in whose name it fetches.
        is_confidential: whether it can keep a secret, and so proves who it is.
        redirect_uris: where a browser may be sent back to.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    account_id: UUID = column("account_id")
    integration_key: str = column("integration_key")
    name: str = column("name")
    is_confidential: bool = column("is_confidential")
    redirect_uris: tuple[str, ...] = column("redirect_uris", tuple)
    state: VendorClientState = column("state", VendorClientState)


COLUMNS: Final = "id, created_at, account_id, integration_key, name, is_confidential, redirect_uris, state"
"""What the record is made of."""


def vendor_client_not_found() -> NotFoundError:
    """Return the one answer for a client that is absent and for one that is not the caller's to see."""
    return NotFoundError("No such client: list the clients that you can see.", path=("client",))
