"""Requests, rights and events as the domain hands them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import msgspec

from wardship.tenants.limitations.limits import Limitation
from wardship.tenants.requests.regimes import Authority, authorities_for
from wardship.tenants.requests.states import TERMINAL, RightKind, RightState

GRACE_ENDED: Final = "grace_ended"
"""Stands as the method of identity where nobody asked, but the time after the end of a membership was over."""


class Handler(StrEnum):
    """Who has to decide (requirement D2)."""

    ADMIN = "admin"
    PRIVACY_TEAM = "privacy_team"


class IdentityState(StrEnum):
    """Whether the person has proven to be the one whose data it is (requirement D3)."""

    PENDING = "pending"
    VERIFIED = "verified"
    EXPIRED = "expired"


class RefusalCode(StrEnum):
    """Why a right is refused, denied or limited (requirement D5): what the certificate says; the words go beside."""

    OTHERS_RIGHTS = "others_rights"
    LEGAL_DUTY = "legal_duty"
    LEGAL_HOLD = "legal_hold"
    UNFOUNDED = "unfounded"
    EXCESSIVE = "excessive"
    NOT_HELD = "not_held"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request. ``original_due_at`` never changes; ``due_at`` only by the one recorded extension."""

    id: UUID
    member_id: UUID
    submitted_at: datetime
    country: str
    work_country: str
    regime: str
    due_at: datetime
    original_due_at: datetime
    extension_reason: str
    extended_at: datetime | None
    identity_state: IdentityState
    identity_method: str
    identity_verified_at: datetime | None
    handler: Handler
    acknowledge_by: datetime
    decide_by: datetime
    acknowledged_at: datetime | None
    escalated_at: datetime | None
    escalation_reason: str
    late_since: datetime | None
    remind_at: datetime | None
    ended_at: datetime | None

    @property
    def authorities(self) -> list[Authority]:
        """The authorities of the countries of residence and work, to which the person can complain."""
        return authorities_for((self.country, self.work_country))


@dataclass(frozen=True, slots=True)
class RightRecord:
    """One right of a request, with its decision."""

    id: UUID
    request_id: UUID
    kind: RightKind
    state: RightState
    handler: Handler
    details: Mapping[str, Any]
    decided_by: UUID | None
    decided_at: datetime | None
    decision_code: str
    decision_reason: str
    limitation: str
    limitations: tuple[Limitation, ...]
    committed_by: UUID | None
    scheduled_for: datetime | None
    waits_until: datetime | None
    started_at: datetime | None
    outcome: str
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it can still move."""
        return self.state not in TERMINAL

    @property
    def is_limitation_enforced(self) -> bool:
        """Whether what the limitation says is done; words of before name nothing, and nothing followed from them."""
        return not self.limitation or bool(self.limitations) or self.kind is RightKind.CORRECTION

    def is_due(self, at: datetime) -> bool:
        """Return whether the moment has come that a clock waits for."""
        return self.scheduled_for is not None and self.scheduled_for <= at


@dataclass(frozen=True, slots=True)
class EventRecord:
    """What happened to a request, when, by whom in which capacity, and why."""

    id: UUID
    created_at: datetime
    request_id: UUID
    right_id: UUID | None
    actor_kind: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class LockedRequest:
    """A request with its rights, locked together until the transaction ends."""

    request: RequestRecord
    rights: tuple[RightRecord, ...]

    def right(self, right_id: UUID) -> RightRecord:
        """Return the right of this id."""
        return next(item for item in self.rights if item.id == right_id)


REQUEST_COLUMNS = ", ".join(f"r.{item.name}" for item in fields(RequestRecord))
RIGHT_COLUMNS = ", ".join([*(f"g.{item.name}" for item in fields(RightRecord)), "g.limitation_reasons"])
RIGHTS = f"{RIGHT_COLUMNS} from request_right g"
EVENT_COLUMNS = ", ".join(f"e.{item.name}" for item in fields(EventRecord))


def request_record(row: Mapping[str, Any]) -> RequestRecord:
    """Return a request from a row with ``REQUEST_COLUMNS``."""
    values = {item.name: row[item.name] for item in fields(RequestRecord)}
    values |= {"identity_state": IdentityState(row["identity_state"]), "handler": Handler(row["handler"])}
    return RequestRecord(**values)


def right_record(row: Mapping[str, Any]) -> RightRecord:
    """Return a right from a row with ``RIGHT_COLUMNS``."""
    values = {item.name: row[item.name] for item in fields(RightRecord)}
    values |= {
        "kind": RightKind(row["kind"]),
        "state": RightState(row["state"]),
        "handler": Handler(row["handler"]),
        "details": msgspec.json.decode(row["details"], type=dict[str, Any]),
        "limitations": _limitations(row),
    }
    return RightRecord(**values)


def _limitations(row: Mapping[str, Any]) -> tuple[Limitation, ...]:
    named = msgspec.json.decode(row["limitations"], type=tuple[Limitation, ...])
    return tuple(
        msgspec.structs.replace(item, reason=words)
        for item, words in zip(named, row["limitation_reasons"], strict=True)
    )


def stored_limitations(limitations: Sequence[Limitation]) -> tuple[str, list[str]]:
    """Return limitations as two columns: what they name as JSON, and apart their words, which may name people."""
    named = [msgspec.structs.replace(item, reason="") for item in limitations]
    return msgspec.json.encode(named).decode(), [item.reason for item in limitations]


def event_record(row: Mapping[str, Any]) -> EventRecord:
    """Return an event from a row with ``EVENT_COLUMNS``."""
    return EventRecord(**{item.name: row[item.name] for item in fields(EventRecord)})
