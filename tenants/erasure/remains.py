"""End what still points at a person whose columns are gone: exports and other requests."""

from __future__ import annotations

from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.requests.states import CERTIFIED


async def destroy_exports(access: Access, member_id: UUID) -> None:
    """Mark the person's export files as destroyed; the content goes with the registry's column (requirement D10)."""
    await access.transaction.execute(
        "update export_file set destroyed_at = $3, content = null"
        " where organisation_id = $1 and member_id = $2 and destroyed_at is null",
        access.organisation_id,
        member_id,
        access.now,
    )


async def close_other_requests(access: Access, member_id: UUID) -> None:
    """End the rights that were not begun: nothing is left that they could be about."""
    await access.transaction.execute(
        "update request_right g set state = 'withdrawn', ended_at = $3, outcome = 'person_erased'"
        " from data_request r where g.organisation_id = $1 and r.organisation_id = $1 and r.id = g.request_id"
        " and r.member_id = $2 and g.state in ('submitted', 'with_admin', 'with_privacy_team', 'approved', 'previewed',"
        " 'scheduled')",
        access.organisation_id,
        member_id,
        access.now,
    )
    await access.transaction.execute(
        "update data_request r set ended_at = $3, is_certificate_due = exists (select from request_right g"
        " where g.organisation_id = $1 and g.request_id = r.id and g.state = any($4::text[]))"
        " where r.organisation_id = $1 and r.member_id = $2"
        " and r.ended_at is null and not exists (select from request_right g where g.organisation_id = $1"
        " and g.request_id = r.id and g.ended_at is null)",
        access.organisation_id,
        member_id,
        access.now,
        sorted(CERTIFIED),
    )
    await access.transaction.execute(
        "update restriction set lifted_at = $3 where organisation_id = $1 and member_id = $2 and lifted_at is null",
        access.organisation_id,
        member_id,
        access.now,
    )
