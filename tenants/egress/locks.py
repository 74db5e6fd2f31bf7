"""The order of locks that lets a withdrawal and a delivery never miss each other.

The gate holds shared locks on the installation and then on the members, by id, until its ledger rows are committed.
Whoever changes what may be shared takes the same locks exclusively first. So a withdrawal that has committed is seen by
every later gate, and a delivery whose gate came first is seen by the withdrawal, which then orders its undoing.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access


async def lock_members(access: Access, member_ids: Collection[UUID]) -> list[UUID]:
    """Lock members against deliveries until the transaction ends; return those that exist, ordered."""
    rows = await access.transaction.fetch(
        "select id from member where organisation_id = $1 and id = any($2::uuid[]) order by id for no key update",
        access.organisation_id,
        list(member_ids),
    )
    return [row["id"] for row in rows]


async def lock_member(access: Access, member_id: UUID) -> None:
    """Lock one member against deliveries until the transaction ends.

    Raises:
        NotFoundError: there is no such member here.
    """
    if not await lock_members(access, [member_id]):
        raise NotFoundError("No such member: look the member up again.", path=("member",))


async def lock_installation(access: Access, installation_id: UUID) -> None:
    """Lock an installation against deliveries until the transaction ends."""
    await access.transaction.fetchrow(
        "select id from installation where organisation_id = $1 and id = $2 for no key update",
        access.organisation_id,
        installation_id,
    )
