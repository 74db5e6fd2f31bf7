"""Read one's own organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.organisations.settings import OrganisationSettings, read_settings
from wardship.tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class OrganisationRecord:
    """An organisation."""

    id: UUID
    created_at: datetime
    slug: str
    name: str
    state: str
    state_reason: str
    state_until: datetime | None
    settings: OrganisationSettings


async def own_organisation(access: Access) -> OrganisationRecord:
    """Return the organisation of this call.

    Raises:
        PermissionDeniedError: the caller has no place in it.
        NotFoundError: it is gone.
    """
    access.require(Permission.ORGANISATION_READ)
    row = await access.fetchrow(
        "select id, created_at, slug, name, state, state_reason, state_until, settings from organisation where id = $1"
    )
    if row is None:
        raise NotFoundError("No such organisation.")
    return OrganisationRecord(**{**row, "settings": read_settings(row["settings"])})
