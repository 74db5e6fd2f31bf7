"""What the demonstration prints: steps, and under each what was checked."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import click


@dataclass(slots=True)
class Report:
    """Counts and prints checks; a failed one doesn't stop the rest, but the exit status tells.

    Attributes:
        as_json: one JSON object a line instead of words.
    """

    as_json: bool = False
    passed: int = 0
    failed: list[str] = field(default_factory=list)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Print a step's title before it and, on a terminal, the time it took after it."""
        started = time.monotonic()
        self._print({"step": title}, f"\n{title}")
        yield
        self._print({"seconds": round(time.monotonic() - started, 2)}, "", only_json=True)

    def check(self, what: str, *, held: bool, found: object = "") -> bool:
        """Print a check; ``found`` says what was seen."""
        if held:
            self.passed += 1
        else:
            self.failed.append(what)
        seen = f" ({found})" if found != "" else ""
        self._print({"check": what, "held": held, "found": str(found)}, f"  {'ok  ' if held else 'FAIL'} {what}{seen}")
        return held

    def tell(self, line: str) -> None:
        """Print something that a reader wants to see, which is not a check."""
        self._print({"says": line}, f"       {line}")

    @property
    def is_whole(self) -> bool:
        """Whether there were checks and every one held."""
        return self.passed > 0 and not self.failed

    def close(self) -> None:
        """Print the sum."""
        line = f"\n{self.passed} checks held, {len(self.failed)} failed."
        self._print({"passed": self.passed, "failed": self.failed}, line)

    def _print(self, as_json: dict[str, object], line: str, *, only_json: bool = False) -> None:
        if self.as_json:
            click.echo(json.dumps(as_json))
        elif not only_json:
            click.echo(line)
