"""Read and decide what in texts may be the person, before an erasure is committed and while one waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from wardship.core.errors import InvalidInputError
from wardship.tenants.access import Access
from wardship.tenants.erasure.excerpts import Excerpt, excerpts_of
from wardship.tenants.erasure.finds import (
    OTHERS,
    FindRecord,
    decide_by_rule,
    decide_finds,
    find_by_id,
    list_finds,
    note_finds,
    undecided,
)
from wardship.tenants.matching.rules import Rule
from wardship.tenants.notices import tell, tell_privacy_team
from wardship.tenants.paging import PageRequest
from wardship.tenants.requests.authority import require_decider
from wardship.tenants.requests.erasures import current_snapshot, known_at_commit
from wardship.tenants.requests.events import record_event, wake_workers
from wardship.tenants.requests.notices import FINDS_UNDECIDED
from wardship.tenants.requests.records import Handler, LockedRequest, RightRecord
from wardship.tenants.requests.states import RightKind, RightState, WrongStateError
from wardship.tenants.requests.transition import let_wait, schedule_right
from wardship.tenants.requests.visibility import lock_request_of_right

WAITS: Final = timedelta(days=7)
"""How long an erasure that is due waits for a decision on finds that appeared after its commit."""

_DECIDABLE: Final = {RightState.PREVIEWED, RightState.SCHEDULED}


@dataclass(frozen=True, slots=True)
class ShownFind:
    """A find with the passage around it as it stands now; no passage where it was changed meanwhile."""

    find: FindRecord
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True)
class ShownFinds:
    """A page of finds; ``last`` is the id from which the next page goes on, None at the end."""

    finds: list[ShownFind]
    last: UUID | None


@dataclass(frozen=True, slots=True)
class DecidedFinds:
    """The erasure, and how much of what was found for it last is still undecided."""

    right: RightRecord
    undecided: int


async def read_erasure_finds(
    access: Access, right_id: UUID, *, first: int, after: UUID | None = None, is_undecided: bool = False
) -> ShownFinds:
    """Return a page of what was found when the erasure was last previewed and has to be decided, with its passages.

    Raises:
        NotFoundError: no such right.
        SelfDecisionError, NotWithYouError, PermissionDeniedError: not the caller's to decide.
        WrongStateError: it is no erasure that was previewed or waits.
        InvalidInputError: ``after`` is no find of it.
    """
    locked, right = await _decidable(access, right_id)
    place = None if after is None else await _place(access, right_id, after)
    page = await list_finds(access, right_id, PageRequest(first, place), is_undecided=is_undecided)
    known = await known_at_commit(access, right)
    excerpts = await excerpts_of(access, locked.request.member_id, page.items, known)
    last = page.items[-1].id if page.items and page.has_next else None
    return ShownFinds([ShownFind(item, excerpts.get(item.id)) for item in page.items], last)


async def _place(access: Access, right_id: UUID, find_id: UUID) -> tuple[datetime, UUID]:
    record = await find_by_id(access, find_id)
    if record is None or record.right_id != right_id:
        raise InvalidInputError("No such find of this erasure: go on from one that it has.", path=("after",))
    return record.created_at, record.id


async def decide_erasure_finds(
    access: Access,
    right_id: UUID,
    *,
    finds: Mapping[UUID, bool] | None = None,
    rules: Mapping[Rule, bool] | None = None,
    others: bool | None = None,
) -> DecidedFinds:
    """Decide what in texts becomes the pseudonym: single finds, all undecided ones of a rule, and all others.

    What was decided before a commit stands after it. An erasure that waits goes on once nothing is undecided.

    Raises:
        NotFoundError: no such right.
        SelfDecisionError, NotWithYouError, PermissionDeniedError, StepUpRequiredError: not the caller's to decide.
        WrongStateError: it is no erasure that was previewed or waits.
        InvalidInputError: a find is not one of it, or is committed.
    """
    locked, right = await _decidable(access, right_id)
    is_committed = right.state is RightState.SCHEDULED
    if is_committed:
        access.require_step_up()
    if finds:
        await decide_finds(access, right_id, finds, is_committed=is_committed)
    for rule, is_rewritten in (rules or {}).items():
        await decide_by_rule(access, right_id, rule.value, is_rewritten=is_rewritten, is_committed=is_committed)
    if others is not None:
        await decide_by_rule(access, right_id, OTHERS, is_rewritten=others, is_committed=is_committed)
    left = await undecided(access, right_id)
    ruled = sorted(rule.value for rule in rules or {})
    await access.audit(
        "erasure.finds_decided", "request_right", right_id, finds=len(finds or {}), rules=ruled, others=others
    )
    if right.waits_until is not None and not left:
        await schedule_right(access, right_id, access.now)
        await wake_workers(access)
        locked = await lock_request_of_right(access, right_id)
    return DecidedFinds(locked.right(right_id), left)


async def wait_for_decision(access: Access, right_id: UUID) -> None:
    """Let an erasure that is due wait, because something appeared after its commit that nobody has decided.

    Those who decided and committed it are told by mail. When the time is over the clock decides: what is likely becomes
    the pseudonym, what is only possible stays.
    """
    locked = await lock_request_of_right(access, right_id)
    right = locked.right(right_id)
    if right.state is not RightState.SCHEDULED or not right.is_due(access.now):
        return
    snapshot = await current_snapshot(access, locked, right)
    await note_finds(access, right_id, snapshot.search)
    until = right.waits_until or access.now + WAITS
    await let_wait(access, right_id, until)
    count = snapshot.preview.undecided
    await record_event(access, locked.request, "waits_for_decision", str(count), right_id)
    await access.audit("erasure.waits", "request_right", right_id, undecided=count, until=until.isoformat())
    await _tell_deciders(access, locked, right, count, until)


async def _tell_deciders(
    access: Access, locked: LockedRequest, right: RightRecord, count: int, until: datetime
) -> None:
    """Tell those who decided and committed; the privacy team as a whole where the right is with it."""
    target, once = ("data_request", locked.request.id), str(until)
    if right.handler is Handler.PRIVACY_TEAM:
        await tell_privacy_team(access, FINDS_UNDECIDED, target=target, once=once, count=count, date=until)
    await tell(
        access,
        FINDS_UNDECIDED,
        [decider_id for decider_id in (right.decided_by, right.committed_by) if decider_id],
        target=target,
        once=once,
        count=count,
        date=until,
    )


async def _decidable(access: Access, right_id: UUID) -> tuple[LockedRequest, RightRecord]:
    locked = await lock_request_of_right(access, right_id)
    right = locked.right(right_id)
    await require_decider(access, locked, right)
    if right.kind is not RightKind.ERASURE or right.state not in _DECIDABLE:
        raise WrongStateError("Only of an erasure that was previewed or waits can finds be decided: preview it first.")
    return locked, right
