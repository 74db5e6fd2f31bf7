"""What a member has a part in, and how that ends with the membership."""

from __future__ import annotations

from uuid import UUID

from wardship.tenants.access import Access


async def end_parts(access: Access, member_id: UUID) -> None:
    """Leave every group and cancel an offered transfer of ownership; for acts that have checked who may."""
    await access.transaction.execute(
        "update group_membership set left_at = $3, role = 'member'"
        " where organisation_id = $1 and member_id = $2 and left_at is null",
        access.organisation_id,
        member_id,
        access.now,
    )
    await access.transaction.execute(
        "update ownership_transfer set state = 'cancelled', decided_at = $3"
        " where organisation_id = $1 and $2 in (from_member_id, to_member_id) and state = 'offered'",
        access.organisation_id,
        member_id,
        access.now,
    )
