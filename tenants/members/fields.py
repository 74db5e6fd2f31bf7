"""The data of a member that can be sent, by the names in manifests; and telling other nouns that it has changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wardship.core.database.personal_data import Personal
from wardship.plugins.api import STANDARD_FIELDS
from wardship.plugins.api.taxonomy import covers
from wardship.tenants.access import Access
from wardship.tenants.members.noun import Member

CONTACT: Final = "contact"
"""Stands among the columns when somebody became a contact of the organisation."""

DIRECTORY: Final = "directory"
"""Stands among the columns when the organisation's directory says something else of somebody than before."""

ENDED: Final = "ended"
"""Stands among the columns where the membership ended: what others keep of it ends too."""

AT_REQUEST: Final = "at_request"
"""Stands beside ``state`` where the person asked for the change: what was asked for, the person can take back."""

ERASED: Final = "erased"
"""Stands among the columns, without ``state``, where the person was erased: recipients are told by the erasure."""


@dataclass(frozen=True, slots=True)
class MemberField:
    """One datum of a member.

    Attributes:
        name: as manifests and records call it.
        column: of the table ``member``.
        category: what the registry of personal data says that the column holds.
        is_date: whether only the day of the column's moment is sent.
    """

    name: str
    column: str
    category: str
    is_date: bool


@cache
def member_fields() -> Mapping[str, MemberField]:
    """Return every field that a record can hold, by name: the registry and the standard fields decide, no list here.

    A field that is a day (``joined_on``) comes from the moment of that name (``joined_at``).
    """
    found = (_field(name, Member.held.personal) for name in STANDARD_FIELDS)
    return MappingProxyType({field.name: field for field in found if field is not None})


@cache
def fields_of(columns: frozenset[str]) -> frozenset[str]:
    """Return the names of the fields that some columns of the member table are sent as."""
    return frozenset(field.name for field in member_fields().values() if field.column in columns)


def _field(name: str, columns: Mapping[str, Personal]) -> MemberField | None:
    standard = STANDARD_FIELDS[name]
    column = f"{name.removesuffix('_on')}_at" if standard.date else name
    held = columns.get(column)
    if held is None or not covers(standard.category, held.category):
        return None
    return MemberField(name, column, held.category, standard.date)


async def members_changed(access: Access, member_ids: Collection[UUID], columns: frozenset[str]) -> None:
    """Tell every listener of these members, in the order of the nouns.

    Besides columns of the profile, ``state``, ``groups``, ``roles`` and the constants above name what changed. Where
    columns of the profile alone changed, at which no recipient and no rule of a group looks, nobody needs to be told.
    """
    if member_ids:
        for listener in access.services.nouns.member_listeners:
            await listener(access, member_ids, columns)
