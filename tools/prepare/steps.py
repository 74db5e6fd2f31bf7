"""What every step of the preparation needs: where things are, stamps, and running a program."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = BUILD / "stamps"
TAIL_LINES = 25


class PreparationError(Exception):
    """Something is missing or failed; the message says what to do."""


def say(text: str) -> None:
    """Tell the person what is going on; on stderr, because stdout belongs to the goal."""
    print(text, file=sys.stderr, flush=True)


def digest(paths: Iterable[Path], *words: str) -> str:
    """Return a digest of files and of words that the result of a step depends on."""
    total = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        total.update(f"\0{path.relative_to(ROOT)}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def is_fresh(name: str, value: str, *results: Path) -> bool:
    """Tell whether a step was done for this digest and its results are still there."""
    stamp = STAMPS / name
    return stamp.is_file() and stamp.read_text() == value and all(result.exists() for result in results)


def stamp(name: str, value: str) -> None:
    """Record that a step was done for this digest."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(value)


def unstamp(name: str) -> None:
    """Forget that a step was done, before doing it again: a half-done step is then never taken for done."""
    (STAMPS / name).unlink(missing_ok=True)


def run(
    command: Sequence[str | Path],
    *,
    failure: str,
    cwd: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run a program quietly.

    Raises:
        PreparationError: it failed; the message is `failure` and the end of what the program printed.
    """
    try:
        subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    except subprocess.CalledProcessError as error:
        tail = "\n".join(str(error.stdout).splitlines()[-TAIL_LINES:])
        raise PreparationError(f"{failure}\n{tail}") from None
    except OSError as error:
        raise PreparationError(f"{failure} ({error})") from None
