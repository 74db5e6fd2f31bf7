"""In which countries an integration stores data, and whether the organisation wants any there (requirement B8)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from wardship.core.errors import InvalidInputError
from wardship.plugins.api import Manifest
from wardship.tenants.access import Access
from wardship.tenants.organisations.settings import read_settings


class ForbiddenCountryError(InvalidInputError):
    """The organisation forbids the country in which the integration stores data: choose another, or change the rule."""

    code = "FORBIDDEN_COUNTRY"


def countries_of(manifest: Manifest, settings: Mapping[str, object]) -> frozenset[str]:
    """Return the countries that the declaration names, with the one that the settings state where it asks for that.

    Those to which the vendor passes data on are among them, as far as it declares them.
    """
    stated = settings.get(manifest.transfer.country_setting or "")
    declared = frozenset((*manifest.transfer.countries, *manifest.onward_countries))
    return declared | ({str(stated)} if stated else frozenset())


async def require_allowed_countries(
    access: Access, manifest: Manifest, settings: Mapping[str, object], *, already: Collection[str] = ()
) -> None:
    """Refuse data in a country that the organisation forbids.

    Args:
        access: the caller.
        manifest: the declaration that is to hold.
        settings: those that are to hold, without secrets.
        already: countries where the data is before this; they are no reason to refuse.

    Raises:
        ForbiddenCountryError: naming the countries.
    """
    text = await access.fetchval("select settings from organisation where id = $1")
    forbidden = countries_of(manifest, settings) & set(read_settings(text).forbidden_countries)
    if refused := forbidden - set(already):
        raise ForbiddenCountryError(
            f"The organisation forbids data in {', '.join(sorted(refused))}, where this integration stores it.",
            path=("integration",),
        )
