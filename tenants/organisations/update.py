"""Change an organisation's name or settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wardship.tenants.access import Access
from wardship.tenants.organisations.read import OrganisationRecord, own_organisation
from wardship.tenants.organisations.settings import SETTINGS, changed_settings, write_settings
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


async def update_settings(access: Access, changes: Mapping[str, object]) -> OrganisationRecord:
    """Change settings of the organisation by their names; the others stay as they are, also what another sets just now.

    What is held in a country that is forbidden by it is taken back. Who the controller is, the owner alone says.

    Raises:
        PermissionDeniedError: the caller may not, or says who the controller is and does not own the organisation.
        StepUpRequiredError: the same, and the second factor was not shown a moment ago.
        InvalidInputError: a value can't be accepted, or there is no such setting.
    """
    access.require(Permission.ORGANISATION_UPDATE)
    await access.execute("select from organisation where id = $1 for no key update")
    organisation = await own_organisation(access)
    before = organisation.settings
    after = changed_settings(before, changes)
    changed = [name for name in SETTINGS if getattr(after, name) != getattr(before, name)]
    if "legal_entity" in changed:
        access.require(Permission.OWNERSHIP_TRANSFER)
        access.require_step_up()
    if changed:
        await access.execute("update organisation set settings = $2::jsonb where id = $1", write_settings(after))
        await access.audit("organisation.settings_updated", "organisation", access.organisation_id, fields=changed)
        for listener in access.services.nouns.rule_listeners:
            await listener(access, {name: (getattr(before, name), getattr(after, name)) for name in changed})
    return replace(organisation, settings=after)
