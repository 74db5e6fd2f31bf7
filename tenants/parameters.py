"""Numbered parameters of one SQL statement that is put together from parts."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

_LAST_CHARACTER = "\U0010ffff"


class Parameters:
    """Collects values and gives out their places.

    The parts themselves are constants of our own source; a value only ever enters a statement through a place.
    """

    __slots__ = ("values",)

    def __init__(self, *values: object) -> None:
        self.values: list[object] = list(values)

    def add(self, value: object) -> str:
        """Return the place (``$3``) of a value."""
        self.values.append(value)
        return f"${len(self.values)}"

    def each(self, ids: Collection[UUID]) -> str:
        """Return what ``for_each`` looks up: one id is a value, which is cheaper; several are an array."""
        if len(ids) == 1:
            (one,) = ids
            return f"(select {self.add(one)}::uuid)"
        return f"unnest({self.add(list(ids))}::uuid[])"

    def prefix(self, column: str, start: str) -> str:
        """Return `` and …``: that a column of collation "C" starts with a text, as a range that an index finds."""
        return f" and {column} >= {self.add(start)} and {column} < {self.add(start + _LAST_CHARACTER)}"


def for_each(ids: str, select: str, *, lock: str = "") -> str:
    """Return a statement that looks up each of some ids by itself, in their order.

    For `id = any(…)` a plan that is made for all arguments may read the index of a whole tenant.

    Args:
        ids: what gives them as rows, such as ``unnest($2::uuid[])``.
        select: `` select … where …``, to which `` and …`` may be added; constants of our own source, as the others.
        lock: such as ``for share``.
    """
    return f"select found.* from {ids} as w (id) cross join lateral ({select} limit 1 {lock}) found"  # noqa: S608 - constants
