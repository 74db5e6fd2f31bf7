"""End a right once everything that it made due has ended, and say how well it was fulfilled."""

from __future__ import annotations

from wardship.plugins.api import AttestationLevel, Verb
from wardship.tenants.access import Access
from wardship.tenants.exports.build import build_export
from wardship.tenants.obligations.read import ObligationRecord, ObligationState, obligations_of_right
from wardship.tenants.requests.disputes import lift_for
from wardship.tenants.requests.records import Case, RightRecord
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.transition import move

_COPIES = {RightKind.ACCESS, RightKind.PORTABILITY}
_TAKEN_BACK = {Verb.ERASE, Verb.REVOKE}
_SUPERSEDED = "superseded"


def shortfall(owed: ObligationRecord) -> str:
    """Return why an ended obligation can't be relied on, as a code; empty when it can or was replaced."""
    code = owed.outcome.code or owed.outcome.status if owed.outcome else "unknown"
    if code == _SUPERSEDED:
        return ""
    if owed.state is not ObligationState.COMPLETED:
        return code
    if owed.verb in _TAKEN_BACK and (owed.proof is None or owed.proof.level is AttestationLevel.UNVERIFIABLE):
        return "unverifiable"
    return ""


async def settle(access: Access, case: Case, right: RightRecord) -> Case:
    """Move a right on as far as its obligations allow, and end it when all of them have ended."""
    owed = (await obligations_of_right(access, [right.id]))[right.id]
    if any(not item.is_ended and item.verb is not Verb.ATTEST for item in owed):
        return case
    if any(not item.is_ended for item in owed):
        is_waiting = right.state is RightState.AWAITING_VENDORS
        return await move(access, case, right, RightState.ATTESTING) if is_waiting else case
    if right.kind in _COPIES:
        await build_export(access, case, right, is_complete=True)
    shortfalls = sorted({shortfall(item) for item in owed} - {""} | ({"limited"} if right.limitation else set()))
    target = RightState.PARTIALLY_FULFILLED if shortfalls else RightState.FULFILLED
    case = await move(access, case, right, target, outcome=",".join(shortfalls))
    if case.request.ended_at is not None:
        await lift_for(access, case, "the request has ended")
    return case
