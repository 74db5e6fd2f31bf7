"""The states of one right, and which may follow which: data, without any input or output."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from wardship.core.errors import ConflictError


class RightKind(StrEnum):
    """What a person can ask for (requirement D1)."""

    ACCESS = "access"
    PORTABILITY = "portability"
    CORRECTION = "correction"
    RESTRICTION = "restriction"
    ERASURE = "erasure"
    OBJECTION = "objection"
    CONSENT_WITHDRAWAL = "consent_withdrawal"
    DEACTIVATION = "deactivation"


class RightState(StrEnum):
    """Where one right of a request stands. ``scheduled`` is an erasure that waits; nobody is deactivated by it."""

    SUBMITTED = "submitted"
    WITH_ADMIN = "with_admin"
    REFUSED = "refused"
    ESCALATED = "escalated"
    WITH_PRIVACY_TEAM = "with_privacy_team"
    DENIED = "denied"
    APPROVED = "approved"
    PREVIEWED = "previewed"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    AWAITING_VENDORS = "awaiting_vendors"
    ATTESTING = "attesting"
    FULFILLED = "fulfilled"
    PARTIALLY_FULFILLED = "partially_fulfilled"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class WrongStateError(ConflictError):
    """The right has moved on, or is not there yet: read its state and do what that state allows."""

    code = "WRONG_STATE"


_S = RightState

TRANSITIONS: Final = MappingProxyType(
    {
        _S.SUBMITTED: frozenset({_S.WITH_ADMIN, _S.WITH_PRIVACY_TEAM, _S.WITHDRAWN, _S.EXPIRED}),
        _S.WITH_ADMIN: frozenset({_S.APPROVED, _S.REFUSED, _S.ESCALATED, _S.WITHDRAWN}),
        _S.REFUSED: frozenset({_S.ESCALATED}),
        _S.ESCALATED: frozenset({_S.WITH_PRIVACY_TEAM}),
        _S.WITH_PRIVACY_TEAM: frozenset({_S.APPROVED, _S.DENIED, _S.WITHDRAWN}),
        _S.APPROVED: frozenset({_S.PREVIEWED, _S.IN_PROGRESS, _S.WITHDRAWN}),
        _S.PREVIEWED: frozenset({_S.SCHEDULED, _S.WITHDRAWN}),
        _S.SCHEDULED: frozenset({_S.IN_PROGRESS, _S.APPROVED, _S.WITHDRAWN}),
        _S.IN_PROGRESS: frozenset({_S.AWAITING_VENDORS, _S.FULFILLED, _S.PARTIALLY_FULFILLED}),
        _S.AWAITING_VENDORS: frozenset({_S.ATTESTING, _S.FULFILLED, _S.PARTIALLY_FULFILLED}),
        _S.ATTESTING: frozenset({_S.FULFILLED, _S.PARTIALLY_FULFILLED}),
        _S.DENIED: frozenset(),
        _S.FULFILLED: frozenset(),
        _S.PARTIALLY_FULFILLED: frozenset(),
        _S.WITHDRAWN: frozenset(),
        _S.EXPIRED: frozenset(),
    }
)

TERMINAL: Final = frozenset(state for state, following in TRANSITIONS.items() if not following)
"""A right in one of these never moves again."""

WITHDRAWABLE: Final = frozenset(state for state, following in TRANSITIONS.items() if _S.WITHDRAWN in following)
"""The person can still take the right back: nothing has been changed or handed out."""

CERTIFIED: Final = frozenset({_S.DENIED, _S.FULFILLED, _S.PARTIALLY_FULFILLED})
"""A request of which a right ended so gets a certificate."""


def require_transition(current: RightState, target: RightState) -> None:
    """Refuse a change of state that the table does not hold.

    Raises:
        WrongStateError: saying what may follow.
    """
    following = TRANSITIONS[current]
    if target not in following:
        allowed = ", ".join(sorted(following)) or "nothing more: it has ended"
        raise WrongStateError(f"A right that is {current} can't become {target}; it can become {allowed}.")
