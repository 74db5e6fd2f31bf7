"""What an organisation decides for itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from wardship.core.errors import InvalidInputError
from wardship.tenants.text import one_line

_COUNTRY_LENGTH = 2
_MOST_COUNTRIES = 250
LONGEST_DPDP_DAYS: Final = 90
"""As the table of laws says."""


class OrganisationSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The settings of one organisation, kept as JSON.

    Attributes:
        members_may_install: whether a member installs integrations for himself or herself (requirement C2).
        forbidden_countries: ISO 3166 codes of countries to which no integration may carry data (requirement B8).
        grievance_contact: whom a person turns to, besides the authority (requirement F9).
        legal_entity: who is the controller of the organisation's data: the company or person by its legal name.
        dpdp_days: days in which requests under India's DPDP Act are promised to be answered; 0: the law's own time.
    """

    members_may_install: bool = False
    forbidden_countries: tuple[str, ...] = ()
    grievance_contact: str = ""
    legal_entity: str = ""
    dpdp_days: int = 0


SETTINGS: Final = OrganisationSettings.__struct_fields__
"""The names of the settings."""


def read_settings(text: str) -> OrganisationSettings:
    """Return settings from the JSON of the column; what it does not say is the default."""
    return msgspec.json.decode(text, type=OrganisationSettings)


def write_settings(settings: OrganisationSettings) -> str:
    """Return settings as JSON for the column."""
    return msgspec.json.encode(settings).decode()


def changed_settings(before: OrganisationSettings, changes: Mapping[str, object]) -> OrganisationSettings:
    """Return settings with these in the place of the old ones, in the form in which they are kept.

    Raises:
        InvalidInputError: a country code is none, the contact is too long, more days are promised than a law gives, or
            there is no such setting.
    """
    if unknown := sorted(set(changes) - set(SETTINGS)):
        raise InvalidInputError("There is no such setting: use one that the API lists.", path=(unknown[0],))
    settings = msgspec.structs.replace(before, **changes)
    codes = sorted({code.strip().upper() for code in settings.forbidden_countries})
    is_code = [len(code) == _COUNTRY_LENGTH and code.isascii() and code.isalpha() for code in codes]
    if not all(is_code) or len(codes) > _MOST_COUNTRIES:
        raise InvalidInputError("Name countries by their ISO 3166 codes of two letters.", path=("forbidden_countries",))
    if not 0 <= settings.dpdp_days <= LONGEST_DPDP_DAYS:
        raise InvalidInputError(
            f"Promise an answer within 1 to {LONGEST_DPDP_DAYS} days, as the law does, or promise nothing by 0.",
            path=("dpdp_days",),
        )
    contact = one_line(settings.grievance_contact, "grievance_contact", most=320)
    entity = one_line(settings.legal_entity, "legal_entity")
    return msgspec.structs.replace(
        settings, forbidden_countries=tuple(codes), grievance_contact=contact, legal_entity=entity
    )
