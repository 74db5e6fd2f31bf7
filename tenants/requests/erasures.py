"""Preview an erasure, commit exactly that preview, wait out the cooling-off, or call it off (requirement D8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from wardship.core.actor import system_actor
from wardship.core.errors import ConflictError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.approvals.limit import Deletion, count_or_hold
from wardship.tenants.approvals.records import ApprovalKind
from wardship.tenants.erasure.additions import Addition, additions
from wardship.tenants.erasure.finds import OTHERS, decide_by_rule, decisions_for, note_finds, undecided_finds
from wardship.tenants.erasure.snapshot import ErasurePreview, ErasureSnapshot, take_snapshot
from wardship.tenants.grants.restrictions import RestrictionCause
from wardship.tenants.matching.identifiers import Identifiers
from wardship.tenants.members.admins import require_admin_without
from wardship.tenants.members.identifiers import NOBODY
from wardship.tenants.members.ranks import deciding_person
from wardship.tenants.notices import tell
from wardship.tenants.requests.authority import SelfDecisionError, require_decider, require_own
from wardship.tenants.requests.decide import stated
from wardship.tenants.requests.events import record_event, wake_workers
from wardship.tenants.requests.notices import ERASURE_SCHEDULED
from wardship.tenants.requests.records import GRACE_ENDED, LockedRequest, RightRecord
from wardship.tenants.requests.restricting import restrict_for
from wardship.tenants.requests.states import RightKind, RightState, WrongStateError, require_transition
from wardship.tenants.requests.telling import tell_called_off, tell_withdrawn
from wardship.tenants.requests.transition import note_known, schedule_right, transition_right
from wardship.tenants.requests.visibility import lock_request_of_right

COOLING_OFF: Final = timedelta(days=14)
"""How long a committed erasure waits, restricted, and can be called off."""

SEALED_FOR: Final = "committed-identifiers"
"""What a person was known by at a commit is encrypted for."""
_COMMITTED: Final = {RightState.SCHEDULED, RightState.IN_PROGRESS}
_PREVIEWABLE: Final = {RightState.APPROVED, RightState.PREVIEWED, RightState.SCHEDULED}


class StalePreviewError(ConflictError):
    """What the erasure would do has changed since the preview: make another, look at it, and commit that."""

    code = "STALE_PREVIEW"


@dataclass(frozen=True, slots=True)
class MadePreview:
    """A preview as a decider sees it; the digest names it in the commit (64 hexadecimal digits).

    Attributes:
        additions: of what there is more than in the preview that was committed; empty before a commit.
    """

    id: UUID
    right_id: UUID
    created_at: datetime
    digest: str
    content: ErasurePreview
    additions: tuple[Addition, ...] = ()


async def preview_erasure(access: Access, right_id: UUID) -> MadePreview:
    """Work out what an approved erasure would do, and keep it as the preview that can be committed.

    Of an erasure that is committed and waits, it tells what has been added since: that is erased too.

    Raises:
        NotFoundError: no such right.
        SelfDecisionError, NotWithYouError, PermissionDeniedError: not the caller's to carry out.
        WrongStateError: it is no erasure that is approved or waits.
    """
    locked, right = await _erasure(access, right_id)
    await require_decider(access, locked, right)
    if right.state not in _PREVIEWABLE:
        raise WrongStateError(f"Only an erasure that is approved or waits can be previewed; this one is {right.state}.")
    snapshot = await current_snapshot(access, locked, right)
    await note_finds(access, right_id, snapshot.search)
    committed = await committed_preview(access, right) if right.state is RightState.SCHEDULED else None
    added = additions(committed, snapshot.preview) if committed else ()
    made = MadePreview(uuid7(), right_id, access.now, snapshot.digest.hex(), snapshot.preview, added)
    await access.execute(
        "insert into preview (organisation_id, id, created_at, right_id, digest, content, made_by)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        made.id,
        access.now,
        right_id,
        snapshot.digest,
        msgspec.json.encode(snapshot.preview).decode(),
        await deciding_person(access),
    )
    if right.state is RightState.APPROVED:
        await transition_right(access, locked, right, RightState.PREVIEWED)
    await access.audit("erasure.previewed", "request_right", right_id, preview=made.id, digest=made.digest)
    return made


async def current_snapshot(access: Access, locked: LockedRequest, right: RightRecord) -> ErasureSnapshot:
    """Return what an erasure would do now, as it was decided so far, for code that has checked who may see it."""
    decisions = await decisions_for(access, right.id)
    known = await known_at_commit(access, right)
    return await take_snapshot(access, locked.request.member_id, right.limitations, decisions, known)


async def known_at_commit(access: Access, right: RightRecord) -> Identifiers:
    """Return what the person of a committed erasure was known by at the commit; nothing before it.

    Who takes another name while the erasure waits is still named by the old one in texts that were to be rewritten.
    """
    if right.state not in _COMMITTED:
        return NOBODY
    sealed = await access.fetchval("select known from request_right where organisation_id = $1 and id = $2", right.id)
    if sealed is None:
        return NOBODY
    return msgspec.json.decode(access.decrypt(SEALED_FOR, right.id, sealed), type=Identifiers)


async def committed_preview(access: Access, right: RightRecord) -> ErasurePreview | None:
    """Return what the commit of an erasure was of, for code that has checked who may see it; None before it."""
    content = await access.fetchval(
        "select content from preview where organisation_id = $1 and right_id = $2 and committed_at is not null"
        " order by committed_at desc limit 1",
        right.id,
    )
    return msgspec.json.decode(content, type=ErasurePreview) if content else None


async def commit_erasure(
    access: Access, right_id: UUID, digest: str, *, later_finds: bool | None = None
) -> RightRecord:
    """Commit the newest preview of an erasure, by its digest, and return the right with the date of the erasure.

    From this commit on nothing of the person is shared, until it is carried out or called off.

    Args:
        access: the decider.
        right_id: the erasure.
        digest: of the newest preview.
        later_finds: whether what may be the person in texts that appear later becomes the pseudonym, or stays; None
            to be asked then.

    Raises:
        NotFoundError: no such right.
        SelfDecisionError, NotWithYouError, PermissionDeniedError, StepUpRequiredError: not the caller's to carry out.
        WrongStateError: it was not previewed, or is committed already.
        StalePreviewError: the digest is not the newest preview's, or what would be erased has changed since.
        UndecidedFindsError: something in texts may be the person, and nobody has decided it.
        LastAdminError: nobody would be left to administer the organisation.
        HeldForApprovalError: nobody asked for it, and many members were deleted today: it waits for a second person.
    """
    locked, right = await _erasure(access, right_id)
    await require_decider(access, locked, right)
    access.require_step_up()
    editor = await deciding_person(access)
    commit = await _checked(access, locked, right, digest, editor)
    if locked.request.identity_method == GRACE_ENDED:
        arguments = {"right_id": str(right_id), "digest": digest}
        if later_finds is not None:
            arguments["later_finds"] = "rewritten" if later_finds else "kept"
        await count_or_hold(access, Deletion(ApprovalKind.COMMIT_ERASURE, locked.request.member_id, arguments))
    return await _commit(access, commit, later_finds=later_finds)


async def commit_approved(access: Access, arguments: Mapping[str, str], *, asked_by: UUID | None) -> RightRecord:
    """Commit an erasure as two people wanted; for an approval, which has checked who may.

    Raises:
        WrongStateError, StalePreviewError, UndecidedFindsError, LastAdminError: as ``commit_erasure``.
    """
    # Who approves need not be who may see the request: it is found by who sees all.
    everywhere = replace(access, actor=system_actor(access.organisation_id))
    locked, right = await _erasure(everywhere, UUID(arguments["right_id"]))
    commit = await _checked(access, locked, right, arguments["digest"], asked_by)
    later = arguments.get("later_finds")
    return await _commit(access, commit, later_finds=None if later is None else later == "rewritten")


@dataclass(frozen=True, slots=True)
class _Commit:
    """A commit of which everything was checked: of which preview, by whom, and what the person is known by."""

    locked: LockedRequest
    right: RightRecord
    digest: str
    editor: UUID | None
    preview_id: UUID
    known: Identifiers


async def _checked(
    access: Access, locked: LockedRequest, right: RightRecord, digest: str, editor: UUID | None
) -> _Commit:
    _require_two_people(locked, right, editor)
    require_transition(right.state, RightState.SCHEDULED)
    await require_admin_without(access, [locked.request.member_id])
    preview_id, known = await _require_current(access, locked, right, digest)
    return _Commit(locked, right, digest, editor, preview_id, known)


async def _commit(access: Access, commit: _Commit, *, later_finds: bool | None) -> RightRecord:
    locked, right, right_id, digest = commit.locked, commit.right, commit.right.id, commit.digest
    await access.execute(
        "update preview set committed_at = $3 where organisation_id = $1 and id = $2", commit.preview_id, access.now
    )
    if later_finds is not None:
        await decide_by_rule(access, right_id, OTHERS, is_rewritten=later_finds)
    at, editor = access.now + COOLING_OFF, commit.editor
    locked = await transition_right(access, locked, right, RightState.SCHEDULED, scheduled_for=at, committed_by=editor)
    await note_known(access, right_id, access.encrypt(SEALED_FOR, right_id, msgspec.json.encode(commit.known)))
    await access.audit("erasure.committed", "request_right", right_id, digest=digest)
    await restrict_for(access, locked, RestrictionCause.ERASURE)
    request = locked.request
    is_asked, target = request.identity_method != GRACE_ENDED, ("data_request", request.id)
    await tell(access, ERASURE_SCHEDULED, [request.member_id], target=target, date=at, is_asked=is_asked)
    return locked.right(right_id)


async def _require_current(
    access: Access, locked: LockedRequest, right: RightRecord, digest: str
) -> tuple[UUID, Identifiers]:
    row = await access.fetchrow(
        "select id, digest from preview where organisation_id = $1 and right_id = $2"
        " order by created_at desc, id desc limit 1 for update",
        right.id,
    )
    snapshot = await current_snapshot(access, locked, right)
    if row is None or row["digest"].hex() != digest or row["digest"] != snapshot.digest:
        raise StalePreviewError("What would be erased has changed since this preview: make another and commit that.")
    if snapshot.preview.undecided:
        raise undecided_finds(snapshot.preview.undecided)
    return row["id"], snapshot.known


async def cancel_erasure(access: Access, right_id: UUID, reason: str = "") -> RightRecord:
    """Call off a scheduled erasure and return it: the person withdraws it, a decider sends it back before the preview.

    Raises:
        NotFoundError: no such right.
        SelfDecisionError, NotWithYouError, PermissionDeniedError: not the caller's to call off.
        WrongStateError: it is not scheduled, or already being carried out.
        InvalidInputError: a decider gives no reason.
    """
    locked, right = await _erasure(access, right_id)
    if access.actor.member_id is not None and access.actor.member_id == locked.request.member_id:
        access.require_scope("write")
        target, words = RightState.WITHDRAWN, ""
    else:
        await require_decider(access, locked, right)
        target, words = RightState.APPROVED, stated(reason)
    if right.state is not RightState.SCHEDULED:
        raise WrongStateError("This erasure is not waiting: there is nothing to call off.")
    locked = await transition_right(access, locked, right, target, words)
    if target is RightState.WITHDRAWN:
        await tell_withdrawn(access, locked, [right])
    else:
        await tell_called_off(access, locked, right, words)
    return locked.right(right_id)


async def waive_cooling_off(access: Access, right_id: UUID) -> RightRecord:
    """Let a scheduled erasure of one's own be carried out at once, with the second factor shown again; return it.

    Raises:
        NotFoundError: no such right of the caller's own.
        StepUpRequiredError: the second factor was not shown a moment ago.
        WrongStateError: it is not scheduled.
    """
    locked, right = await _erasure(access, right_id)
    require_own(access, locked)
    access.require_step_up()
    if right.state is not RightState.SCHEDULED:
        raise WrongStateError("This erasure is not waiting: there is nothing to waive.")
    now = access.now
    await schedule_right(access, right_id, now)
    await record_event(access, locked.request, "cooling_off_waived", right_id=right_id)
    await access.audit("erasure.cooling_off_waived", "request_right", right_id)
    await wake_workers(access)
    return replace(right, scheduled_for=now)


async def _erasure(access: Access, right_id: UUID) -> tuple[LockedRequest, RightRecord]:
    locked = await lock_request_of_right(access, right_id)
    right = locked.right(right_id)
    if right.kind is not RightKind.ERASURE:
        raise WrongStateError("This right is no erasure: only erasures are previewed and committed.", path=("right",))
    return locked, right


def _require_two_people(locked: LockedRequest, right: RightRecord, editor: UUID | None) -> None:
    """Refuse unless requester, approver and committer are at least two people; a clock that asks is none."""
    requester = None if locked.request.identity_method == GRACE_ENDED else locked.request.member_id
    people = {requester, right.decided_by, editor}
    if len(people - {None}) == 1:
        raise SelfDecisionError("A deletion takes two people: let somebody else commit it.")
