"""The two parts of a mail, of one source: plain text, and HTML that says the same."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from importlib import resources
from typing import Final

import jinja2

from wardship.core.mail.blocks import Block, BlockKind, Run, RunKind, blocks, runs

_ISOLATE: Final = "\u2068{}\u2069"
"""First strong isolate: a name from right to left stays in its place, and the line goes on from left to right."""


def plain_text(source: str, *, isolates: bool = False) -> str:
    """Return a source as plain text: an empty line parts its blocks, and what wraps lines is the reader's program.

    Args:
        source: see ``wardship.core.mail.blocks``.
        isolates: whether values from right to left are set apart by signs that nobody sees, as in a mail.
    """
    return "\n\n".join(_plain_block(block, isolates=isolates) for block in blocks(source)) + "\n"


def plain_line(line: str, *, isolates: bool = False) -> str:
    """Return a line of a source as plain text."""
    return _plain(runs(line), isolates=isolates)


def html(title: str, source: str, signature: Sequence[str]) -> str:
    """Return a source as an HTML document that loads nothing and needs no style sheet.

    Args:
        title: the line that is the subject.
        source: see ``wardship.core.mail.blocks``.
        signature: lines of a source that stand below all.
    """
    below = [list(runs(line)) for line in signature]
    return _layout().render(title=plain_line(title), blocks=blocks(source), signature=below)


def _plain_block(block: Block, *, isolates: bool) -> str:
    lines = [_plain(line, isolates=isolates) for line in block.lines]
    if block.kind is BlockKind.LIST:
        return "\n".join(f"- {line}" for line in lines)
    if block.kind is BlockKind.NUMBERED:
        return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
    if block.kind is BlockKind.BUTTON:
        return ":\n".join(lines)
    return f"* {lines[0]}" if block.kind is BlockKind.HEADING else lines[0]


def _plain(line: Iterable[Run], *, isolates: bool) -> str:
    return "".join(_plain_run(run, isolates=isolates) for run in line)


def _plain_run(run: Run, *, isolates: bool) -> str:
    if run.kind is RunKind.CODE:
        return f"`{run.text}`"
    return _ISOLATE.format(run.text) if isolates and run.is_isolated else run.text


@functools.cache
def _layout() -> jinja2.Template:
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(
        resources.files("wardship.core.mail.templates").joinpath("layout.html").read_text("utf-8")
    )
