"""What rights restrict, and while they are in which states (D4).

One table, asked at every change of a right's state, so that no end is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.grants.restrictions import (
    RestrictionCause,
    RestrictionRecord,
    RestrictionState,
    lift_restrictions,
    open_restrictions,
    restrict_member,
    schedule_lift,
)
from wardship.tenants.notices import tell
from wardship.tenants.requests.events import record_event
from wardship.tenants.requests.notices import RESTRICTION_STAYS
from wardship.tenants.requests.records import LockedRequest, RightRecord
from wardship.tenants.requests.states import TERMINAL, RightKind, RightState

_S = RightState


class RestrictingRights(NamedTuple):
    """Rights of which kinds, in which states, restrict."""

    kinds: frozenset[RightKind]
    states: frozenset[RightState]


_ANY_KIND: Final = frozenset(RightKind)
_BEGUN: Final = frozenset({_S.IN_PROGRESS, _S.AWAITING_VENDORS, _S.ATTESTING})

_DISPUTED: Final = frozenset({_S.REFUSED, _S.ESCALATED, _S.WITH_PRIVACY_TEAM})
_GRANTED: Final = frozenset({_S.FULFILLED, _S.PARTIALLY_FULFILLED})

RESTRICTED_WHILE: Final = MappingProxyType(
    {
        # Granted, it is in force until it is lifted for itself: see ``lifting``.
        RestrictionCause.REQUESTED: RestrictingRights(frozenset({RightKind.RESTRICTION}), _BEGUN | _GRANTED),
        RestrictionCause.DISPUTED: RestrictingRights(_ANY_KIND, _DISPUTED),
        RestrictionCause.LATE: RestrictingRights(_ANY_KIND, frozenset(RightState) - TERMINAL),
        RestrictionCause.ERASURE: RestrictingRights(frozenset({RightKind.ERASURE}), _BEGUN | {_S.SCHEDULED}),
    }
)
"""A cause for which no right of a request restricts any more has ended, and what it restricted is shared again."""


async def restrict_for(
    access: Access, locked: LockedRequest, cause: RestrictionCause, category: str = ""
) -> list[UUID]:
    """Open a restriction, of everything or of a category, once for each request and cause; return what vendors owe.

    It ends with its cause: see ``RESTRICTED_WHILE``. One whose end was announced stays, since its cause has come again.
    """
    request = locked.request
    same = [
        item for item in await open_restrictions(access, request.id) if (item.cause, item.category) == (cause, category)
    ]
    for item in same:
        if item.state is RestrictionState.LIFT_ANNOUNCED:
            await let_stay(access, locked, item)
    if same:
        return []
    owed = await restrict_member(access, request.member_id, cause=cause, category=category, request_id=request.id)
    await record_event(access, locked.request, "restricted", cause.value)
    return owed


async def let_stay(access: Access, locked: LockedRequest | None, found: RestrictionRecord) -> None:
    """Take back that a restriction ends, and tell the person."""
    await schedule_lift(access, found.id, None)
    if locked is not None:
        await record_event(access, locked.request, "restriction_kept")
    target = ("data_request", locked.request.id) if locked else None
    await tell(access, RESTRICTION_STAYS, [found.member_id], target=target)


def restricting_causes(rights: Iterable[RightRecord]) -> frozenset[RestrictionCause]:
    """Return for which causes these rights of one request may restrict the person's data now."""
    return frozenset(cause for right in rights for cause in RESTRICTED_WHILE if _restricts(right, cause))


def _restricts(right: RightRecord, cause: RestrictionCause) -> bool:
    # What waits for the privacy team is in dispute only where the administrator has decided before.
    is_undisputed = cause is RestrictionCause.DISPUTED and right.decided_at is None
    kinds, states = RESTRICTED_WHILE[cause]
    return right.kind in kinds and right.state in states and not is_undisputed


async def lift_what_ended(access: Access, before: LockedRequest, after: LockedRequest) -> None:
    """Lift what the request restricted for causes that its rights had before a change of state, and have no more."""
    ended = restricting_causes(before.rights) - restricting_causes(after.rights)
    if not ended:
        return
    ending = [item for item in await open_restrictions(access, after.request.id) if item.cause in ended]
    if not ending:
        return
    reason = ", ".join(sorted(f"{item.cause} no more" for item in ending))
    await lift_restrictions(access, after.request.member_id, reason=reason, ids=[item.id for item in ending])
    await record_event(access, after.request, "restriction_lifted", reason)
