"""The views that somebody has: the own ones, and those that others share."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access


class ViewRecord(Row):
    """A list of the console as a member has filtered and ordered it."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    name: str = column("name")
    page: str = column("page")
    address: str = column("address")
    is_shared: bool = column("is_shared")
    member_id: UUID = column("member_id")
    is_own: bool = column("is_own")


async def list_views(access: Access) -> list[ViewRecord]:
    """Return the caller's views and those that others share, by name: as many as two limits allow at most.

    Raises:
        PermissionDeniedError: the caller is no member here.
    """
    return await access.fetch_as(
        ViewRecord,
        "select v.*, v.member_id = $2 as is_own from ("
        " select * from saved_view where organisation_id = $1 and member_id = $2 union all"
        " select * from saved_view where organisation_id = $1 and is_shared and member_id <> $2) v"
        " order by v.name, v.id",
        access.require_member("read"),
    )


async def visible_view(access: Access, view_id: UUID) -> ViewRecord:
    """Return a view that is the caller's, or shared; it stays as it is until the transaction ends.

    Raises:
        PermissionDeniedError: the caller is no member here.
        NotFoundError: absent, or somebody else's own.
    """
    found = await access.fetchrow_as(
        ViewRecord,
        "select v.*, v.member_id = $3 as is_own from saved_view v where v.organisation_id = $1 and v.id = $2"
        " and (v.member_id = $3 or v.is_shared) for update",
        view_id,
        access.require_member(),
    )
    if found is None:
        raise NotFoundError("There is no such view, or it is somebody else's own.")
    return found
