"""The names of the data that Wardship can send, each with its category."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from wardship.plugins.api.taxonomy import covers


@dataclass(frozen=True, slots=True)
class StandardField:
    """A datum that a manifest may ask for.

    Attributes:
        name: as it stands in a manifest and in a record.
        category: dotted key of the taxonomy.
        label: what a person reads.
        date: the value is a day, ``YYYY-MM-DD``.
        is_kept: whether it is kept of members, so that it can be sent; what is not is refused from contract 2 on.
    """

    name: str
    category: str
    label: str
    date: bool = False
    is_kept: bool = True


def _index(*fields: StandardField) -> Mapping[str, StandardField]:
    return MappingProxyType({field.name: field for field in fields})


STANDARD_FIELDS: Final = _index(
    StandardField("title", "user.name", "title"),
    StandardField("display_name", "user.name", "name as displayed"),
    StandardField("first_name", "user.name.first", "first name"),
    StandardField("last_name", "user.name.last", "last name"),
    StandardField("job_title", "user.job_title", "job title"),
    StandardField("company", "user.contact.organization", "company"),
    StandardField("email", "user.contact.email", "e-mail address"),
    StandardField("phone", "user.contact.phone_number", "telephone number"),
    StandardField("postal_address", "user.contact.address", "postal address"),
    StandardField("website", "user.contact.url", "web address", is_kept=False),
    StandardField("street", "user.contact.address.street", "street and house number", is_kept=False),
    StandardField("city", "user.contact.address.city", "city", is_kept=False),
    StandardField("region", "user.contact.address.state", "state or region", is_kept=False),
    StandardField("postal_code", "user.contact.address.postal_code", "postal code", is_kept=False),
    StandardField("country", "user.contact.address.country", "country", is_kept=False),
    StandardField("username", "user.account.username", "username"),
    StandardField("picture_url", "user.content.self_image", "picture"),
    StandardField("language", "user.demographic.language", "language", is_kept=False),
    StandardField("joined_on", "user.account", "day of joining", date=True),
)


def fields_under(category: str) -> tuple[str, ...]:
    """Return the names of the standard fields that a category covers and that can be sent."""
    return tuple(name for name, field in STANDARD_FIELDS.items() if field.is_kept and covers(category, field.category))
