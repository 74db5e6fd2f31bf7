"""Give a request to the decider: the admin first, the privacy team where no admin can (requirement D2)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from wardship.tenants.access import Access
from wardship.tenants.permissions import ROLE_PERMISSIONS, Permission
from wardship.tenants.requests.details import is_about_account
from wardship.tenants.requests.events import record_event
from wardship.tenants.requests.records import GRACE_ENDED, Handler, LockedRequest, RightRecord
from wardship.tenants.requests.states import RightState
from wardship.tenants.requests.telling import tell_arrived, tell_escalated
from wardship.tenants.requests.transition import transition_right

_DECIDING_ROLES: Final = tuple(
    sorted(role.value for role, held in ROLE_PERMISSIONS.items() if Permission.REQUESTS_DECIDE in held)
)

_SITUATION = """
    select m.state as state,
        exists (select from role_assignment a where a.organisation_id = $1 and a.member_id = $2
            and a.role = any($3::text[])) as decides,
        exists (select from role_assignment a
            join member o on o.organisation_id = a.organisation_id and o.id = a.member_id
            where a.organisation_id = $1 and a.role = any($3::text[]) and o.state = 'active'
                and o.account_id is not null and o.id <> $2) as has_decider
    from member m where m.organisation_id = $1 and m.id = $2
"""


async def route(access: Access, locked: LockedRequest) -> LockedRequest:
    """Put every right of a request whose identity is proven before the admin, or at once before the privacy team."""
    reason = await _reason_against_admin(access, locked)
    submitted = [right for right in locked.rights if right.state is RightState.SUBMITTED]
    if reason is None:
        return await _share_out(access, locked, submitted)
    for right in submitted:
        locked = await _give_to_privacy_team(access, locked, right, reason)
    locked = await _hand_over(access, locked, reason)
    await tell_arrived(access, locked, reason)
    return locked


async def _share_out(access: Access, locked: LockedRequest, submitted: list[RightRecord]) -> LockedRequest:
    """Put each right before who decides on the data that it is about: the organisation, or the provider."""
    parts: dict[str, list[RightRecord]] = {"": [], _of_provider(): []}
    for right in submitted:
        if is_about_account(right.details):
            locked = await _give_to_privacy_team(access, locked, right, _of_provider())
            parts[_of_provider()].append(locked.right(right.id))
        else:
            locked = await transition_right(access, locked, right, RightState.WITH_ADMIN)
            parts[""].append(locked.right(right.id))
    if parts[_of_provider()]:
        locked = await _hand_over(access, locked, _of_provider())
    for reason, rights in parts.items():
        if rights:
            await tell_arrived(access, replace(locked, rights=tuple(rights)), reason)
    return locked


def _of_provider() -> str:
    """Return why the privacy team decides on what the provider holds, as a code."""
    return "provider_decides"


async def _reason_against_admin(access: Access, locked: LockedRequest) -> str | None:
    """Return why no admin of the organisation can decide a request, as a code; None when one can."""
    if access.actor.is_at_provider:
        return "asked_of_provider"
    is_asked = locked.request.identity_method != GRACE_ENDED
    row = await access.fetchrow(_SITUATION, locked.request.member_id, list(_DECIDING_ROLES))
    if row is None or (is_asked and row["state"] != "active"):
        return "person_has_left"
    if row["decides"]:
        return "concerns_the_decider"
    return None if row["has_decider"] else "no_active_admin"


async def escalate(
    access: Access, locked: LockedRequest, rights: list[RightRecord], code: str, reason: str = ""
) -> LockedRequest:
    """Take rights from the admin and put them before the privacy team; the code says why, the reason in words."""
    for right in rights:
        locked = await transition_right(access, locked, right, RightState.ESCALATED, reason or code)
        locked = await _give_to_privacy_team(access, locked, locked.right(right.id))
    locked = await _hand_over(access, locked, code)
    await tell_escalated(access, locked, code)
    return locked


async def _give_to_privacy_team(
    access: Access, locked: LockedRequest, right: RightRecord, reason: str = ""
) -> LockedRequest:
    target, handler = RightState.WITH_PRIVACY_TEAM, Handler.PRIVACY_TEAM
    return await transition_right(access, locked, right, target, reason, handler=handler)


async def _hand_over(access: Access, locked: LockedRequest, code: str) -> LockedRequest:
    now = access.now
    await access.execute(
        "update data_request set handler = 'privacy_team', escalated_at = coalesce(escalated_at, $3),"
        " escalation_reason = case when escalation_reason = '' then $4 else escalation_reason end"
        " where organisation_id = $1 and id = $2",
        locked.request.id,
        now,
        code,
    )
    await record_event(access, locked.request, "with_privacy_team", code)
    await access.audit("request.escalated", "data_request", locked.request.id, reason=code)
    request = replace(
        locked.request,
        handler=Handler.PRIVACY_TEAM,
        escalated_at=locked.request.escalated_at or now,
        escalation_reason=locked.request.escalation_reason or code,
    )
    return LockedRequest(request, locked.rights)
