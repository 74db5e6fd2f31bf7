"""The order of locks that lets a withdrawal and a delivery never miss each other.

The gate holds shared locks on the installation and then on the members, by id, until its ledger rows are committed.
A command that changes what may be shared takes the same locks exclusively first. So a withdrawal that has committed is
seen by every later gate, and a delivery whose gate came first is seen by the withdrawal, which then orders its undoing.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access

# One look-up for each, in the order given: a plan of `= any(…)` for all arguments may read a tenant's whole index.
_LOCK_EACH = """select locked.id from unnest($2::uuid[]) as w (id) cross join lateral (
    select m.id from member m where m.organisation_id = $1 and m.id = w.id """


async def share_members(access: Access, member_ids: Collection[UUID]) -> None:
    """Lock members against withdrawals until the transaction ends, as a delivery does."""
    await access.fetch(_LOCK_EACH + "for share) locked", sorted(set(member_ids)))


async def lock_members(access: Access, member_ids: Collection[UUID]) -> list[UUID]:
    """Lock members against deliveries until the transaction ends; return those that exist, ordered."""
    rows = await access.fetch(_LOCK_EACH + "for no key update) locked", sorted(set(member_ids)))
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
    await access.fetchrow(
        "select id from installation where organisation_id = $1 and id = $2 for no key update", installation_id
    )
