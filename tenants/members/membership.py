"""Deactivate, reactivate, remove from the organisation, one or many: erasing a person is another noun's work.

Each tells the listeners of members: vendors are brought in line, and the time begins or ends after which an erasure is
asked for (``requests.grace``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeAlias
from uuid import UUID

from wardship.core.audit.log import AuditEvent
from wardship.core.errors import ConflictError
from wardship.tenants.access import Access
from wardship.tenants.approvals.limit import APPROVING_ROLES, Deletion, HeldForApprovalError, count_or_hold
from wardship.tenants.approvals.records import DIRECTORY, ApprovalKind
from wardship.tenants.members.admins import require_admin_without
from wardship.tenants.members.batches import Batch, RowResult, require_small_enough
from wardship.tenants.members.boundary import require_not_frozen
from wardship.tenants.members.fields import AT_REQUEST, ENDED, ERASED, members_changed
from wardship.tenants.members.notices import MEMBERSHIP_BACK
from wardship.tenants.members.ranks import rank
from wardship.tenants.members.read import member_by_id
from wardship.tenants.members.records import TRANSITIONS, MemberRecord, MemberState
from wardship.tenants.members.roles import NO_ROLES, insert_roles, require_may_give
from wardship.tenants.notices.tell import Telling, tell_each
from wardship.tenants.permissions import Permission

_REMOVABLE = (MemberState.ACTIVE, MemberState.DEACTIVATED)


class StateConflictError(ConflictError):
    """The membership is not in a state from which this can be done: look at its state."""

    code = "MEMBER_STATE"


async def deactivate_member(access: Access, member_id: UUID) -> MemberRecord:
    """Suspend a membership: the person can't act here, nothing more is shared, everything is kept.

    Raises:
        StateConflictError: the member is not active.
        LastAdminError: nobody would be left to administer the organisation.
        NotBelowYouError: the member ranks as high as the caller.
    """
    return await _one(access, member_id, _deactivate)


async def deactivate_members(access: Access, member_ids: Sequence[UUID]) -> list[RowResult]:
    """Suspend memberships, each by itself; see ``deactivate_member``."""
    return await _many(access, member_ids, _deactivate)


async def _deactivate(access: Access, batch: Batch) -> None:
    await _keep_manageable(access, batch)
    await batch.keep_an_admin(access)
    done = await _change(access, batch, from_states=(MemberState.ACTIVE,), to=MemberState.DEACTIVATED)
    await _done(access, done, "member.deactivated")


async def reactivate_member(access: Access, member_id: UUID) -> MemberRecord:
    """Let a deactivated member act again, with the roles that he or she had.

    Raises:
        StateConflictError: the member is not deactivated.
        NotBelowYouError: the member ranks as high as the caller.
    """
    return await _one(access, member_id, _reactivate)


async def reactivate_members(access: Access, member_ids: Sequence[UUID]) -> list[RowResult]:
    """Let deactivated members act again, each by itself; see ``reactivate_member``."""
    return await _many(access, member_ids, _reactivate)


async def _reactivate(access: Access, batch: Batch) -> None:
    await _keep_manageable(access, batch)
    batch.check_each(lambda member_id: require_may_give(access, batch.roles[member_id], "member_id"))
    done = await _change(access, batch, from_states=(MemberState.DEACTIVATED,), to=MemberState.ACTIVE)
    await _tell_back(access, done)
    await _done(access, done, "member.reactivated")


async def remove_member(access: Access, member_id: UUID) -> MemberRecord:
    """End a membership: roles and groups end with it, the data stays until it is erased or its time is over.

    Raises:
        StateConflictError: the membership has ended already.
        LastAdminError: nobody would be left to administer the organisation.
        NotBelowYouError: the member ranks as high as the caller.
        MemberFrozenError: the member joined by a domain that is not proven now.
        HeldForApprovalError: many members were deleted today: it waits for a second person.
    """
    return await _one(access, member_id, _remove_counted)


async def remove_members(access: Access, member_ids: Sequence[UUID]) -> list[RowResult]:
    """End memberships, each by itself; those beyond the limit of a day wait for a second person."""
    return await _many(access, member_ids, _remove_counted)


async def require_removable(access: Access, member_id: UUID) -> None:
    """Refuse what ``remove_member`` would refuse, but for the second factor and the limit of a day.

    Raises:
        NotFoundError, PermissionDeniedError, ConflictError: as there.
    """
    batch = Batch([member_id])
    await _keep_removable(access, batch, needs_step_up=False)
    batch.raise_refusal()


async def _keep_removable(access: Access, batch: Batch, *, needs_step_up: bool = True) -> None:
    await _keep_manageable(access, batch, needs_step_up=needs_step_up)
    await batch.keep_thawed(access, is_removal=True)
    await batch.keep_an_admin(access)
    states = await _states(access, batch.left)
    batch.refuse_where([key for key in batch.left if states.get(key) not in _REMOVABLE], partial(_conflict, _REMOVABLE))


async def _remove_counted(access: Access, batch: Batch) -> None:
    await _keep_removable(access, batch)
    arguments = {DIRECTORY: DIRECTORY} if access.actor.is_directory else {}
    for member_id in batch.left:  # each is counted after the one before
        above = [role for role in APPROVING_ROLES if rank([role]) > rank(batch.roles[member_id])]
        try:
            await count_or_hold(access, Deletion(ApprovalKind.REMOVE_MEMBER, member_id, arguments, above))
        except HeldForApprovalError as held:
            batch.refusals[member_id] = held
    await _remove(access, batch)


async def remove_approved(access: Access, member_id: UUID) -> None:
    """End a membership as two people wanted; for an approval, which has checked who may.

    Raises:
        StateConflictError: the membership has ended already.
        LastAdminError: nobody would be left to administer the organisation.
    """
    await require_admin_without(access, [member_id])
    await require_not_frozen(access, [member_id], is_removal=True)
    await _remove_one(access, member_id)


async def _remove_one(access: Access, member_id: UUID) -> None:
    batch = Batch([member_id])
    await _remove(access, batch)
    batch.raise_refusal()


async def _remove(access: Access, batch: Batch) -> None:
    done = await _change(access, batch, from_states=_REMOVABLE, to=MemberState.REMOVED)
    if done:
        await access.execute(
            "delete from role_assignment where organisation_id = $1 and member_id = any($2::uuid[])", done
        )
    await _done(access, done, "member.removed", frozenset({"state", ENDED}))


async def end_disowned(access: Access, member_id: UUID) -> None:
    """End a membership that the caller's account never agreed to, and give it to that account; for who has proven that.

    Raises:
        StateConflictError: the membership has ended already.
        LastAdminError: nobody would be left to administer the organisation.
    """
    await require_admin_without(access, [member_id])
    await access.execute(
        "update member set account_id = $3 where organisation_id = $1 and id = $2 and account_id is null"
        " and not exists (select from member o where o.organisation_id = $1 and o.account_id = $3)",
        member_id,
        access.actor.account_id,
    )
    await access.audit("member.disowned", "member", member_id)
    await _remove_one(access, member_id)


async def restore_member(access: Access, member_id: UUID) -> MemberRecord:
    """Take a removal back, as long as the person is not erased, and return the member.

    The person is a plain member again: who may give roles and groups gives them again; tokens and what the person had
    connected alone have ended, and what was erased at recipients is shared again.

    Raises:
        StateConflictError: the member is not removed.
    """
    return await _one(access, member_id, _restore)


async def _restore(access: Access, batch: Batch) -> None:
    await _keep_manageable(access, batch)
    done = await _change(access, batch, from_states=(MemberState.REMOVED,), to=MemberState.ACTIVE)
    if done:
        await insert_roles(access, [(member_id, NO_ROLES) for member_id in done])
    await _done(access, done, "member.restored", frozenset({"state", "roles"}))
    await _tell_back(access, done)


async def suspend_at_request(access: Access, member_id: UUID) -> None:
    """Suspend an active membership because the person asked for it; for acts that have checked who may."""
    if not await _set_states(access, [member_id], from_states=(MemberState.ACTIVE,), to=MemberState.DEACTIVATED):
        return  # what an administrator has ended stays the administrator's
    await access.audit_event(AuditEvent("member.deactivated", "member", member_id, purpose="requested"))
    await members_changed(access, [member_id], frozenset({"state", AT_REQUEST}))


async def resume_at_request(access: Access, member_id: UUID) -> None:
    """Let a deactivated member act again because the person wants to; for acts that have checked who may.

    Raises:
        StateConflictError: the member is not deactivated.
    """
    batch = Batch([member_id])
    await _change(access, batch, from_states=(MemberState.DEACTIVATED,), to=MemberState.ACTIVE)
    batch.raise_refusal()
    await access.audit_event(AuditEvent("member.reactivated", "member", member_id, purpose="requested"))
    await members_changed(access, [member_id], frozenset({"state", AT_REQUEST}))


async def end_membership(access: Access, member_id: UUID) -> None:
    """Mark a member as erased, with what ends with every membership; for an erasure, which does the rest."""
    await access.execute("update member set state = 'erased' where organisation_id = $1 and id = $2", member_id)
    await members_changed(access, [member_id], frozenset({ENDED, ERASED}))


async def _tell_back(access: Access, member_ids: Sequence[UUID]) -> None:
    by_directory = {"is_by_directory": access.actor.is_directory}
    tellings = [
        Telling(kind=MEMBERSHIP_BACK, members=[member_id], target=("member", member_id), values=by_directory)
        for member_id in member_ids
    ]
    await tell_each(access, *tellings)


_Act: TypeAlias = Callable[[Access, Batch], Awaitable[None]]
"""Does what nothing refuses, and notes in the batch what does."""


async def _one(access: Access, member_id: UUID, act: _Act) -> MemberRecord:
    batch = Batch([member_id])
    await act(access, batch)
    batch.raise_refusal()
    return await member_by_id(access, member_id)


async def _many(access: Access, member_ids: Sequence[UUID], act: _Act) -> list[RowResult]:
    batch = Batch(require_small_enough(member_ids, "member_ids"))
    await act(access, batch)
    return batch.results()


async def _keep_manageable(access: Access, batch: Batch, *, needs_step_up: bool = True) -> None:
    await batch.keep_visible(access)
    if batch.left:
        access.require(Permission.MEMBERS_REMOVE)
        if needs_step_up:
            access.require_step_up()
        await batch.keep_outranked(access)


async def _change(access: Access, batch: Batch, *, from_states: tuple[MemberState, ...], to: MemberState) -> list[UUID]:
    """Return those whose state was changed; the others are refused."""
    done = await _set_states(access, batch.left, from_states=from_states, to=to)
    batch.refuse_where(set(batch.left) - done, partial(_conflict, from_states))
    return batch.left


def _conflict(from_states: tuple[MemberState, ...]) -> StateConflictError:
    wanted = " or ".join(from_states)
    return StateConflictError(f"This can only be done to a member who is {wanted}.", path=("member_id",))


async def _set_states(
    access: Access, member_ids: Sequence[UUID], *, from_states: tuple[MemberState, ...], to: MemberState
) -> set[UUID]:
    if any(to not in TRANSITIONS[state] for state in from_states):
        raise ValueError(f"no transition from {sorted(from_states)} to {to}")
    if not member_ids:
        return set()
    rows = await access.fetch(
        "update member set state = $3, left_at = case when $3 = 'removed' then $4::timestamptz end"
        " where organisation_id = $1 and id = any($2::uuid[]) and state = any($5::text[]) returning id",
        member_ids,
        to.value,
        access.now,
        [state.value for state in from_states],
    )
    return {row["id"] for row in rows}


async def _states(access: Access, member_ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = await access.fetch(
        "select id, state from member where organisation_id = $1 and id = any($2::uuid[])", member_ids
    )
    return {row["id"]: row["state"] for row in rows}


async def _done(
    access: Access, member_ids: Sequence[UUID], action: str, columns: frozenset[str] = frozenset({"state"})
) -> None:
    for member_id in member_ids:
        await access.audit(action, "member", member_id)
    await members_changed(access, member_ids, columns)
