"""Rows with attributes: asyncpg makes them in place of its own records, so that nothing is copied afterwards."""

from __future__ import annotations

from collections.abc import Callable
from enum import EnumType
from operator import itemgetter
from typing import Any, TypeAlias

import asyncpg

ColumnValue: TypeAlias = Any
"""A column's value: asyncpg has no types, so that the place which names the column says its type."""


class Row(asyncpg.Record):  # type: ignore[misc]  # asyncpg has no types
    """A row of a statement; a subclass says which columns it has, each by ``column``.

    A column that the statement didn't read raises KeyError when it is read here.
    """

    __slots__ = ()


def column(name: str, through: Callable[[Any], object] | None = None) -> ColumnValue:
    """Declare a column.

    Args:
        name: as the statement names it.
        through: makes the attribute's value of the column's, unless that is NULL.
    """
    if through is None:
        return property(itemgetter(name))
    if isinstance(through, EnumType):
        members: list[Any] = list(through)
        through = {member.value: member for member in members}.__getitem__

    def read(row: Row) -> ColumnValue:
        value = row[name]
        return None if value is None else through(value)

    return property(read)
