"""Long lists of an answer, written apart, so that neither a tree nor a second copy of a long answer is ever made."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson

from wardship.graphql.engine.planning.code import LONG

AS_HANDLED = orjson.OPT_PASSTHROUGH_DATACLASS
"""How every part of an answer is written."""


class LongLists:
    """The long lists of one answer, in bytes; each stands in the answer as a text that nobody can guess."""

    def __init__(self) -> None:
        self._lists: list[list[bytes]] = []
        self._token = ""

    def __bool__(self) -> bool:
        return bool(self._lists)

    def write(self, part: Callable[[Sequence[Any], int], list[Any]], values: Sequence[Any]) -> str:
        """Write a list part by part, and return what stands for it.

        Args:
            part: gives the answer of some of the values, and is told the place of the first.
            values: of the list.
        """
        pieces = [b"["]
        for start in range(0, len(values), LONG):
            pieces.append(orjson.dumps(part(values[start : start + LONG], start), option=AS_HANDLED)[1:-1])
            pieces.append(b",")
        pieces[-1] = b"]"
        self._token = self._token or secrets.token_hex(16)
        self._lists.append(pieces)
        return f"{self._token}{len(self._lists) - 1}"

    def put_in(self, body: bytes) -> Iterator[bytes]:
        """Yield the pieces of an answer with its long lists in their places, each only once."""
        texts = re.split(f'"{self._token}([0-9]+)"'.encode(), body)
        for index, text in enumerate(texts):
            if index % 2 == 0:
                yield text
                continue
            for piece in self._lists[int(text)]:
                yield from self.put_in(piece)
