"""Close what a member has asked when the person is erased: nothing is left that a request could be about."""

from __future__ import annotations

from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.requests.states import CERTIFIED


async def close_other_requests(access: Access, member_id: UUID) -> None:
    """Withdraw the rights that were not begun, and end the requests of which none is open."""
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
