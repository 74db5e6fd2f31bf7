"""An organisation never loses its last administrator."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from wardship.core.errors import ConflictError
from wardship.tenants.access import Access


class LastAdminError(ConflictError):
    """Nobody would be left to administer the organisation: give another member the role first."""

    code = "LAST_ADMIN"


class OwnerLeavesError(LastAdminError):
    """The organisation's owner can't leave it ownerless: offer the ownership to another member first."""

    code = "OWNER_LEAVES"


_CAPABLE = """
    m.state = 'active' and m.account_id is not null
    and exists (select from role_assignment r where r.organisation_id = $1 and r.member_id = m.id
        and r.role in ('org_admin', 'org_owner'))
"""


async def admin_capable_members(access: Access) -> list[UUID]:
    """Return the active members with an account and the role of an admin or owner, ordered by id."""
    rows = await access.fetch(f"select m.id from member m where m.organisation_id = $1 and {_CAPABLE} order by m.id")
    return [row["id"] for row in rows]


async def lock_admin_capable_members(access: Access, leaving: Collection[UUID] = ()) -> list[UUID]:
    """Return them with their rows, and those of who is leaving, locked until the transaction ends.

    They are read again once the locks are held: a role that a concurrent call withdrew meanwhile counts no more. All
    are locked at once in the order in which the gate locks members (``egress.locks``), and rows that refer to members
    may be written meanwhile: other orders would end in deadlocks.
    """
    await access.fetch(
        "select m.id from member m where m.organisation_id = $1"
        f" and (m.id = any($2::uuid[]) or ({_CAPABLE})) order by m.id for no key update of m",
        list(leaving),
    )
    return await admin_capable_members(access)


async def require_admin_without(access: Access, leaving: Collection[UUID]) -> None:
    """Refuse when the owner is among these members, or the last who can administer the organisation.

    Call it before any removal, demotion, suspension or erasure. Plain members are never blocked by it.

    Raises:
        LastAdminError: nobody would be left.
        OwnerLeavesError: others would be left, but nobody who could ever own the organisation.
    """
    for refusal in (await _refusals(access, [list(leaving)])).values():
        raise refusal


async def admin_or_owner_among(access: Access, leaving: Collection[UUID]) -> dict[UUID, LastAdminError]:
    """Return those of these members who can't leave, each after the ones before, and why.

    See ``require_admin_without``; rows are locked as there, all at once.
    """
    return await _refusals(access, [[member_id] for member_id in leaving])


async def _refusals(access: Access, groups: Sequence[Sequence[UUID]]) -> dict[UUID, LastAdminError]:
    """Return why groups of members can't leave one after the other, by the first of each group."""
    capable = set(await lock_admin_capable_members(access, [item for group in groups for item in group]))
    owner = await access.fetchval(
        "select member_id from role_assignment where organisation_id = $1 and role = 'org_owner'"
    )
    refused: dict[UUID, LastAdminError] = {}
    for group in groups:
        leaving = set(group)
        if capable & leaving and not capable - leaving:
            refused[group[0]] = LastAdminError(
                "Nobody would be left to administer the organisation: make another member an admin first."
            )
        elif owner in leaving:
            refused[group[0]] = OwnerLeavesError(
                "Only the owner can pass the ownership on: offer it to another member first."
            )
        else:
            capable -= leaving
    return refused
