"""Note whose personal data an answer holds, so that the person can be told who looked (requirement F6).

Which categories the selected columns belong to is worked out once for all rows of a statement; a row is only looked at
for what it doesn't hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from types import MappingProxyType
from uuid import UUID

from wardship.graphql.api.context import ApiContext
from wardship.tenants.members.noun import Member
from wardship.tenants.members.records import MemberRecord, RoleRecord
from wardship.tenants.members.visibility import COLUMNS, Detail
from wardship.tenants.permissions import Permission

_EVERYBODY_SEES = frozenset({"display_name"})
_ROLES = frozenset({"user.account"})
_NAME = frozenset({"user.name"})


@cache
def _categories() -> Mapping[str, str]:
    return MappingProxyType(
        {
            name: item.category
            for name, item in Member.held.personal.items()
            if name in COLUMNS and name not in _EVERYBODY_SEES
        }
    )


@lru_cache(maxsize=1024)
def _of_columns(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_categories()[name] for name in names)


@lru_cache(maxsize=1024)
def _personal(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in _categories())


def note_members(context: ApiContext, records: Sequence[MemberRecord]) -> None:
    """Note the categories that these records of other members show besides their names; to the privacy team, names too.

    Args:
        context: the query's.
        records: rows of one statement.
    """
    if not records:
        return
    if context.access.is_staff_without(Permission.MEMBERS_READ_DETAILS):
        _note_decided_about(context, records)
    viewer = context.access.actor.member_id
    read = _personal(tuple(records[0].keys()))
    everything = _of_columns(read)
    if not everything:
        return
    values_of = itemgetter("id", *read)
    for record in records:
        values = values_of(record)
        shown = everything
        if not all(values):
            shown = _of_columns(tuple(name for name, value in zip(read, values[1:], strict=True) if value))
        if shown and record.id != viewer:
            context.note_seen(record.id, shown)


def _note_decided_about(context: ApiContext, records: Sequence[MemberRecord]) -> None:
    """Note that the privacy team was shown these people: whom it alone sees in full, it sees for a decision."""
    for record in records:
        if record.id != context.access.actor.member_id and record.detail == Detail.FULL:
            context.note_seen(record.id, _NAME, as_staff=True)


def note_roles(context: ApiContext, found: Mapping[UUID, list[RoleRecord]]) -> None:
    """Note that roles of other members were shown."""
    viewer = context.access.actor.member_id
    for member_id, roles in found.items():
        if member_id != viewer and roles:
            context.note_seen(member_id, _ROLES)
