"""End a right once everything that it made due has ended, and say how well it was fulfilled."""

from __future__ import annotations

from typing import Final

from wardship.plugins.api import AttestationLevel, Verb
from wardship.tenants.access import Access
from wardship.tenants.erasure.remainders import has_remainders
from wardship.tenants.exports.vendor_exports import drop_exports
from wardship.tenants.fulfilment.copies import hand_out_copy
from wardship.tenants.members.records import MemberState
from wardship.tenants.obligations.grades import caveats, shortfalls
from wardship.tenants.obligations.read import obligations_of_right
from wardship.tenants.obligations.taken_back import taken_back_before
from wardship.tenants.requests.records import LockedRequest, RightRecord
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.telling_done import Done, tell_done
from wardship.tenants.requests.transition import transition_right
from wardship.tenants.requests.withdraw import PERSON_ERASED

NOT_CORRECTED: Final = "not_corrected"
"""Tells, as an event and in an outcome, that a value was not corrected."""
_COPIES = {RightKind.ACCESS, RightKind.PORTABILITY}


async def close_right(access: Access, locked: LockedRequest, right: RightRecord) -> LockedRequest:
    """Bring a right as far as its obligations allow, and end it when all of them have ended."""
    owed = (await obligations_of_right(access, [right.id]))[right.id]
    if any(not item.is_ended and item.verb is not Verb.ATTEST for item in owed):
        return locked
    if any(not item.is_ended for item in owed):
        is_waiting = right.state is RightState.AWAITING_VENDORS
        return await transition_right(access, locked, right, RightState.ATTESTING) if is_waiting else locked
    is_limited = right.is_limitation_enforced and bool(right.limitation)
    if right.kind in _COPIES and await _is_erased(access, locked):
        await drop_exports(access, [item.id for item in owed])
        return await transition_right(access, locked, right, RightState.PARTIALLY_FULFILLED, outcome=PERSON_ERASED)
    said = caveats(owed)
    if right.kind in _COPIES:
        is_limited = await hand_out_copy(access, locked, right, is_complete=True)
    elif right.kind is RightKind.ERASURE:
        is_limited = await has_remainders(access, right.id)
        said |= {
            f"earlier_{proof.level if proof else AttestationLevel.UNVERIFIABLE}"
            for _, proof in await taken_back_before(access, locked.request.member_id, owed)
            if proof is None or not proof.is_evidence
        }
    fallen_short = shortfalls(owed)
    missing = {*fallen_short.values()} - {""} | ({"limited"} if is_limited else set())
    if right.kind is RightKind.CORRECTION and await _is_left_uncorrected(access, right):
        missing |= {NOT_CORRECTED}
    target = RightState.PARTIALLY_FULFILLED if missing else RightState.FULFILLED
    locked = await transition_right(access, locked, right, target, outcome=",".join(sorted(missing | said)))
    places = sorted({each.recipient for each in owed if fallen_short[each.id]})
    await tell_done(
        access, locked, right, Done(places, is_limited=is_limited, is_corrected=NOT_CORRECTED not in missing)
    )
    return locked


async def _is_left_uncorrected(access: Access, right: RightRecord) -> bool:
    """Return whether something was not corrected, because it could not be any more when its time came."""
    found: bool = await access.fetchval(
        "select exists (select from request_event where organisation_id = $1 and request_id = $2 and right_id = $3"
        " and kind = $4)",
        right.request_id,
        right.id,
        NOT_CORRECTED,
    )
    return found


async def _is_erased(access: Access, locked: LockedRequest) -> bool:
    """Return whether the person was erased since the right was begun: then there is nobody to hand anything to."""
    state = await access.fetchval(
        "select state from member where organisation_id = $1 and id = $2", locked.request.member_id
    )
    return bool(state == MemberState.ERASED)
