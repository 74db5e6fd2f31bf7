"""Become a member by an account of one's own: a membership that was prepared or had ended, or a new one."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from wardship.core.actor import Role
from wardship.tenants.access import Access
from wardship.tenants.members.add import AlreadyMemberError
from wardship.tenants.members.insert import NewMember, insert_members
from wardship.tenants.members.notices import JOINED
from wardship.tenants.members.roles import NO_ROLES, insert_roles, role_in_words
from wardship.tenants.notices.tell import tell


async def join(access: Access, email: str) -> UUID:
    """Make the caller's account a member, and return the membership; others have checked who may, and give its roles.

    A membership that was prepared for the address comes with the roles that it was given.

    Args:
        access: of an account that has no place in the organisation yet; its transaction reaches the directory.
        email: the address that the person has proven.

    Raises:
        AlreadyMemberError: the account or the address is a member.
    """
    row = await access.fetchrow(
        "select id, state, account_id from member where organisation_id = $1 and state <> 'erased'"
        " and (account_id = $2 or (email = $3 and email <> '' and account_id is null)) order by account_id nulls last"
        " for no key update",
        access.actor.account_id,
        email,
    )
    if row is None:
        return await _new_member(access, email)
    if row["state"] == "deactivated" or (row["state"] == "active" and row["account_id"] is not None):
        raise AlreadyMemberError("You are a member here already.", path=("token",))
    await access.execute(
        "update member set state = 'active', account_id = $3, left_at = null, joined_at = $4"
        " where organisation_id = $1 and id = $2",
        row["id"],
        access.actor.account_id,
        access.now,
    )
    member_id: UUID = row["id"]
    return member_id


async def join_as_plain_member(access: Access, email: str) -> UUID:
    """Make the caller's account a member without any role but that, and return the membership; see ``join``.

    Whose address lies at a domain of the organisation gets no role by that: what a membership that was prepared, or had
    ended, was given is taken from it.
    """
    member_id = await join(access, email)
    taken = await access.fetch(
        "delete from role_assignment where organisation_id = $1 and member_id = $2 and role <> 'member' returning role",
        member_id,
    )
    for row in taken:  # four at most
        await access.audit("member.role_withdrawn", "member", member_id, role=row["role"])
    await insert_roles(access, [(member_id, NO_ROLES)])
    return member_id


async def tell_joined(access: Access, member_id: UUID, roles: Collection[Role]) -> None:
    """Tell somebody that he or she belongs to the organisation now, and what that means.

    Args:
        access: who caused it, often the person.
        member_id: of the membership.
        roles: that came with it.
    """
    words = [role_in_words(role) for role in sorted(frozenset(roles) - {Role.MEMBER})]
    by_directory = access.actor.is_directory
    await tell(access, JOINED, [member_id], target=("member", member_id), roles=words, is_by_directory=by_directory)


async def _new_member(access: Access, email: str) -> UUID:
    name = await access.transaction.fetchval("select display_name from account where id = $1", access.actor.account_id)
    person = NewMember(name or email.partition("@")[0], email, access.actor.account_id)
    if not await insert_members(access, [person]):
        raise AlreadyMemberError("This address is a member here already.", path=("token",))
    return person.id
