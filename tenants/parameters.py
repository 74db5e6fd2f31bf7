"""Numbered parameters of one SQL statement that is put together from parts."""

from __future__ import annotations


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
