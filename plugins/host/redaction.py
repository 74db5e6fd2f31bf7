"""Cuts personal data and secrets out of what a plugin says, in its log and in its messages to the administrator."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

import structlog
from pydantic import BaseModel

from wardship.plugins.api import Field, IdentifierValue

_SHORTEST = 3
_CUT = "[cut]"


@dataclass(frozen=True, slots=True)
class Redaction:
    """Knows the values of one call that must not be repeated."""

    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, argument: BaseModel | None, secrets: Iterable[str]) -> Self:
        """Return the redaction for the values in a call's argument and for the installation's secrets.

        Values shorter than three characters are left: they stand in ordinary words.
        """
        values = {value for value in (*_values(argument), *secrets) if len(value) >= _SHORTEST}
        if not values:
            return cls(None)
        longest_first = sorted(values, key=len, reverse=True)
        return cls(re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE))

    def cut(self, text: str) -> str:
        """Return the text without the values."""
        return self.pattern.sub(_CUT, text) if self.pattern else text


class PluginLog:
    """The logger that a connector gets: bound, and with the call's values cut out."""

    def __init__(self, redaction: Redaction, **bound: str) -> None:
        self._redaction = redaction
        self._log: structlog.stdlib.BoundLogger = structlog.get_logger("wardship.integration").bind(**bound)

    def info(self, event: str, **fields: object) -> None:
        """Log what happened."""
        self._log.info("integration.says", message=self._redaction.cut(event), **self._clean(fields))

    def warning(self, event: str, **fields: object) -> None:
        """Log what may need attention."""
        self._log.warning("integration.says", message=self._redaction.cut(event), **self._clean(fields))

    def _clean(self, fields: dict[str, object]) -> dict[str, Any]:
        return {f"plugin_{name}": self._redaction.cut(str(value)) for name, value in fields.items()}


def _values(node: object) -> Iterator[str]:
    if isinstance(node, Field):
        yield from (node.value if isinstance(node.value, tuple) else (str(node.value),))
    elif isinstance(node, IdentifierValue):
        yield node.value
    elif isinstance(node, BaseModel):
        for name in type(node).model_fields:
            yield from _values(getattr(node, name))
    elif isinstance(node, tuple):
        for each in node:
            yield from _values(each)
