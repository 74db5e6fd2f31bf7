"""Writes docs/domain-threats.md: `python -m tests.threats.reference > docs/domain-threats.md`, in `make schema`."""

from __future__ import annotations

from collections.abc import Iterator

from tests.threats.control import Control, Threat
from tests.threats.listed import PARTS

_HEADER = """\
# Threats to domains and to the accounts there, and what holds them

Generated from `tests/threats` by `make schema`; a test compares it. Each row is a control and a test that is red
without it. `python -m tests.threats` takes each control out of the program in turn, leaving the files as they are, and
runs its test: it fails where one stays green. Numbers of rows after it take out those alone.
"""


def reference() -> str:
    """Return the document."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _HEADER.rstrip("\n")
    number = 0
    for title, threats in PARTS.items():
        yield f"\n## {title}"
        for threat in threats:
            yield from _heading(threat)
            for control in threat.controls:
                yield _row(number, control)
                number += 1


def _heading(threat: Threat) -> tuple[str, ...]:
    return (
        f"\n**{threat.words[0].upper()}{threat.words[1:]}**\n",
        "| | what holds it | where | test |",
        "|---|---|---|---|",
    )


def _row(number: int, control: Control) -> str:
    where = " ".join(dict.fromkeys(f"`{cut.module}`" for cut in control.cuts))
    return (
        f"| {number} | {control.words} | {where} | `{control.function}` in `tests/{control.test.partition('::')[0]}` |"
    )


if __name__ == "__main__":
    print(reference(), end="")  # noqa: T201 - this is a command
