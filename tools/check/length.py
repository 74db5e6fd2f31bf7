"""Refuse files of more than 400 lines, unless a decision says of the file that it may have more, and why."""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tools.prepare.steps import ROOT, say

MOST_LINES = 400
# Written by programs, and read by programs; LICENSE is not ours to shorten. Translators want one family in one file.
GENERATED = ("*.lock", "package-lock.json", "schema.graphql", "LICENSE", "operations.txt", "table_writers.txt", "*.po")
ALLOWED = re.compile(
    rf"^- `(?P<path>[^`\n]+)` may have more than {MOST_LINES} lines: (?P<reason>[^\n]*\S(?:\n  \S[^\n]*)*)",
    re.MULTILINE,
)
"""How a decision lets a file be longer: a point of its own, with the reason in a sentence."""
_FEWEST_WORDS = 4


def too_long(files: Iterable[Path], decisions: str) -> list[str]:
    """Return each file that is too long without a stated reason, and each reason that no file needs.

    Args:
        files: paths relative to the repository root.
        decisions: the text of all decisions.
    """
    lines = {path.as_posix(): _lines(ROOT / path) for path in files if not any(map(path.match, GENERATED))}
    long, allowed = {path for path, count in lines.items() if count > MOST_LINES}, allowed_files(decisions)
    found = [
        f"{path}: {lines[path]} lines: split it by noun, or let a decision say, as a point of its own, "
        f"that `{path}` may have more than {MOST_LINES} lines: and why it must be one file"
        for path in sorted(long - allowed)
    ]
    return found + [
        f"{path}: it is not that long: take its reason out of the decision" for path in sorted(allowed - long)
    ]


def allowed_files(decisions: str) -> set[str]:
    """Return the files of which a decision says why they are longer; a mention is no reason, nor are three words."""
    found = ALLOWED.finditer(decisions)
    return {match["path"] for match in found if len(match["reason"].split()) >= _FEWEST_WORDS}


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
        say(finding)
    sys.exit(1 if findings else 0)
