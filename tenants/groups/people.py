"""Who is in a group, and with which role there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from uuid import UUID

from wardship.core.errors import ConflictError, NotFoundError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.groups.change import open_group, require_by_hand
from wardship.tenants.groups.read import MEMBERSHIP, MembershipRecord, group_by_id
from wardship.tenants.groups.rules.pinning import require_pinned
from wardship.tenants.groups.telling import tell_put_in, tell_role, tell_taken_out
from wardship.tenants.groups.visibility import ABOVE_ALL, GROUP_RANK, GroupRole, require_group_rank
from wardship.tenants.members.batches import RowResult, each_by_itself, require_small_enough
from wardship.tenants.members.boundary import require_not_frozen
from wardship.tenants.members.fields import ENDED, members_changed
from wardship.tenants.members.ranks import NotBelowYouError, YourselfError
from wardship.tenants.members.read import member_by_id
from wardship.tenants.members.roles import NotActiveError

_PRESENT = "where organisation_id = $1 and group_id = $2 and member_id = $3 and left_at is null"


class AlreadyInGroupError(ConflictError):
    """The member is in the group already."""

    code = "ALREADY_IN_GROUP"


async def add_to_group(
    access: Access, group_id: UUID, member_id: UUID, role: GroupRole = GroupRole.MEMBER, *, is_pinned: bool = False
) -> MembershipRecord:
    """Put an active member into a group; its own admins may, with roles below theirs.

    Args:
        access: the caller.
        group_id: which.
        member_id: whom.
        role: there.
        is_pinned: whether the member stays whatever the rule says that fills the group; no matter where none does.

    Raises:
        GroupFilledByRuleError: a rule fills the group, and the change is not pinned.
        StepUpRequiredError: it is more than a member's role, and the second factor was not shown a moment ago.
        NotFoundError: group or member absent, or not the caller's to see.
        NotBelowYouError: the role is not below the caller's in the group.
        NotActiveError: the member is not active.
        AlreadyInGroupError: the member is in it.
        GroupOfDirectoryError: the directory decides who is in it.
    """
    held = await require_group_rank(access, group_id, GroupRole.GROUP_ADMIN)
    group = await open_group(access, group_id)
    require_by_hand(group)
    await require_pinned(access, group_id, is_pinned=is_pinned)
    await member_by_id(access, member_id)
    _require_may_give(access, held, role)
    if role is not GroupRole.MEMBER:
        await require_not_frozen(access, [member_id])
    await _require_active(access, member_id)
    membership = await insert_membership(access, group_id, member_id, role)
    if membership is None:
        raise AlreadyInGroupError("The member is in this group already.", path=("member_id",))
    await access.audit("group.member_added", "member", member_id, group=str(group_id), role=role.value)
    await tell_put_in(access, group, member_id, role)
    await members_changed(access, [member_id], frozenset({"groups"}))
    return membership


async def remove_from_group(
    access: Access, group_id: UUID, member_id: UUID, *, is_pinned: bool = False
) -> MembershipRecord:
    """Take a member out of a group, or leave it oneself; what he or she shared there stays.

    No rule puts the member in again, until somebody does.

    Raises:
        GroupFilledByRuleError: a rule fills the group, another is taken out, and that is not pinned.
        StepUpRequiredError: another's role there is taken, and the second factor was not shown a moment ago.
        NotFoundError: the group is not the caller's to see, or the member is not in it.
        NotBelowYouError: the member's role there is not below the caller's.
        GroupArchivedError: the group is archived, and the caller neither leaves it nor manages all groups.
    """
    if member_id == access.actor.member_id:
        await require_group_rank(access, group_id, GroupRole.MEMBER)
        require_by_hand(await group_by_id(access, group_id))
        await _membership(access, group_id, member_id)
    else:
        held = await require_group_rank(access, group_id, GroupRole.GROUP_ADMIN)
        group = await (open_group if held < ABOVE_ALL else group_by_id)(access, group_id)
        require_by_hand(group)
        await require_pinned(access, group_id, is_pinned=is_pinned)
        _require_may_give(access, held, (await _membership(access, group_id, member_id)).role)
        await tell_taken_out(access, group, member_id)
    left = await _change(access, group_id, member_id, "left_at = $4, role = 'member', is_taken_out = true", access.now)
    await access.audit("group.member_removed", "member", member_id, group=str(group_id))
    await members_changed(access, [member_id], frozenset({"groups"}))
    return left


async def add_each_to_group(
    access: Access, group_id: UUID, member_ids: Sequence[UUID], *, is_pinned: bool = False
) -> list[RowResult]:
    """Put members into a group, each by itself; see ``add_to_group``."""
    ids = require_small_enough(member_ids, "member_ids")
    await require_group_rank(access, group_id, GroupRole.GROUP_ADMIN)
    return await each_by_itself(ids, partial(add_to_group, access, group_id, is_pinned=is_pinned))


async def remove_each_from_group(
    access: Access, group_id: UUID, member_ids: Sequence[UUID], *, is_pinned: bool = False
) -> list[RowResult]:
    """Take members out of a group, each by itself; see ``remove_from_group``."""
    ids = require_small_enough(member_ids, "member_ids")
    await require_group_rank(access, group_id, GroupRole.GROUP_ADMIN)
    return await each_by_itself(ids, partial(remove_from_group, access, group_id, is_pinned=is_pinned))


async def set_group_role(
    access: Access, group_id: UUID, member_id: UUID, role: GroupRole, *, is_pinned: bool = False
) -> MembershipRecord:
    """Change a member's role in a group; both the old and the new one are below the caller's.

    Raises:
        GroupFilledByRuleError: a rule fills the group, and the change is not pinned.
        StepUpRequiredError: the second factor was not shown a moment ago.
        YourselfError: nobody changes his or her own role.
        NotBelowYouError: the old or the new role is not below the caller's.
        NotFoundError: the group is not the caller's to see, or the member is not in it.
        GroupArchivedError: the group is archived.
    """
    held = await require_group_rank(access, group_id, GroupRole.GROUP_OWNER)
    group = await open_group(access, group_id)
    if member_id == access.actor.member_id:
        raise YourselfError("You can't change your own role: ask another owner or an admin.", path=("member_id",))
    _require_may_give(access, held, (await _membership(access, group_id, member_id)).role)
    _require_may_give(access, held, role)
    await require_pinned(access, group_id, is_pinned=is_pinned)
    if role is not GroupRole.MEMBER:
        await require_not_frozen(access, [member_id])
    changed = await _change(access, group_id, member_id, "role = $4, is_by_rule = false", role.value)
    await access.audit("group.role_set", "member", member_id, group=str(group_id), role=role.value)
    await tell_role(access, group, member_id, role)
    return changed


async def insert_membership(
    access: Access, group_id: UUID, member_id: UUID, role: GroupRole
) -> MembershipRecord | None:
    """Insert a membership for the time that begins now and return it, or None when the member is in the group already.

    Who comes back gets another one: visibility goes by the times that people shared. Whom a rule has put in is in it
    by hand from now on, and whom somebody had taken out may be put in by rules again. For acts that checked who may.
    """
    return await access.fetchrow_as(
        MembershipRecord,
        f"""with back as (update group_membership set is_taken_out = false
                where organisation_id = $1 and group_id = $4 and member_id = $5 and is_taken_out)
            insert into group_membership as s (organisation_id, id, created_at, group_id, member_id, role)
            values ($1, $2, $3, $4, $5, $6)
            on conflict (organisation_id, group_id, member_id) where left_at is null
                do update set is_by_rule = false, role = excluded.role where s.is_by_rule
            returning {MEMBERSHIP}""",
        uuid7(),
        access.now,
        group_id,
        member_id,
        role.value,
    )


async def leave_all_groups(access: Access, member_ids: Collection[UUID]) -> None:
    """End members' time in every group; for acts that have checked who may."""
    await access.execute(
        "update group_membership set left_at = $3, role = 'member'"
        " where organisation_id = $1 and member_id = any($2) and left_at is null",
        list(member_ids),
        access.now,
    )


async def leave_groups(access: Access, member_ids: Collection[UUID], columns: frozenset[str]) -> None:
    """End members' time in every group when the membership in the organisation has ended."""
    if ENDED in columns:
        await leave_all_groups(access, member_ids)


async def is_in_group(access: Access, group_id: UUID) -> bool:
    """Return whether the caller is a present member of a group."""
    found: bool = await access.fetchval(
        "select exists (select from group_membership where organisation_id = $1 and group_id = $2"
        " and member_id = $3 and left_at is null)",
        group_id,
        access.actor.member_id,
    )
    return found


async def leads_a_group(access: Access, member_id: UUID) -> bool:
    """Return whether a member is owner or admin of a group: for decisions, not for answers."""
    found: bool = await access.fetchval(
        "select exists (select from group_membership where organisation_id = $1 and member_id = $2"
        " and role <> 'member' and left_at is null)",
        member_id,
    )
    return found


async def _membership(access: Access, group_id: UUID, member_id: UUID) -> MembershipRecord:
    row = await access.fetchrow_as(
        MembershipRecord, f"select {MEMBERSHIP} from group_membership s {_PRESENT} for update", group_id, member_id
    )
    return _found(row)


async def _change(access: Access, group_id: UUID, member_id: UUID, assignments: str, value: object) -> MembershipRecord:
    sql = f"update group_membership s set {assignments} {_PRESENT} returning {MEMBERSHIP}"
    return _found(await access.fetchrow_as(MembershipRecord, sql, group_id, member_id, value))


def _found(membership: MembershipRecord | None) -> MembershipRecord:
    if membership is None:
        raise NotFoundError("No such member in this group.", path=("member_id",))
    return membership


async def _require_active(access: Access, member_id: UUID) -> None:
    state = await access.fetchval("select state from member where organisation_id = $1 and id = $2", member_id)
    if state != "active":
        raise NotActiveError("This member is not active: reactivate the membership first.", path=("member_id",))


def _require_may_give(access: Access, held: int, role: GroupRole) -> None:
    """Refuse to give or take a role that isn't below the caller's, or is more than a member's without second factor."""
    if role is not GroupRole.MEMBER:
        access.require_step_up()
    if GROUP_RANK[role] >= held:
        raise NotBelowYouError("This role in the group is not below yours: ask its owner or an admin.", path=("role",))
