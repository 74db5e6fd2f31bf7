"""Roles in the organisation: who holds which, given and withdrawn only by somebody above."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NewType
from uuid import UUID

from wardship.core.actor import Role
from wardship.core.errors import ConflictError, InvalidInputError, NotFoundError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.members.admins import require_admin_without
from wardship.tenants.members.batches import Batch, RowResult, require_small_enough
from wardship.tenants.members.fields import CONTACT, members_changed
from wardship.tenants.members.notices import ROLE_GIVEN, ROLE_TAKEN
from wardship.tenants.members.ranks import NotBelowYouError, active_roles, own_rank, rank, require_below
from wardship.tenants.members.read import member_by_id
from wardship.tenants.members.records import MemberRecord, MemberState, RoleRecord
from wardship.tenants.members.visibility import VisibleMembers
from wardship.tenants.notices.tell import Telling, tell, tell_each
from wardship.tenants.permissions import ROLE_PERMISSIONS, Permission

GivenRoles = NewType("GivenRoles", frozenset[Role])
"""Roles besides ``member`` that somebody may give: what writes roles takes these, and the rule alone makes them."""

CONTACTS: Final = frozenset({Role.BILLING_CONTACT, Role.TECHNICAL_CONTACT, Role.ADMINISTRATIVE_CONTACT})
"""The roles of the contacts of an organisation."""
NO_ROLES: Final = GivenRoles(frozenset())


class NotActiveError(ConflictError):
    """The member is not active: reactivate or invite the person first."""

    code = "MEMBER_NOT_ACTIVE"


_ROLE_WORDS: Final = {Role.ORG_ADMIN: "administrator", Role.ORG_OWNER: "owner"}


def role_in_words(role: Role) -> str:
    """Return a role as people read it, before "of" the organisation's name too."""
    return _ROLE_WORDS.get(role) or role.value.replace("_", " ")


def columns_of(given: Collection[Role]) -> frozenset[str]:
    """Return what has changed of somebody who got roles, as listeners of members are told."""
    return frozenset({"roles", CONTACT} if CONTACTS.intersection(given) else {"roles"})


def require_may_give(access: Access, roles: Collection[Role], field: str = "roles") -> GivenRoles:
    """Return roles that the caller may give: the one rule for every way to a role, and for taking one.

    A fresh second factor (of a token the scope ``admin``), the permission to assign roles, and a rank above them. To
    give nothing but ``member``, which everybody gets, nothing is needed.

    Args:
        access: the caller's.
        roles: what is given; ``member`` among them or not.
        field: of the input, which a refusal names.

    Raises:
        StepUpRequiredError: the second factor was not shown a moment ago.
        NotBelowYouError: a role is not below the caller's.
        InvalidInputError: ownership is among them, or the role of the provider's customers.
    """
    given = frozenset(roles) - {Role.MEMBER}
    if not given:
        return NO_ROLES
    access.require(Permission.ROLES_ASSIGN)
    access.require_step_up()
    if Role.ORG_OWNER in given:
        raise InvalidInputError("Ownership can't be given or taken: it is transferred.", path=(field,))
    if Role.CUSTOMER in given:
        raise InvalidInputError("Nobody is a customer of an organisation: customers are the provider's.", path=(field,))
    if rank(given) >= own_rank(access):
        raise NotBelowYouError("This role is not below yours: ask somebody who ranks higher.", path=(field,))
    return GivenRoles(given)


async def may_still_give(access: Access, giver_id: UUID, roles: Collection[Role]) -> GivenRoles | None:
    """Return roles that a member gave a while ago, if he or she still might; None if not.

    Whether the second factor was shown is a question of that time, and of its record.
    """
    given = frozenset(roles) - {Role.MEMBER}
    held = await active_roles(access, giver_id)
    may_assign = any(Permission.ROLES_ASSIGN in ROLE_PERMISSIONS[role] for role in held)
    if given and not (may_assign and rank(given) < rank(held)):
        return None
    return GivenRoles(given)


async def roles_of(reach: VisibleMembers, member_ids: Collection[UUID]) -> dict[UUID, list[RoleRecord]]:
    """Return the roles of each member whose administrative detail the caller may see; the others are absent."""
    shown = list(member_ids) if reach.is_everyone else [item for item in member_ids if item == reach.viewer_id]
    found: dict[UUID, list[RoleRecord]] = {member_id: [] for member_id in shown}
    if not shown:
        return found
    rows = await reach.access.fetch_as(
        RoleRecord,
        "select id, member_id, role, created_at, granted_by from role_assignment"
        " where organisation_id = $1 and member_id = any($2::uuid[]) order by member_id, created_at, id",
        shown,
    )
    for row in rows:
        found[row.member_id].append(row)
    return found


async def assign_role(access: Access, member_id: UUID, role: Role) -> MemberRecord:
    """Give a member a role below one's own.

    Raises:
        NotActiveError: the member is not active.
        NotBelowYouError: the role or the member's own rank is not below the caller's.
        YourselfError: nobody changes his or her own roles.
        MemberFrozenError: the member joined by a domain that is not proven now.
        ConflictError: the member holds it already.
    """
    batch = Batch([member_id])
    await _assign(access, batch, role)
    batch.raise_refusal()
    return await member_by_id(access, member_id)


async def assign_role_to_members(access: Access, member_ids: Sequence[UUID], role: Role) -> list[RowResult]:
    """Give members a role below one's own, to each by itself; see ``assign_role``."""
    batch = Batch(require_small_enough(member_ids, "member_ids"))
    await _assign(access, batch, role)
    return batch.results()


async def _assign(access: Access, batch: Batch, role: Role) -> None:
    await batch.keep_visible(access)
    if not batch.left:
        return
    _require_may_change(access, role)
    await batch.keep_outranked(access)
    await batch.keep_thawed(access)
    states = await access.fetch(
        "select id, state from member where organisation_id = $1 and id = any($2::uuid[])", batch.left
    )
    batch.refuse_where({row["id"] for row in states if row["state"] != MemberState.ACTIVE}, _not_active)
    holders = set(batch.left)
    given = await _insert_role(access, batch.left, role)
    batch.refuse_where(holders - given, _held_already)
    for member_id in batch.left:
        await access.audit("member.role_assigned", "member", member_id, role=role.value)
    words = {"role": role_in_words(role)}
    await tell_each(
        access,
        *(
            Telling(kind=ROLE_GIVEN, members=[member_id], target=("member", member_id), values=words)
            for member_id in batch.left
        ),
    )
    await members_changed(access, batch.left, columns_of([role]))


def _not_active() -> NotActiveError:
    return NotActiveError("This member is not active: reactivate the membership first.", path=("member_id",))


def _held_already() -> ConflictError:
    return ConflictError("The member holds this role already.", path=("role",))


async def _insert_role(access: Access, member_ids: Sequence[UUID], role: Role) -> set[UUID]:
    """Return those of these members who did not hold the role before."""
    rows = await access.fetch(
        "insert into role_assignment (organisation_id, created_at, granted_by, role, id, member_id)"
        " select $1, $2, $3, $4, * from unnest($5::uuid[], $6::uuid[])"
        " on conflict (organisation_id, member_id, role) do nothing returning member_id",
        access.now,
        access.actor.member_id,
        role.value,
        [uuid7() for _ in member_ids],
        member_ids,
    )
    return {row["member_id"] for row in rows}


async def withdraw_role(access: Access, member_id: UUID, role: Role) -> MemberRecord:
    """Take a role below one's own from a member.

    Raises:
        LastAdminError: nobody would be left to administer the organisation.
        NotBelowYouError: the role or the member's own rank is not below the caller's.
        YourselfError: nobody changes his or her own roles.
        NotFoundError: the member does not hold it.
    """
    member = await _changeable(access, member_id, role)
    if role is Role.ORG_ADMIN:
        await require_admin_without(access, [member_id])
    taken = await access.execute(
        "delete from role_assignment where organisation_id = $1 and member_id = $2 and role = $3", member_id, role.value
    )
    if not taken:
        raise NotFoundError("The member does not hold this role.", path=("role",))
    await access.audit("member.role_withdrawn", "member", member_id, role=role.value)
    await tell(access, ROLE_TAKEN, [member_id], target=("member", member_id), role=role_in_words(role))
    await members_changed(access, [member_id], frozenset({"roles"}))
    return member


async def insert_roles(access: Access, holders: Sequence[tuple[UUID, GivenRoles]]) -> None:
    """Give these members these roles besides ``member``; those that they hold already stay as they are."""
    pairs = [(member_id, role) for member_id, roles in holders for role in sorted({*roles, Role.MEMBER})]
    await access.execute(
        "insert into role_assignment (organisation_id, created_at, granted_by, id, member_id, role)"
        " select $1, $2, $3, * from unnest($4::uuid[], $5::uuid[], $6::text[])"
        " on conflict (organisation_id, member_id, role) do nothing",
        access.now,
        access.actor.member_id,
        [uuid7() for _ in pairs],
        [member_id for member_id, _ in pairs],
        [role.value for _, role in pairs],
    )


async def pass_ownership(access: Access, from_member_id: UUID, to_member_id: UUID) -> None:
    """Make one member the owner in place of another, who becomes an admin; for acts that have checked who may."""
    await access.execute(
        "delete from role_assignment where organisation_id = $1 and member_id = $2 and role = 'org_owner'",
        from_member_id,
    )
    former, new = GivenRoles(frozenset({Role.ORG_ADMIN})), GivenRoles(frozenset({Role.ORG_OWNER}))
    await insert_roles(access, [(from_member_id, former), (to_member_id, new)])
    await members_changed(access, [from_member_id, to_member_id], frozenset({"roles"}))


async def _changeable(access: Access, member_id: UUID, role: Role) -> MemberRecord:
    member = await member_by_id(access, member_id)
    _require_may_change(access, role)
    await require_below(access, member_id)
    return member


def _require_may_change(access: Access, role: Role) -> None:
    access.require(Permission.ROLES_ASSIGN)
    if not require_may_give(access, [role], "role"):
        raise InvalidInputError("This role can't be given or taken: every member is one.", path=("role",))
