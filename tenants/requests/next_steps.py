"""Tell what the clocks do with a request, and when, if nobody acts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wardship.tenants.requests.deadlines import UNVERIFIED_FOR
from wardship.tenants.requests.records import IdentityState, RequestRecord, RightRecord
from wardship.tenants.requests.states import RightKind, RightState


class StepEffect(StrEnum):
    """What a clock does; an erasure then waits a week for a decision, where texts have changed that nobody decided."""

    EXPIRES = "expires"
    GOES_TO_PRIVACY_TEAM = "goes_to_privacy_team"
    IS_LATE = "is_late"
    IS_ERASED = "is_erased"
    FINDS_ARE_DECIDED = "finds_are_decided"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What a clock does with a request if nobody acts before.

    Attributes:
        at: the moment.
        effect: what happens then.
        right_id: the right that it is about; None where it is about the whole request.
    """

    at: datetime
    effect: StepEffect
    right_id: UUID | None = None


def next_steps(request: RequestRecord, rights: Sequence[RightRecord]) -> list[NextStep]:
    """Return what the clocks do with a request if nobody acts, the soonest first; nothing once it has ended."""
    if request.ended_at is not None:
        return []
    return sorted(_steps(request, rights), key=lambda step: step.at)


def _steps(request: RequestRecord, rights: Sequence[RightRecord]) -> Iterator[NextStep]:
    if request.identity_state is IdentityState.PENDING:
        yield NextStep(request.submitted_at + UNVERIFIED_FOR, StepEffect.EXPIRES)
        return
    if any(right.state is RightState.WITH_ADMIN for right in rights):
        silent = request.acknowledge_by if request.acknowledged_at is None else request.decide_by
        yield NextStep(min(silent, request.decide_by), StepEffect.GOES_TO_PRIVACY_TEAM)
    if request.late_since is None:
        yield NextStep(request.due_at, StepEffect.IS_LATE)
    copies = {RightKind.ACCESS, RightKind.PORTABILITY}
    is_copy_open = any(right.kind in copies and right.is_open for right in rights)
    for right in rights:
        # Nothing is erased before the copy that was asked for with it is made, or refused.
        if right.state is RightState.SCHEDULED and right.scheduled_for and not is_copy_open:
            waits = right.waits_until is not None
            effect = StepEffect.FINDS_ARE_DECIDED if waits else StepEffect.IS_ERASED
            yield NextStep(right.scheduled_for, effect, right.id)
