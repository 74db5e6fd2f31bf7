"""A remote integration as the domain hands it around, and the states that it can be in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.errors import ConflictError, NotFoundError


class RemoteIntegrationState(StrEnum):
    """Where a remote integration stands: nothing is sent to one that is not active.

    One that is being checked has declared nothing yet that could be read. One that is requested waits for an operator.
    The endpoint of one that is disabled has said that it is gone (410).
    """

    CHECKING = "checking"
    REQUESTED = "requested"
    ACTIVE = "active"
    DISABLED = "disabled"
    SUSPENDED = "suspended"
    ENDED = "ended"


_S = RemoteIntegrationState
TRANSITIONS: Final = MappingProxyType(
    {
        _S.CHECKING: frozenset({_S.REQUESTED, _S.ENDED}),
        _S.REQUESTED: frozenset({_S.ACTIVE, _S.ENDED}),
        _S.ACTIVE: frozenset({_S.DISABLED, _S.SUSPENDED, _S.ENDED}),
        _S.DISABLED: frozenset({_S.ACTIVE, _S.SUSPENDED, _S.ENDED}),
        _S.SUSPENDED: frozenset({_S.ACTIVE, _S.ENDED}),
        _S.ENDED: frozenset[_S](),
    }
)


class RemoteIntegrationStateError(ConflictError):
    """The remote integration is not in a state from which this can be done: look at its state."""

    code: ClassVar[str] = "REMOTE_INTEGRATION_STATE"


class RemoteIntegrationRecord(Row):
    """One remote integration, without its document and its secrets.

    Attributes:
        account_id: the vendor's whose it is.
        url: where its document is served.
        state_since: when it came into its state.
        integration_key: as its document declares it, like ``name``, ``version``, ``vendor_name`` and ``endpoint``; None
            until one could be read.
        fetched_at: when a document that could be read was fetched last.
        fault: what was wrong when it was looked at last, in words for its vendor; empty when nothing was.
        faulty_since: since when.
        is_admitted: whether an operator has ever let it in.
        revision: grows with each change of what processes have to know.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    account_id: UUID = column("account_id")
    url: str = column("url")
    state: RemoteIntegrationState = column("state", RemoteIntegrationState)
    state_since: datetime = column("state_since")
    integration_key: str | None = column("integration_key")
    name: str = column("name")
    version: str = column("version")
    vendor_name: str = column("vendor_name")
    endpoint: str = column("endpoint")
    fetched_at: datetime | None = column("fetched_at")
    fault: str = column("fault")
    faulty_since: datetime | None = column("faulty_since")
    is_admitted: bool = column("is_admitted")
    revision: int = column("revision")


COLUMNS: Final = (
    "id, created_at, account_id, url, state, state_since, integration_key, name, version, vendor_name, endpoint,"
    " fetched_at, fault, faulty_since, is_admitted, revision"
)
"""What the record is made of."""


def remote_integration_not_found() -> NotFoundError:
    """Return the one answer for one that is absent and for one that is not the caller's to see."""
    return NotFoundError("No such remote integration: list those that you can see.", path=("remoteIntegration",))
