"""What waits for a second person, as the domain hands it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

import msgspec

from wardship.core.database.rows import Row, column


class ApprovalKind(StrEnum):
    """What is done once it is approved."""

    REMOVE_MEMBER = "remove_member"
    COMMIT_ERASURE = "commit_erasure"


class ApprovalState(StrEnum):
    """Where an approval stands."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


DIRECTORY: Final = "directory"
"""Stands among the arguments of what the organisation's directory wanted, by this name."""
_S = ApprovalState
TRANSITIONS: Final = MappingProxyType(
    {
        _S.ASKED: frozenset({_S.APPROVED, _S.REFUSED, _S.WITHDRAWN, _S.EXPIRED}),
        _S.APPROVED: frozenset[ApprovalState](),
        _S.REFUSED: frozenset[ApprovalState](),
        _S.WITHDRAWN: frozenset[ApprovalState](),
        _S.EXPIRED: frozenset[ApprovalState](),
    }
)


def _arguments(value: str) -> Mapping[str, str]:
    return msgspec.json.decode(value, type=dict[str, str])


class ApprovalRecord(Row):
    """A deletion that waits, or waited, for a second person.

    Attributes:
        arguments: what besides the member says what is done.
        asked_by: the member who wanted it; None for the privacy team and for the organisation's directory.
        is_with_privacy_team: whether nobody else in the organisation could approve it.
        decided_by: the member who decided; None for the privacy team, and where a clock did.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    kind: ApprovalKind = column("kind", ApprovalKind)
    member_id: UUID = column("member_id")
    arguments: Mapping[str, str] = column("arguments", _arguments)
    asked_by: UUID | None = column("asked_by")
    asked_by_account: UUID | None = column("asked_by_account")
    is_with_privacy_team: bool = column("is_with_privacy_team")
    expires_at: datetime = column("expires_at")
    state: ApprovalState = column("state", ApprovalState)
    decided_by: UUID | None = column("decided_by")
    decided_at: datetime | None = column("decided_at")

    @property
    def is_of_directory(self) -> bool:
        """Whether the organisation's directory wanted it."""
        return self.arguments.get(DIRECTORY) == DIRECTORY


@dataclass(frozen=True, slots=True)
class HeldDeletion:
    """A deletion that waits for the privacy team, in whatever organisation: identifiers and moments."""

    organisation_id: UUID
    organisation_slug: str
    organisation_name: str
    approval_id: UUID
    kind: ApprovalKind
    asked_at: datetime
    expires_at: datetime


SELECT: Final = (
    "select id, created_at, kind, member_id, arguments, asked_by, asked_by_account, is_with_privacy_team, expires_at,"
    " state, decided_by, decided_at from approval"
)
COLUMNS: Final = (
    "id, created_at, kind, member_id, arguments, asked_by, asked_by_account, is_with_privacy_team, expires_at, state,"
    " decided_by, decided_at"
)
