"""What follows from a membership that ended: the person is told, warned, can come back, or is erased by a request."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from wardship.core.actor import Role
from wardship.core.errors import NotFoundError
from wardship.core.notice_kind import NoticeKind
from wardship.tenants.access import Access
from wardship.tenants.groups.people import leads_a_group
from wardship.tenants.members.fields import AT_REQUEST, ERASED
from wardship.tenants.members.membership import StateConflictError, resume_at_request
from wardship.tenants.members.ranks import active_roles, roles_held
from wardship.tenants.members.read import member_by_id
from wardship.tenants.members.records import MemberRecord, MemberState
from wardship.tenants.notices import tell, tell_by_mail, tell_permitted
from wardship.tenants.permissions import Permission
from wardship.tenants.requests.events import record_event, wake_workers
from wardship.tenants.requests.grace import (
    GRACE,
    WARNINGS,
    GraceCause,
    GraceRecord,
    GraceState,
    await_erasure,
    end_grace,
    grace_of,
    lock_grace,
    run_grace,
    start_grace,
)
from wardship.tenants.requests.insert import insert_request, insert_rights
from wardship.tenants.requests.notices import ERASURE_ASKED, GRACE_WARNING, MEMBERSHIP_ENDED, REFERENCE_NOT_TOLD
from wardship.tenants.requests.records import GRACE_ENDED, LockedRequest
from wardship.tenants.requests.routing import route
from wardship.tenants.requests.states import TERMINAL, WITHDRAWABLE, RightKind, RightState
from wardship.tenants.requests.telling import tell_closed
from wardship.tenants.requests.transition import transition_right
from wardship.tenants.requests.visibility import lock_request

_ENDED: Final = frozenset({MemberState.DEACTIVATED, MemberState.REMOVED})


async def follow_memberships(access: Access, member_ids: Collection[UUID], columns: frozenset[str]) -> None:
    """Begin or end grace periods as memberships end, are taken up again, or are erased: the listener of members."""
    if ERASED in columns:
        await end_grace(access, member_ids)
    if "state" not in columns:
        return
    rows = await access.fetch(
        "select id, state from member where organisation_id = $1 and id = any($2::uuid[]) order by id",
        list(member_ids),
    )
    active = [row["id"] for row in rows if row["state"] == MemberState.ACTIVE]
    if active and await end_grace(access, active):
        await wake_workers(access)  # they withdraw the request that the end of the time may have opened
    for row in rows:
        if row["state"] in _ENDED:
            await _begin(access, row["id"], _cause(row["state"], columns))


def _cause(state: str, columns: frozenset[str]) -> GraceCause:
    if state == MemberState.REMOVED:
        return GraceCause.REMOVED
    return GraceCause.REQUESTED if AT_REQUEST in columns else GraceCause.SUSPENDED


async def _begin(access: Access, member_id: UUID, cause: GraceCause) -> None:
    ends_at = await start_grace(access, member_id, cause)
    await _tell(access, member_id, MEMBERSHIP_ENDED, cause, ends_at)


async def _tell(access: Access, member_id: UUID, kind: NoticeKind, cause: GraceCause, ends_at: datetime | None) -> None:
    await tell(
        access,
        kind,
        [member_id],
        target=("member", member_id),
        cause=cause.value,
        date=ends_at,
        is_by_directory=access.actor.is_directory,
    )


async def reactivate_my_membership(access: Access, member_id: UUID) -> MemberRecord:
    """Come back to one's own membership that was deactivated at one's own request, and return it.

    Raises:
        NotFoundError: it is not the caller's own membership.
        StateConflictError: it is not deactivated, or an administrator deactivated it.
        StepUpRequiredError: it has roles, and the second factor was not shown a moment ago.
    """
    access.require_scope("write")
    if access.actor.member_id != member_id:
        raise NotFoundError("This is not your membership: `myGracePeriod` tells its id.", path=("member_id",))
    period = (await grace_of(access, [member_id])).get(member_id)
    if period is None or not period.can_reactivate:
        raise StateConflictError(
            "Only a membership that was deactivated at your own request is yours to reactivate: ask an administrator.",
            path=("member_id",),
        )
    if await roles_held(access, member_id) - {Role.MEMBER} or await leads_a_group(access, member_id):
        access.require_step_up()
    await resume_at_request(access, member_id)
    again = replace(access.actor, roles=await active_roles(access, member_id))
    return await member_by_id(replace(access, actor=again), member_id)


async def act_on_grace(access: Access, grace_id: UUID) -> None:
    """Do what the time demands of a grace period: warn, ask for the erasure, or run again after that was not granted.

    Nothing is asked for before the person had at least the whole time of the first warning.
    """
    period = await lock_grace(access, grace_id)
    if period is None:
        return
    if period.state is GraceState.ERASURE_ASKED:
        await _run_again(access, period)
    elif period.next_at <= access.now:
        await (_warn(access, period) if _is_warning_due(period, access.now) else _ask_for_erasure(access, period))


def _is_warning_due(period: GraceRecord, now: datetime) -> bool:
    return period.warnings == 0 or now < period.ends_at


async def _warn(access: Access, period: GraceRecord) -> None:
    ends_at = period.ends_at if period.warnings else max(period.ends_at, access.now + WARNINGS[0])
    await run_grace(access, period, ends_at, warnings=period.warnings + 1)
    await access.audit("grace.warned", "member", period.member_id, ends_at=ends_at.isoformat())
    await _tell(access, period.member_id, GRACE_WARNING, period.cause, ends_at)


async def _ask_for_erasure(access: Access, period: GraceRecord) -> None:
    """Ask for the erasure in the name of the retention rule: a request like any other, which a decider decides."""
    asked = await access.fetchval(
        "select r.id from data_request r where r.organisation_id = $1 and r.member_id = $2 and r.ended_at is null"
        " and exists (select from request_right g where g.organisation_id = $1 and g.request_id = r.id"
        " and g.kind = 'erasure' and g.state <> all($3::text[])) limit 1 for no key update of r",
        period.member_id,
        sorted(TERMINAL),
    )
    await await_erasure(access, period, asked or await _open_request(access, period))


async def _open_request(access: Access, period: GraceRecord) -> UUID:
    reference = secrets.token_urlsafe(24)
    country = await access.transaction.fetchval("select member_residence($1)", period.member_id) or ""
    request_id = await insert_request(access, period.member_id, country, "", reference)
    await insert_rights(access, request_id, {RightKind.ERASURE: {}})
    await access.execute(
        "update data_request set identity_state = 'verified', identity_method = $3, identity_verified_at = $4"
        " where organisation_id = $1 and id = $2",
        request_id,
        GRACE_ENDED,
        access.now,
    )
    opened = await lock_request(access, request_id)
    await record_event(access, opened.request, GRACE_ENDED)
    await access.audit("request.opened_by_retention", "data_request", request_id)
    await route(access, opened)
    target = ("data_request", request_id)
    values = {"can_reactivate": period.can_reactivate, "reference": reference}
    if not await tell_by_mail(access, ERASURE_ASKED, period.member_id, target=target, **values):
        await record_event(access, opened.request, "reference_not_told", "no verified address")
        await tell_permitted(
            access, REFERENCE_NOT_TOLD, Permission.REQUESTS_DECIDE, target=target, but=[period.member_id]
        )
    return request_id


async def _run_again(access: Access, period: GraceRecord) -> None:
    """Let the time run again from its beginning where the erasure was called off, withdrawn or denied."""
    is_open = await access.fetchval(
        "select ended_at is null from data_request where organisation_id = $1 and id = $2", period.request_id
    )
    if not is_open:
        ends_at = access.now + GRACE
        await run_grace(access, period, ends_at, warnings=0)
        await access.audit("grace.started", "member", period.member_id, ends_at=ends_at.isoformat())
        await _tell(access, period.member_id, MEMBERSHIP_ENDED, period.cause, ends_at)


async def withdraw_if_back(access: Access, locked: LockedRequest) -> None:
    """Withdraw what the end of a grace period asked for, once its person is a member again; the clock's part."""
    if locked.request.identity_method != GRACE_ENDED or not await is_back(access, locked):
        return
    wanted = [right for right in locked.rights if right.state in WITHDRAWABLE]
    for right in wanted:
        locked = await transition_right(access, locked, right, RightState.WITHDRAWN, "the person is back")
    await tell_closed(access, locked, wanted, "is_back")


async def is_back(access: Access, locked: LockedRequest) -> bool:
    """Return whether the person of a request is an active member now."""
    state = await access.fetchval(
        "select state from member where organisation_id = $1 and id = $2", locked.request.member_id
    )
    return bool(state == MemberState.ACTIVE)
