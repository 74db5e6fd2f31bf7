"""Numbered parameters of one SQL statement that is put together from parts."""

from __future__ import annotations

import unicodedata
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

    def for_each(self, ids: Collection[UUID], select: str, *, lock: str = "") -> str:
        """Return a statement that looks up each of some ids by itself, in their order.

        For `id = any(…)` a plan that is made for all arguments may read the index of a whole tenant. A single id is
        sent as a value, which costs both sides less than an array of one.

        Args:
            ids: which ones; ``w.id`` in the statement.
            select: `` select … where …``, to which `` and …`` may be added; constants of our own source, as the others.
            lock: such as ``for share``.
        """
        if len(ids) == 1:
            each = f"(select {self.add(next(iter(ids)))}::uuid)"
        else:
            each = f"unnest({self.add(list(ids))}::uuid[])"
        return f"select found.* from {each} as w (id) cross join lateral ({select} limit 1 {lock}) found"  # noqa: S608 - constants

    def prefix(self, column: str, start: str) -> str:
        """Return `` and …``: that a column of collation "C" starts with a text, as a range that an index finds.

        Names are kept in NFC, so what is typed decomposed, as some keyboards and file systems do, is composed first.
        """
        start = unicodedata.normalize("NFC", start)
        return f" and {column} >= {self.add(start)} and {column} < {self.add(start + _LAST_CHARACTER)}"
