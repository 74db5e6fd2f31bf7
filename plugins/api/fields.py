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
    """

    name: str
    category: str
    label: str
    date: bool = False


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
    StandardField("website", "user.contact.url", "web address"),
    StandardField("street", "user.contact.address.street", "street and house number"),
    StandardField("city", "user.contact.address.city", "city"),
    StandardField("region", "user.contact.address.state", "state or region"),
    StandardField("postal_code", "user.contact.address.postal_code", "postal code"),
    StandardField("country", "user.contact.address.country", "country"),
    StandardField("username", "user.account.username", "username"),
    StandardField("picture_url", "user.content.self_image", "picture"),
    StandardField("language", "user.demographic.language", "language"),
    StandardField("joined_on", "user.account", "day of joining", date=True),
)


def fields_under(category: str) -> tuple[str, ...]:
    """Return the names of the standard fields that a category covers."""
    return tuple(name for name, field in STANDARD_FIELDS.items() if covers(category, field.category))
