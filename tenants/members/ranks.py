"""Whom one may manage: only those below oneself, and never oneself."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from wardship.core.actor import CredentialKind, Role
from wardship.core.errors import PermissionDeniedError
from wardship.tenants.access import Access
from wardship.tenants.permissions import RANK

_ABOVE_ALL = max(RANK.values()) + 1


class NotBelowYouError(PermissionDeniedError):
    """The role, or the member's highest role, is not below yours: ask somebody who ranks higher."""

    code = "NOT_BELOW_YOU"


class YourselfError(PermissionDeniedError):
    """Nobody manages his or her own roles or membership: ask another administrator."""

    code = "YOURSELF"


def rank(roles: Collection[Role]) -> int:
    """Return the highest rank among roles; below all when there is none."""
    return max((RANK[role] for role in roles), default=-1)


def own_rank(access: Access) -> int:
    """Return the caller's rank; the system ranks above everybody, a directory above all but the owner."""
    match access.actor.credential:
        case CredentialKind.SYSTEM:
            return _ABOVE_ALL
        case CredentialKind.PROVISIONING:
            return RANK[Role.ORG_OWNER]
        case _:
            return rank(access.actor.roles)


async def own_membership(access: Access) -> UUID | None:
    """Return the caller's membership, also where it lets nobody in: by which nobody decides on the own data.

    Of an organisation that is suspended or ends nobody is let in as a member, but the privacy team is, whose people may
    be members too.
    """
    actor = access.actor
    if actor.member_id is not None or actor.account_id is None:
        return actor.member_id
    return await membership_of(access, actor.account_id)


async def membership_of(access: Access, account_id: UUID) -> UUID | None:
    """Return the membership of an account in the organisation, in whatever state."""
    membership: UUID | None = await access.fetchval(
        "select id from member where organisation_id = $1 and account_id = $2", account_id
    )
    return membership


async def deciding_person(access: Access) -> UUID | None:
    """Return who decides, as decisions name the person: the membership, else the account; None for the system."""
    return await own_membership(access) or access.actor.account_id


async def roles_held(access: Access, member_id: UUID) -> frozenset[Role]:
    """Return the roles of a member, visible to the caller or not: for decisions, not for answers."""
    return (await roles_of_each(access, [member_id]))[member_id]


async def roles_of_each(access: Access, member_ids: Collection[UUID]) -> dict[UUID, frozenset[Role]]:
    """Return the roles of each member, as ``roles_held`` does."""
    rows = await access.fetch(
        "select member_id, role from role_assignment where organisation_id = $1 and member_id = any($2::uuid[])",
        list(member_ids),
    )
    found: dict[UUID, set[Role]] = {member_id: set() for member_id in member_ids}
    for row in rows:
        found[row["member_id"]].add(Role(row["role"]))
    return {member_id: frozenset(roles) for member_id, roles in found.items()}


async def active_roles(access: Access, member_id: UUID) -> frozenset[Role]:
    """Return the roles of a member as far as they count: none unless the membership is active."""
    is_active = await access.fetchval(
        "select state = 'active' from member where organisation_id = $1 and id = $2", member_id
    )
    return await roles_held(access, member_id) if is_active else frozenset()


async def require_below(access: Access, member_id: UUID) -> frozenset[Role]:
    """Return the roles of another member whom the caller outranks.

    Raises:
        YourselfError: it is the caller.
        NotBelowYouError: the member ranks as high as the caller, or higher.
    """
    held = await roles_held(access, member_id)
    require_outranked(access, member_id, held)
    return held


def require_outranked(access: Access, member_id: UUID, held: Collection[Role]) -> None:
    """Refuse unless the caller outranks a member who holds these roles, and is somebody else.

    Raises:
        YourselfError, NotBelowYouError: as of ``require_below``.
    """
    if member_id == access.actor.member_id:
        raise YourselfError("You can't do this to yourself: ask another administrator.", path=("member_id",))
    if rank(held) >= own_rank(access):
        raise NotBelowYouError(
            "This member's role is not below yours: ask somebody who ranks higher.", path=("member_id",)
        )
