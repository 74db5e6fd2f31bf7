"""Destroy copies whose time is over (requirement D10)."""

from __future__ import annotations

from uuid import UUID

from wardship.core.audit.log import AuditEvent
from wardship.tenants.access import Access


async def destroy_export(access: Access, file_id: UUID) -> None:
    """Destroy a copy whose time is over; the row stays, to say that there was one."""
    destroyed = await access.transaction.execute(
        "update export_file set content = null, destroyed_at = $3"
        " where organisation_id = $1 and id = $2 and destroyed_at is null and expires_at <= $3",
        access.organisation_id,
        file_id,
        access.now,
    )
    if destroyed:
        await access.audit(AuditEvent("export.expired", "export_file", file_id))
