"""Refuse files of more than 400 lines, unless a decision names the file and says why."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tools.prepare.steps import ROOT, say

MOST_LINES = 400
# Written by programs, and read by programs; LICENSE is not ours to shorten. Translators want one family in one file.
GENERATED = ("*.lock", "package-lock.json", "schema.graphql", "LICENSE", "operations.txt", "table_writers.txt", "*.po")


def too_long(files: Iterable[Path], decisions: str) -> list[str]:
    """Return `path: lines` of each file that is too long and that no decision names.

    Args:
        files: paths relative to the repository root.
        decisions: the text of all decisions.
    """
    found = []
    for path in files:
        if any(path.match(pattern) for pattern in GENERATED) or f"`{path.as_posix()}`" in decisions:
            continue
        lines = _lines(ROOT / path)
        if lines > MOST_LINES:
            found.append(f"{path.as_posix()}: {lines} lines")
    return found


def tracked_files() -> list[Path]:
    """Return the files under version control that exist, relative to the repository root."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]


def decision_texts() -> str:
    """Return the text of all decisions."""
    return "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "docs" / "decisions").glob("*.md")))


def _lines(path: Path) -> int:
    try:
        return len(path.read_text("utf-8").splitlines())
    except UnicodeDecodeError:
        return 0  # a picture has no lines


if __name__ == "__main__":
    findings = too_long(tracked_files(), decision_texts())
    for finding in findings:
        say(f"{finding}: split it by noun, or say in a decision why it must be one file (more than {MOST_LINES} lines)")
    sys.exit(1 if findings else 0)
