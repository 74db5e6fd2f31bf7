"""Countries where the organisation wants no data: asked when settings change, and followed when the rule changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from wardship.plugins.api import Cause, Manifest
from wardship.plugins.host.settings import SplitSettings
from wardship.tenants.access import Access
from wardship.tenants.installations.authority import is_ending
from wardship.tenants.installations.countries import countries_of, require_allowed_countries
from wardship.tenants.installations.notices import COUNTRY_FORBIDDEN
from wardship.tenants.installations.place_address import address_of
from wardship.tenants.installations.records import InstallationRecord, find_installations, read_places
from wardship.tenants.installations.telling import tell_keepers
from wardship.tenants.obligations.enqueue import erase_what_is_used, share_with_audience

_RULE = "forbidden_countries"


async def require_settings_allowed(
    access: Access, installation: InstallationRecord, manifest: Manifest, settings: SplitSettings
) -> None:
    """Refuse settings that bring data to a country where the organisation wants none.

    Where the data is there already, new credentials are taken: it is taken back with them.

    Raises:
        ForbiddenCountryError: naming the countries.
    """
    if is_ending(installation):
        return
    stored = json.loads((await read_places(access, [installation.place_id]))[installation.place_id].settings)
    stays = address_of(manifest, stored) == address_of(manifest, settings.public)
    already = countries_of(manifest, stored) if stays else ()
    await require_allowed_countries(access, manifest, settings.public, already=already)


async def follow_forbidden_countries(access: Access, changes: Mapping[str, tuple[Any, Any]]) -> None:
    """Take back what is held in a country that is now forbidden, and share again where none is any more."""
    if _RULE not in changes:
        return
    before, after = (frozenset(countries) for countries in changes[_RULE])
    rows = await access.fetch("select id from installation where organisation_id = $1 and state <> 'removed'")
    found = await find_installations(access, [row["id"] for row in rows], lock="for no key update")
    for installation in found.values():
        if not is_ending(installation):
            countries = await stored_in(access, installation)
            await _follow(
                access, installation, was_forbidden=bool(countries & before), is_forbidden=bool(countries & after)
            )


async def stored_in(access: Access, installation: InstallationRecord) -> frozenset[str]:
    """Return the countries in which an installation's data is stored, also by what the loaded plugin says of them."""
    settings = json.loads((await read_places(access, [installation.place_id]))[installation.place_id].settings)
    loaded = access.services.integrations.get(installation.integration_key).manifest or installation.manifest
    return countries_of(installation.manifest, settings) | countries_of(loaded, settings)


async def _follow(access: Access, installation: InstallationRecord, *, was_forbidden: bool, is_forbidden: bool) -> None:
    if is_forbidden and not was_forbidden:
        await take_back_from_forbidden(access, installation)
    elif was_forbidden and not is_forbidden and installation.is_sharing:
        await share_with_audience(access, installation)


async def take_back_from_forbidden(access: Access, installation: InstallationRecord) -> None:
    """Owe the erasure of everybody of whom something is held at an installation's present place and not restricted."""
    owed = await erase_what_is_used(access, installation, cause=Cause.COUNTRY_FORBIDDEN)
    await access.audit("installation.country_forbidden", "installation", installation.id, owed=owed)
    await tell_keepers(access, installation, COUNTRY_FORBIDDEN)
