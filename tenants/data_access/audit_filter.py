"""Narrow an audit chain to who acted, what was done, to what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from wardship.tenants.parameters import Parameters

# An entry's moment is that of its act, its place in the chain that of its commit: no transaction takes an hour.
_AROUND: Final = "interval '1 hour'"
_PLACE: Final = (
    "(select b.sequence from audit_entry b where b.organisation_id = $1 and b.created_at {condition}"
    " order by b.created_at {direction}, b.sequence {direction} limit 1)"
)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries of a chain a list holds.

    Attributes:
        actor_id: those of one member.
        action: those of one act, as the entry names it.
        target_id: those on one object.
        since: those of this moment or later.
        before: those earlier than this moment.
    """

    actor_id: UUID | None = None
    action: str = ""
    target_id: UUID | None = None
    since: datetime | None = None
    before: datetime | None = None


def audit_conditions(wanted: AuditFilter, parameters: Parameters) -> str:
    """Return `` and …`` for a statement on `audit_entry e` of the organisation in ``$1``."""
    found = ""
    if wanted.actor_id is not None:
        found += f" and e.actor_member_id = {parameters.add(wanted.actor_id)}"
    if wanted.action:
        found += f" and e.action = {parameters.add(wanted.action)}"
    if wanted.target_id is not None:
        found += f" and e.target_id = {parameters.add(wanted.target_id)}"
    if wanted.since is not None:
        place = f"{parameters.add(wanted.since)}::timestamptz"
        found += f" and e.created_at >= {place} and e.sequence >= {_first(f'>= {place} - {_AROUND}', 'asc')}"
    if wanted.before is not None:
        place = f"{parameters.add(wanted.before)}::timestamptz"
        found += f" and e.created_at < {place} and e.sequence <= {_first(f'< {place} + {_AROUND}', 'desc')}"
    return found


def _first(condition: str, direction: str) -> str:
    """Return where in the chain a moment stands, so that the list begins and ends there; null where nothing does."""
    return _PLACE.format(condition=condition, direction=direction)
