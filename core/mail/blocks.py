"""The source of a mail: text with marked values, and the blocks that it is made of; both parts of a mail come from it.

A template writes paragraphs, which an empty line parts; `* ` begins a heading, `- ` an item of a list, `1. ` one of a
numbered list; a short line that ends in a colon and an address of ours is a button. What stands in a value is text and
nothing else: a value that has line breaks or such signs in it makes no block, and an address in it is no link.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from wardship.core.text import readable

_VALUE: Final = "\x02{}\x03"
_ADDRESS: Final = "\x0e{}\x0f"
_BREAK: Final = "\x0b"
"""Stands for a line break within a value, so that all other line breaks are the template's."""
_RUNS: Final = re.compile(
    "\x02(?P<value>[^\x03]*)\x03|\x0e(?P<address>[^\x0f]*\x0f(?:[\\w/.~-]*[\\w/])?)|`(?P<code>[^`\x02\x0e]+)`"
)
_BUTTON: Final = re.compile("(?P<label>[^.:\x02\x0e]{3,60}):\\s+\x0e(?P<address>[^\x0f]+)\x0f")
_BEGINNING: Final = re.compile(r"\* |- |\d{1,2}\. ")
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})


class Marked(str):
    """Text whose values are marked already."""

    __slots__ = ()


class Address(str):
    """An address of ours, which a mail shows as a link."""

    __slots__ = ()


class RunKind(StrEnum):
    """What a stretch of text is."""

    TEXT = "text"
    VALUE = "value"
    ADDRESS = "address"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a line: the template's own text, a value, an address of ours, or what is typed as it stands."""

    kind: RunKind
    text: str

    @property
    def is_isolated(self) -> bool:
        """Whether it is a value in a script that runs from right to left, which must not turn the line around it."""
        return self.kind is RunKind.VALUE and any(
            unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in self.text
        )


class BlockKind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST = "list"
    NUMBERED = "numbered"
    BUTTON = "button"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a mail.

    Attributes:
        lines: one, or the items of a list; of a button its label and the address to which it leads.
    """

    kind: BlockKind
    lines: tuple[tuple[Run, ...], ...]


@dataclass(slots=True)
class _Reading:
    """What was read of a source so far; the lines of the block that is not over yet."""

    blocks: list[Block] = field(default_factory=list)
    kind: BlockKind = BlockKind.PARAGRAPH
    lines: list[str] = field(default_factory=list)

    def begin(self, kind: BlockKind) -> None:
        if self.lines:
            self.blocks.append(_block(self.kind, self.lines))
        self.kind, self.lines = kind, []


def marked(value: object) -> object:
    """Return a value as a source holds it: told from the template, without signs that change a line's order."""
    if not isinstance(value, str) or isinstance(value, Marked) or not value:
        return value
    text = readable(value).replace("\n", _BREAK)
    return Marked((_ADDRESS if isinstance(value, Address) else _VALUE).format(text))


def blocks(source: str) -> list[Block]:
    """Return the blocks of a source."""
    reading = _Reading()
    for line in source.split("\n"):
        kind, text = _beginning(line.strip(" "))
        if kind is BlockKind.PARAGRAPH:
            if not text or reading.kind is not kind:
                reading.begin(kind)
        elif kind is BlockKind.HEADING or reading.kind is not kind:
            reading.begin(kind)
        if text:
            reading.lines.append(text)
        if kind is BlockKind.HEADING:
            reading.begin(BlockKind.PARAGRAPH)
    reading.begin(BlockKind.PARAGRAPH)
    return reading.blocks


def _beginning(line: str) -> tuple[BlockKind, str]:
    """Return what a line is part of, by how it begins, and the line without that."""
    found = _BEGINNING.match(line)
    if found is None:
        return BlockKind.PARAGRAPH, line
    kind = {"* ": BlockKind.HEADING, "- ": BlockKind.LIST}.get(found[0], BlockKind.NUMBERED)
    return kind, line[found.end() :]


def runs(line: str) -> Iterator[Run]:
    """Give the runs of a line."""
    at = 0
    for found in _RUNS.finditer(line):
        if found.start() > at:
            yield Run(RunKind.TEXT, line[at : found.start()])
        kind = RunKind(found.lastgroup or "")
        yield Run(kind, found[kind].replace("\x0f", "").replace(_BREAK, "\n"))
        at = found.end()
    if at < len(line):
        yield Run(RunKind.TEXT, line[at:])


def _block(kind: BlockKind, lines: list[str]) -> Block:
    if kind in {BlockKind.LIST, BlockKind.NUMBERED}:
        return Block(kind, tuple(tuple(runs(line)) for line in lines))
    text = " ".join(lines)
    if kind is BlockKind.PARAGRAPH and (button := _BUTTON.fullmatch(text)):
        label, address = Run(RunKind.TEXT, button["label"]), Run(RunKind.ADDRESS, button["address"])
        return Block(BlockKind.BUTTON, ((label,), (address,)))
    return Block(kind, (tuple(runs(text)),))
