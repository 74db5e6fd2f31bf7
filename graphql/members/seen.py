"""Note whose personal data an answer holds, so that the person can be told who looked (requirement F6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from uuid import UUID

from wardship.core.database.personal_data import entries
from wardship.graphql.api.context import ApiContext
from wardship.tenants.members.records import MemberRecord, RoleRecord
from wardship.tenants.members.tables import Member

_EVERYBODY_SEES = frozenset({"display_name"})
_ROLES = "user.account"


@cache
def _categories() -> Mapping[str, str]:
    (member,) = (entry for entry in entries() if entry.table is Member)
    return MappingProxyType(
        {name: item.category for name, item in member.personal.items() if name not in _EVERYBODY_SEES}
    )


def note_members(context: ApiContext, records: Iterable[MemberRecord]) -> None:
    """Note the categories that these records of other members show besides their names."""
    viewer = context.access.actor.member_id
    shown = {name: category for name, category in _categories().items() if name in MemberRecord.__dataclass_fields__}
    for record in records:
        if record.id != viewer:
            seen = {category for name, category in shown.items() if getattr(record, name)}
            if seen:
                context.seen.setdefault(record.id, set()).update(seen)


def note_roles(context: ApiContext, found: Mapping[UUID, list[RoleRecord]]) -> None:
    """Note that roles of other members were shown."""
    viewer = context.access.actor.member_id
    for member_id, roles in found.items():
        if member_id != viewer and roles:
            context.seen.setdefault(member_id, set()).add(_ROLES)
