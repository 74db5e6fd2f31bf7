"""Change an organisation's name or settings."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from wardship.tenants.access import Access
from wardship.tenants.organisations.read import OrganisationRecord, own_organisation
from wardship.tenants.organisations.settings import OrganisationSettings, checked_settings, write_settings
from wardship.tenants.permissions import Permission
from wardship.tenants.text import one_line


async def rename_organisation(access: Access, name: str) -> OrganisationRecord:
    """Change the name by which the organisation is shown.

    Raises:
        InvalidInputError: no name of 1 to 200 characters.
    """
    access.require(Permission.ORGANISATION_UPDATE)
    await access.execute("update organisation set name = $2 where id = $1", one_line(name, "name", least=1))
    await access.audit("organisation.renamed", "organisation", access.organisation_id)
    return await own_organisation(access)


async def update_settings(access: Access, settings: OrganisationSettings) -> OrganisationRecord:
    """Replace the organisation's settings.

    Raises:
        InvalidInputError: a value can't be accepted.
    """
    access.require(Permission.ORGANISATION_UPDATE)
    organisation = await own_organisation(access)
    before = organisation.settings
    after = checked_settings(settings)
    await access.execute("update organisation set settings = $2::jsonb where id = $1", write_settings(after))
    changed = [name for name in msgspec.structs.asdict(after) if getattr(after, name) != getattr(before, name)]
    await access.audit("organisation.settings_updated", "organisation", access.organisation_id, fields=changed)
    return replace(organisation, settings=after)
