"""What a threat is here: what somebody might do, the controls against it, and the tests that are red without them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a control stands, and what would stand there if nobody had thought of it.

    Attributes:
        module: by its path in the repository.
        stands: text that occurs once in it.
        instead: what takes its place when the control is taken out.
    """

    module: str
    stands: str
    instead: str

    @property
    def path(self) -> Path:
        """Return where the module lies."""
        return ROOT / self.module

    def cut(self, source: str) -> str:
        """Return the module's source without the control.

        Raises:
            LookupError: the control stands there no more, or more than once: the list has to follow the program.
        """
        if source.count(self.stands) != 1:
            raise LookupError(f"{self.module} has {source.count(self.stands)} times: {self.stands}")
        return source.replace(self.stands, self.instead)


@dataclass(frozen=True, slots=True)
class Control:
    """What holds against a threat.

    Attributes:
        words: in a sentence, for the document.
        cuts: what is changed to take it out; more than one where two hold the same.
        test: by its path below ``tests`` and its name: red without the control.
    """

    words: str
    cuts: tuple[Cut, ...]
    test: str

    @property
    def file(self) -> Path:
        """Return where the test stands."""
        return ROOT / "tests" / self.test.partition("::")[0]

    @property
    def function(self) -> str:
        """Return the test's name."""
        return self.test.partition("::")[2]


@dataclass(frozen=True, slots=True)
class Threat:
    """What somebody might do, or a rule that somebody might get round.

    Attributes:
        words: as the design lists it.
        controls: all that hold against it.
    """

    words: str
    controls: tuple[Control, ...]


def control(words: str, test: str, *cuts: tuple[str, str, str]) -> Control:
    """Return a control, each cut as module, text and what takes its place."""
    return Control(words, tuple(Cut(*cut) for cut in cuts), test)
