"""Narrow and order a list of requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wardship.core.errors import InvalidInputError
from wardship.tenants.parameters import Parameters
from wardship.tenants.requests.records import Handler
from wardship.tenants.requests.states import RightKind, RightState


class RequestOrder(StrEnum):
    """What a list of requests is ordered by; ties by id."""

    SUBMITTED = "submitted_at"
    DUE = "due_at"


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests a list holds.

    Attributes:
        is_open: only open ones, only ended ones, or None for all.
        member_id: of one person; None for everybody's that the caller may see.
        handler: only those that this one has to decide; None for all.
        kinds: only those with a right of one of these kinds; empty means all.
        states: only those with a right in one of these states, of these kinds where some are given.
        due_before: only those that are due earlier than this moment.
        is_late: only those that are or were late.
    """

    is_open: bool | None = None
    member_id: UUID | None = None
    handler: Handler | None = None
    kinds: frozenset[RightKind] = frozenset()
    states: frozenset[RightState] = frozenset()
    due_before: datetime | None = None
    is_late: bool = False


def require_ordered(wanted: RequestFilter, order: RequestOrder) -> None:
    """Refuse what would have to read all requests that there ever were.

    Raises:
        InvalidInputError: saying what to ask instead.
    """
    if (wanted.kinds or wanted.states) and not wanted.is_open and wanted.member_id is None:
        raise InvalidInputError(
            "By kind and state of rights open requests are listed, or those of one member: say `isOpen: true`,"
            " or whose.",
            path=("where", "kinds" if wanted.kinds else "states"),
        )
    if (wanted.due_before is not None or wanted.is_late) and order is not RequestOrder.DUE:
        raise InvalidInputError("Order by due date what is narrowed by it.", path=("order_by",))


def filter_conditions(wanted: RequestFilter, parameters: Parameters) -> list[str]:
    """Return the conditions of a filter on `data_request r`."""
    found = []
    if wanted.is_open is not None:
        found.append("r.ended_at is null" if wanted.is_open else "r.ended_at is not null")
    if wanted.member_id is not None:
        found.append(f"r.member_id = {parameters.add(wanted.member_id)}")
    if wanted.handler is not None:
        found.append(f"r.handler = '{wanted.handler.value}'")
    if wanted.due_before is not None:
        found.append(f"r.due_at < {parameters.add(wanted.due_before)}")
    if wanted.is_late:
        found.append("r.late_since is not null")
    if rights := _of_rights(wanted, parameters):
        # `offset 0`: looked up for each open request, and not joined with the rights of all that there ever were.
        found.append(
            "exists (select from request_right w where w.organisation_id = $1 and w.request_id = r.id"
            f" and {' and '.join(rights)} offset 0)"
        )
    return found


def _of_rights(wanted: RequestFilter, parameters: Parameters) -> list[str]:
    asked = {"kind": wanted.kinds, "state": wanted.states}
    return [f"w.{column} = any({parameters.add(sorted(values))}::text[])" for column, values in asked.items() if values]
