"""Deactivate, reactivate, remove from the organisation: three verbs; erasing a person is another noun's work.

Each tells the listeners of members: vendors are brought in line, and the time begins or ends after which an erasure is
asked for (``requests.grace``).
"""

from __future__ import annotations

from uuid import UUID

from wardship.core.actor import Role
from wardship.core.audit.log import AuditEvent
from wardship.core.errors import ConflictError
from wardship.tenants.access import Access
from wardship.tenants.approvals.limit import APPROVING_ROLES, Deletion, count_or_hold
from wardship.tenants.approvals.records import DIRECTORY, ApprovalKind
from wardship.tenants.members.admins import require_admin_without
from wardship.tenants.members.boundary import require_not_frozen
from wardship.tenants.members.fields import AT_REQUEST, ENDED, ERASED, members_changed
from wardship.tenants.members.notices import MEMBERSHIP_BACK
from wardship.tenants.members.ranks import rank, require_below
from wardship.tenants.members.read import member_by_id
from wardship.tenants.members.records import TRANSITIONS, MemberRecord, MemberState
from wardship.tenants.members.roles import NO_ROLES, insert_roles, require_may_give
from wardship.tenants.notices.tell import tell
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
    await _manageable(access, member_id)
    await require_admin_without(access, [member_id])
    await _change(access, member_id, from_states=(MemberState.ACTIVE,), to=MemberState.DEACTIVATED)
    return await _done(access, member_id, "member.deactivated")


async def reactivate_member(access: Access, member_id: UUID) -> MemberRecord:
    """Let a deactivated member act again, with the roles that he or she had.

    Raises:
        StateConflictError: the member is not deactivated.
        NotBelowYouError: the member ranks as high as the caller.
    """
    require_may_give(access, await _manageable(access, member_id), "member_id")
    await _change(access, member_id, from_states=(MemberState.DEACTIVATED,), to=MemberState.ACTIVE)
    await _tell_back(access, member_id)
    return await _done(access, member_id, "member.reactivated")


async def remove_member(access: Access, member_id: UUID) -> MemberRecord:
    """End a membership: roles and groups end with it, the data stays until it is erased or its time is over.

    Raises:
        StateConflictError: the membership has ended already.
        LastAdminError: nobody would be left to administer the organisation.
        NotBelowYouError: the member ranks as high as the caller.
        MemberFrozenError: the member joined by a domain that has to be proven again first.
        HeldForApprovalError: many members were deleted today: it waits for a second person.
    """
    held = await _manageable(access, member_id)
    await require_not_frozen(access, [member_id])
    await require_admin_without(access, [member_id])
    state = await access.fetchval("select state from member where organisation_id = $1 and id = $2", member_id)
    if state in _REMOVABLE:
        above = [role for role in APPROVING_ROLES if rank([role]) > rank(held)]
        arguments = {DIRECTORY: DIRECTORY} if access.actor.is_directory else {}
        await count_or_hold(access, Deletion(ApprovalKind.REMOVE_MEMBER, member_id, arguments, above))
    await _remove(access, member_id)
    return await member_by_id(access, member_id)


async def remove_approved(access: Access, member_id: UUID) -> None:
    """End a membership as two people wanted; for an approval, which has checked who may.

    Raises:
        StateConflictError: the membership has ended already.
        LastAdminError: nobody would be left to administer the organisation.
    """
    await require_admin_without(access, [member_id])
    await require_not_frozen(access, [member_id])
    await _remove(access, member_id)


async def _remove(access: Access, member_id: UUID) -> None:
    await _change(access, member_id, from_states=_REMOVABLE, to=MemberState.REMOVED)
    await access.execute("delete from role_assignment where organisation_id = $1 and member_id = $2", member_id)
    await access.audit("member.removed", "member", member_id)
    await members_changed(access, [member_id], frozenset({"state", ENDED}))


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
    await _remove(access, member_id)


async def restore_member(access: Access, member_id: UUID) -> MemberRecord:
    """Take a removal back, as long as the person is not erased, and return the member.

    The person is a plain member again: who may give roles and groups gives them again; tokens and what the person had
    connected alone have ended, and what was erased at recipients is shared again.

    Raises:
        StateConflictError: the member is not removed.
    """
    await _manageable(access, member_id)
    await _change(access, member_id, from_states=(MemberState.REMOVED,), to=MemberState.ACTIVE)
    await insert_roles(access, [(member_id, NO_ROLES)])
    await access.audit("member.restored", "member", member_id)
    await members_changed(access, [member_id], frozenset({"state", "roles"}))
    await _tell_back(access, member_id)
    return await member_by_id(access, member_id)


async def suspend_at_request(access: Access, member_id: UUID) -> None:
    """Suspend an active membership because the person asked for it; for acts that have checked who may."""
    if not await _set_state(access, member_id, from_states=(MemberState.ACTIVE,), to=MemberState.DEACTIVATED):
        return  # what an administrator has ended stays the administrator's
    await access.audit_event(AuditEvent("member.deactivated", "member", member_id, purpose="requested"))
    await members_changed(access, [member_id], frozenset({"state", AT_REQUEST}))


async def resume_at_request(access: Access, member_id: UUID) -> None:
    """Let a deactivated member act again because the person wants to; for acts that have checked who may.

    Raises:
        StateConflictError: the member is not deactivated.
    """
    await _change(access, member_id, from_states=(MemberState.DEACTIVATED,), to=MemberState.ACTIVE)
    await access.audit_event(AuditEvent("member.reactivated", "member", member_id, purpose="requested"))
    await members_changed(access, [member_id], frozenset({"state", AT_REQUEST}))


async def end_membership(access: Access, member_id: UUID) -> None:
    """Mark a member as erased, with what ends with every membership; for an erasure, which does the rest."""
    await access.execute("update member set state = 'erased' where organisation_id = $1 and id = $2", member_id)
    await members_changed(access, [member_id], frozenset({ENDED, ERASED}))


async def _tell_back(access: Access, member_id: UUID) -> None:
    by_directory = access.actor.is_directory
    await tell(access, MEMBERSHIP_BACK, [member_id], target=("member", member_id), is_by_directory=by_directory)


async def _manageable(access: Access, member_id: UUID) -> frozenset[Role]:
    await member_by_id(access, member_id)
    access.require(Permission.MEMBERS_REMOVE)
    access.require_step_up()
    return await require_below(access, member_id)


async def _change(access: Access, member_id: UUID, *, from_states: tuple[MemberState, ...], to: MemberState) -> None:
    if not await _set_state(access, member_id, from_states=from_states, to=to):
        wanted = " or ".join(from_states)
        raise StateConflictError(f"This can only be done to a member who is {wanted}.", path=("member_id",))


async def _set_state(access: Access, member_id: UUID, *, from_states: tuple[MemberState, ...], to: MemberState) -> int:
    if any(to not in TRANSITIONS[state] for state in from_states):
        raise ValueError(f"no transition from {sorted(from_states)} to {to}")
    return await access.execute(
        "update member set state = $3, left_at = case when $3 = 'removed' then $4::timestamptz end"
        " where organisation_id = $1 and id = $2 and state = any($5::text[])",
        member_id,
        to.value,
        access.now,
        [state.value for state in from_states],
    )


async def _done(access: Access, member_id: UUID, action: str) -> MemberRecord:
    await access.audit(action, "member", member_id)
    await members_changed(access, [member_id], frozenset({"state"}))
    return await member_by_id(access, member_id)
