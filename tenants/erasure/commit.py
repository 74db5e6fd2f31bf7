"""Preview an erasure, commit exactly that preview, wait out the cooling-off, or call it off (requirement D8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from wardship.core.audit.log import AuditEvent
from wardship.core.errors import ConflictError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.erasure.world import ErasurePreview, look_at
from wardship.tenants.members.admins import require_admin_without
from wardship.tenants.requests.decide import stated
from wardship.tenants.requests.decider import SelfDecisionError, require_decider
from wardship.tenants.requests.grace import COOLING_OFF
from wardship.tenants.requests.notify import notify
from wardship.tenants.requests.records import Case, RightRecord
from wardship.tenants.requests.states import RightKind, RightState, WrongStateError, require_transition
from wardship.tenants.requests.transition import move, record_event
from wardship.tenants.requests.visibility import lock_case_of_right, require_own
from wardship.tenants.requests.wake import wake_workers

_PREVIEWABLE: Final = {RightState.APPROVED, RightState.PREVIEWED}


class StalePreviewError(ConflictError):
    """What the erasure would do has changed since the preview: make another, look at it, and commit that."""

    code = "STALE_PREVIEW"


@dataclass(frozen=True, slots=True)
class MadePreview:
    """A preview as a decider sees it; the digest names it in the commit (64 hexadecimal digits)."""

    id: UUID
    right_id: UUID
    created_at: datetime
    digest: str
    content: ErasurePreview


async def preview_erasure(access: Access, right_id: UUID) -> MadePreview:
    """Work out what an approved erasure would do, and keep it as the preview that can be committed.

    Raises:
        NotFoundError: no such right.
        SelfDecisionError, NotWithYouError, PermissionDeniedError: not the caller's to carry out.
        WrongStateError: it is no approved erasure.
    """
    case, right = await _erasure(access, right_id)
    require_decider(access, case, right)
    if right.state not in _PREVIEWABLE:
        raise WrongStateError(f"Only an approved erasure can be previewed; this one is {right.state}.")
    world = await look_at(access, case.request.member_id)
    made = MadePreview(uuid7(), right_id, access.now, world.digest.hex(), world.preview)
    await access.transaction.execute(
        "insert into preview (organisation_id, id, created_at, right_id, digest, content, made_by)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        access.organisation_id,
        made.id,
        access.now,
        right_id,
        world.digest,
        msgspec.json.encode(world.preview).decode(),
        access.actor.member_id or access.actor.account_id,
    )
    if right.state is RightState.APPROVED:
        await move(access, case, right, RightState.PREVIEWED)
    details = {"preview": made.id, "digest": made.digest}
    await access.audit(AuditEvent("erasure.previewed", "request_right", right_id, details=details))
    return made


async def commit_erasure(access: Access, right_id: UUID, digest: str) -> datetime:
    """Commit the newest preview of an erasure, by its digest, and return when it will be carried out.

    Raises:
        NotFoundError: no such right.
        SelfDecisionError, NotWithYouError, PermissionDeniedError, StepUpRequiredError: not the caller's to carry out.
        WrongStateError: it was not previewed, or is committed already.
        StalePreviewError: the digest is not the newest preview's, or the world has changed since.
        LastAdminError: nobody would be left to administer the organisation.
    """
    case, right = await _erasure(access, right_id)
    require_decider(access, case, right)
    access.require_step_up()
    _require_two_people(access, case, right)
    require_transition(right.state, RightState.SCHEDULED)
    await require_admin_without(access, [case.request.member_id])
    await _require_current(access, case, right, digest)
    at = access.now + COOLING_OFF
    editor = access.actor.member_id or access.actor.account_id
    await move(access, case, right, RightState.SCHEDULED, scheduled_for=at, committed_by=editor)
    await access.audit(AuditEvent("erasure.committed", "request_right", right_id, details={"digest": digest}))
    await notify(access, case.request.member_id, "erasure_scheduled", date=f"{at:%Y-%m-%d %H:%M}")
    return at


async def _require_current(access: Access, case: Case, right: RightRecord, digest: str) -> None:
    row = await access.transaction.fetchrow(
        "select id, digest from preview where organisation_id = $1 and right_id = $2"
        " order by created_at desc, id desc limit 1 for update",
        access.organisation_id,
        right.id,
    )
    world = await look_at(access, case.request.member_id)
    if row is None or row["digest"].hex() != digest or row["digest"] != world.digest:
        raise StalePreviewError("The world has changed since this preview: make another and commit that.")
    await access.transaction.execute(
        "update preview set committed_at = $3 where organisation_id = $1 and id = $2",
        access.organisation_id,
        row["id"],
        access.now,
    )


async def cancel_erasure(access: Access, right_id: UUID, reason: str = "") -> None:
    """Call off a scheduled erasure: the person takes it back; a decider sends it back before the preview.

    Raises:
        NotFoundError: no such right.
        SelfDecisionError, NotWithYouError, PermissionDeniedError: not the caller's to call off.
        WrongStateError: it is not scheduled, or already being carried out.
        InvalidInputError: a decider gives no reason.
    """
    case, right = await _erasure(access, right_id)
    if access.actor.member_id is not None and access.actor.member_id == case.request.member_id:
        access.require_scope("write")
        target, words = RightState.WITHDRAWN, ""
    else:
        require_decider(access, case, right)
        target, words = RightState.APPROVED, stated(reason)
    if right.state is not RightState.SCHEDULED:
        raise WrongStateError("This erasure is not waiting: there is nothing to call off.")
    await move(access, case, right, target, words, scheduled_for=None)


async def waive_cooling_off(access: Access, right_id: UUID) -> None:
    """Let a scheduled erasure of one's own be carried out at once, with the second factor shown again.

    Raises:
        NotFoundError: no such right of the caller's own.
        StepUpRequiredError: the second factor was not shown a moment ago.
        WrongStateError: it is not scheduled.
    """
    case, right = await _erasure(access, right_id)
    require_own(access, case)
    access.require_step_up()
    if right.state is not RightState.SCHEDULED:
        raise WrongStateError("This erasure is not waiting: there is nothing to waive.")
    await access.transaction.execute(
        "update request_right set scheduled_for = $3 where organisation_id = $1 and id = $2",
        access.organisation_id,
        right_id,
        access.now,
    )
    await record_event(access, case.request, "cooling_off_waived", right_id=right_id)
    await access.audit(AuditEvent("erasure.cooling_off_waived", "request_right", right_id))
    await wake_workers(access)


async def _erasure(access: Access, right_id: UUID) -> tuple[Case, RightRecord]:
    case = await lock_case_of_right(access, right_id)
    right = case.right(right_id)
    if right.kind is not RightKind.ERASURE:
        raise WrongStateError("This right is no erasure: only erasures are previewed and committed.", path=("right",))
    return case, right


def _require_two_people(access: Access, case: Case, right: RightRecord) -> None:
    """Refuse unless requester, approver and committer are at least two people."""
    people = {case.request.member_id, right.decided_by, access.actor.member_id or access.actor.account_id}
    if len(people - {None}) < 2:  # noqa: PLR2004 - four eyes
        raise SelfDecisionError("A deletion takes two people: let somebody else commit it.")
