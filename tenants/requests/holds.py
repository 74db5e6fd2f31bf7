"""What rights restrict while they last: one table, asked at every change of a right's state: no end is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final, NamedTuple

from wardship.tenants.access import Access
from wardship.tenants.grants.restrictions import Cause, lift_restrictions, open_restrictions
from wardship.tenants.requests.events import record_event
from wardship.tenants.requests.records import LockedRequest, RightRecord
from wardship.tenants.requests.states import TERMINAL, RightKind, RightState

_S = RightState


class Hold(NamedTuple):
    """Rights of which kinds, in which states, hold a restriction."""

    kinds: frozenset[RightKind]
    states: frozenset[RightState]


_ANY_KIND: Final = frozenset(RightKind)
_BEGUN: Final = frozenset({_S.IN_PROGRESS, _S.AWAITING_VENDORS, _S.ATTESTING})

HOLDS: Final = MappingProxyType(
    {
        # Granted, it is in force until it is lifted for itself: see ``lifting``.
        Cause.REQUESTED: Hold(frozenset({RightKind.RESTRICTION}), _BEGUN | {_S.FULFILLED, _S.PARTIALLY_FULFILLED}),
        Cause.DISPUTED: Hold(_ANY_KIND, frozenset({_S.REFUSED, _S.ESCALATED, _S.WITH_PRIVACY_TEAM})),
        Cause.LATE: Hold(_ANY_KIND, frozenset(RightState) - TERMINAL),
        Cause.ERASURE: Hold(frozenset({RightKind.ERASURE}), _BEGUN | {_S.SCHEDULED}),
    }
)
"""A cause that no right of a request holds any more has ended, and what it restricted is shared again."""


def held_causes(rights: Iterable[RightRecord]) -> frozenset[Cause]:
    """Return for which causes these rights of one request may restrict the person's data now."""
    return frozenset(cause for right in rights for cause, hold in HOLDS.items() if _holds(right, cause, hold))


def _holds(right: RightRecord, cause: Cause, hold: Hold) -> bool:
    # What waits for the privacy team is in dispute only where the administrator has decided before.
    is_undisputed = cause is Cause.DISPUTED and right.decided_at is None
    return right.kind in hold.kinds and right.state in hold.states and not is_undisputed


async def release(access: Access, before: LockedRequest, after: LockedRequest) -> None:
    """Lift what the request restricted for causes that its rights held before a change of state, and hold no more."""
    ended = held_causes(before.rights) - held_causes(after.rights)
    if not ended:
        return
    ending = [item for item in await open_restrictions(access, after.request.id) if item.cause in ended]
    if not ending:
        return
    reason = ", ".join(sorted(f"{item.cause} no more" for item in ending))
    await lift_restrictions(access, after.request.member_id, reason=reason, ids=[item.id for item in ending])
    await record_event(access, after.request, "restriction_lifted", reason)
