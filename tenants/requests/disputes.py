"""While a request is disputed or late nothing of the person is shared, unless an admin objects with a reason (D4)."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from wardship.core.audit.log import AuditEvent
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.obligations.for_member import bring_in_line
from wardship.tenants.permissions import Permission
from wardship.tenants.requests.decider import SelfDecisionError
from wardship.tenants.requests.records import Case
from wardship.tenants.requests.states import WrongStateError
from wardship.tenants.requests.transition import record_event
from wardship.tenants.requests.visibility import lock_case
from wardship.tenants.text import many_lines

Cause = Literal["requested", "disputed", "late"]


async def restrict_for(access: Access, case: Case, cause: Cause) -> list[UUID]:
    """Open a restriction of everything of the person, once for each request and cause; return what vendors owe."""
    opened = await access.transaction.execute(
        "insert into restriction (organisation_id, id, created_at, member_id, category, cause, request_id)"
        " values ($1, $2, $3, $4, '', $5, $6)"
        " on conflict (organisation_id, member_id, category, cause, request_id) where lifted_at is null do nothing",
        access.organisation_id,
        uuid7(),
        access.now,
        case.request.member_id,
        cause,
        case.request.id,
    )
    if opened:
        await record_event(access, case.request, "restricted", cause)
        details = {"cause": cause, "request": case.request.id}
        await access.audit(AuditEvent("member.restricted", "member", case.request.member_id, details=details))
    return await bring_in_line(access, [case.request.member_id])


async def lift_for(access: Access, case: Case, reason: str) -> bool:
    """Lift what a dispute or delay of this request restricted; return whether anything was."""
    lifted = await access.transaction.execute(
        "update restriction set lifted_at = $3, lifted_reason = $4 where organisation_id = $1 and request_id = $2"
        " and cause in ('disputed', 'late') and lifted_at is null",
        access.organisation_id,
        case.request.id,
        access.now,
        reason,
    )
    if lifted:
        await record_event(access, case.request, "restriction_lifted", reason)
        details = {"request": case.request.id}
        await access.audit(AuditEvent("member.restriction_lifted", "member", case.request.member_id, details=details))
        await bring_in_line(access, [case.request.member_id])
    return bool(lifted)


async def object_to_restriction(access: Access, request_id: UUID, reason: str) -> None:
    """Lift a restriction as an administrator, for a reason that the person sees.

    Raises:
        NotFoundError: no such request.
        PermissionDeniedError: the caller's role decides nothing.
        SelfDecisionError: it is the caller's own request.
        WrongStateError: nothing is restricted for it.
        InvalidInputError: no reason.
    """
    case = await lock_case(access, request_id)
    if access.actor.member_id == case.request.member_id:
        raise SelfDecisionError("This is your own request: another administrator or the privacy team decides it.")
    access.require(Permission.REQUESTS_DECIDE)
    access.require_step_up()
    why = many_lines(reason, "reason", most=2000, least=1)
    if not await lift_for(access, case, why):
        raise WrongStateError("Nothing is restricted for this request.")
