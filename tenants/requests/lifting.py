"""Lift a restriction: the person at once, a decider after the person was told (GDPR article 18(3)), or keep it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.grants.restrictions import (
    RestrictionCause,
    RestrictionRecord,
    RestrictionState,
    find_restriction,
    lift_restrictions,
    open_restrictions,
    restriction_not_found,
    schedule_lift,
)
from wardship.tenants.members.ranks import own_membership
from wardship.tenants.notices import tell
from wardship.tenants.permissions import Permission
from wardship.tenants.requests.authority import SelfDecisionError, require_decider
from wardship.tenants.requests.decide import stated
from wardship.tenants.requests.events import record_event
from wardship.tenants.requests.notices import RESTRICTION_ENDS
from wardship.tenants.requests.records import Handler, LockedRequest, RequestRecord
from wardship.tenants.requests.restricting import let_stay
from wardship.tenants.requests.states import RightKind, WrongStateError
from wardship.tenants.requests.visibility import lock_request

TOLD_BEFORE: Final = timedelta(hours=72)
"""How long the person knows before a decider's lift takes effect."""

_LIFTED_BY_PERSON: Final = "the person lifted it"


async def lift_my_restriction(access: Access, restriction_id: UUID) -> RestrictionRecord:
    """Lift a restriction of one's own data at once, and return it.

    Raises:
        NotFoundError: no such restriction of the caller's.
        WrongStateError: it was lifted before, or belongs to a scheduled erasure, which is called off instead.
    """
    access.require_scope("write")
    found = await find_restriction(access, restriction_id)
    if access.actor.member_id is None or found.member_id != access.actor.member_id:
        raise restriction_not_found()
    locked = await _lock_request(access, found)
    found = await _liftable(access, restriction_id)
    await _lift(access, locked, found, _LIFTED_BY_PERSON)
    return await find_restriction(access, restriction_id)


async def announce_lift(access: Access, restriction_id: UUID, reason: str) -> RestrictionRecord:
    """Decide that a restriction ends, tell the person, and return it: it holds for another 72 hours.

    Raises:
        NotFoundError: no such restriction that the caller may see.
        SelfDecisionError, NotWithYouError, PermissionDeniedError, StepUpRequiredError: not the caller's to decide.
        WrongStateError: it was lifted or its end announced before, or it belongs to a scheduled erasure.
        InvalidInputError: no reason.
    """
    found = await find_restriction(access, restriction_id)
    locked = await _lock_decidable(access, found)
    why = stated(reason)
    found = await _liftable(access, restriction_id)
    if found.state is RestrictionState.LIFT_ANNOUNCED:
        raise WrongStateError("The end of this restriction was announced before.")
    await _announce(access, locked, [found], why)
    return await find_restriction(access, restriction_id)


async def object_to_restriction(access: Access, request_id: UUID, reason: str) -> RequestRecord:
    """Decide as an administrator that what a disputed or late request restricts ends, and return the request.

    The person is told the reason at once, and the restriction holds for another 72 hours.

    Raises:
        NotFoundError: no such request.
        SelfDecisionError, PermissionDeniedError, StepUpRequiredError: not the caller's to decide.
        WrongStateError: nothing is restricted for it whose end was not announced before.
        InvalidInputError: no reason.
    """
    locked = await lock_request(access, request_id)
    await _require_may_object(access, locked)
    why = stated(reason)
    disputes = [
        item
        for item in await open_restrictions(access, request_id)
        if item.cause in {RestrictionCause.DISPUTED, RestrictionCause.LATE} and item.state is RestrictionState.IN_FORCE
    ]
    if not disputes:
        raise WrongStateError("Nothing is restricted for this request, or its end was announced before.")
    await _announce(access, locked, disputes, why)
    return locked.request


async def keep_restriction(access: Access, restriction_id: UUID) -> RestrictionRecord:
    """Take back that a restriction ends, tell the person, and return it.

    Raises:
        NotFoundError: no such restriction that the caller may see.
        SelfDecisionError, NotWithYouError, PermissionDeniedError, StepUpRequiredError: not the caller's to decide.
        WrongStateError: its end was not announced, or has come.
    """
    found = await find_restriction(access, restriction_id)
    locked = await _lock_decidable(access, found)
    found = await find_restriction(access, restriction_id)
    if found.state is not RestrictionState.LIFT_ANNOUNCED:
        raise WrongStateError("The end of this restriction is not announced: there is nothing to take back.")
    await let_stay(access, locked, found)
    return await find_restriction(access, restriction_id)


async def lift_if_due(access: Access, restriction_id: UUID) -> None:
    """Lift a restriction whose announced end has come; the clock's part."""
    locked = await _lock_request(access, await find_restriction(access, restriction_id))
    found = await find_restriction(access, restriction_id)
    if found.is_lift_due(access.now):
        await _lift(access, locked, found, found.lifted_reason)


async def _lock_request(access: Access, found: RestrictionRecord) -> LockedRequest | None:
    if found.request_id is None:
        return None
    try:
        return await lock_request(access, found.request_id, is_left=True)
    except NotFoundError:
        raise restriction_not_found() from None


async def _lock_decidable(access: Access, found: RestrictionRecord) -> LockedRequest | None:
    """Lock the request that a restriction belongs to, and refuse unless the caller may decide that it ends."""
    locked = await _lock_request(access, found)
    if locked is None:
        await _require_another(access, found.member_id)
        if not access.may(Permission.REQUESTS_READ):
            raise restriction_not_found()
        access.require(Permission.REQUESTS_DECIDE)
    elif found.cause is RestrictionCause.REQUESTED:
        right = next((item for item in locked.rights if item.kind is RightKind.RESTRICTION), None)
        await require_decider(access, locked, right)
    else:
        await _require_may_object(access, locked)
        return locked
    access.require_step_up()
    return locked


async def _require_may_object(access: Access, locked: LockedRequest) -> None:
    """Refuse unless the caller is an administrator, or of the privacy team where the request is with it."""
    await _require_another(access, locked.request.member_id)
    is_with_team = locked.request.handler is Handler.PRIVACY_TEAM
    if not (is_with_team and access.may(Permission.REQUESTS_DECIDE_ESCALATED)):
        access.require(Permission.REQUESTS_DECIDE)
    access.require_step_up()


async def _require_another(access: Access, member_id: UUID) -> None:
    if await own_membership(access) == member_id:
        raise SelfDecisionError("This is your own data: lift the restriction as your own instead.")


async def _liftable(access: Access, restriction_id: UUID) -> RestrictionRecord:
    found = await find_restriction(access, restriction_id)
    if found.state is RestrictionState.LIFTED:
        raise WrongStateError("This restriction was lifted before.")
    if found.cause is RestrictionCause.ERASURE:
        raise WrongStateError("This restriction ends with the scheduled erasure: call that off.")
    return found


async def _announce(
    access: Access, locked: LockedRequest | None, ending: Sequence[RestrictionRecord], why: str
) -> None:
    at = access.now + TOLD_BEFORE
    for item in ending:
        await schedule_lift(access, item.id, at, why)
    await _record(access, locked, "restriction_lift_announced", why)
    target = ("data_request", locked.request.id) if locked else None
    await tell(access, RESTRICTION_ENDS, [ending[0].member_id], target=target, date=at, reason=why)


async def _lift(access: Access, locked: LockedRequest | None, found: RestrictionRecord, reason: str) -> None:
    await lift_restrictions(access, found.member_id, reason=reason, ids=[found.id])
    await _record(access, locked, "restriction_lifted", reason)


async def _record(access: Access, locked: LockedRequest | None, kind: str, reason: str = "") -> None:
    if locked is not None:
        await record_event(access, locked.request, kind, reason)
