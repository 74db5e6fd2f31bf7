"""Rows as a file that spreadsheets open: CSV (RFC 4180) in UTF-8, in which nothing is a formula."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Final

MARK: Final = "\ufeff"
"""A byte-order mark: by it alone Excel takes a file for UTF-8 rather than for letters of the machine's own language."""
_PART: Final = 65_536
# What spreadsheets take for the beginning of a formula (OWASP, "CSV injection"), in full width too.
_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|", "%")
_LEADING: Final = ("\t", "\r", "\n")


class Spreadsheet:
    """A file that nobody else can open, and that is gone when it is closed, however the process ends.

    Attributes:
        rows: how many were written, the header apart.
    """

    def __init__(self, header: Sequence[str]) -> None:
        with ExitStack() as stack:
            self._file = stack.enter_context(tempfile.TemporaryFile("w+b"))
            self._text = io.TextIOWrapper(self._file, "utf-8", newline="", write_through=True)
            self._text.write(MARK)
            self._open = stack.pop_all()
        self._writer = csv.writer(self._text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        self._writer.writerow(header)
        self.rows = 0

    def add(self, cells: Sequence[object]) -> None:
        """Write a row."""
        self._writer.writerow([cell_text(cell) for cell in cells])
        self.rows += 1

    def close(self) -> None:
        """Let the file go."""
        self._open.close()

    def parts(self) -> Iterator[bytes]:
        """Yield the file in parts, and let it go."""
        try:
            self._text.flush()
            self._file.seek(0)
            while part := self._file.read(_PART):
                yield part
        finally:
            self.close()


def cell_text(value: object) -> str:
    """Return what stands in a cell: several values after one another, nothing for none, and never a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return harmless("; ".join(_plain(item) for item in value))
    return harmless(_plain(value))


def harmless(text: str) -> str:
    """Return a text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) or text.startswith(_LEADING) else text


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
