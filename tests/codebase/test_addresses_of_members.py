"""Statements that look for a member by address say that it is not empty: the index has no others."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SOUGHT = re.compile(r"(?<!set )\bemail = (?:\$\d|\{0\})")


def _statements() -> Iterator[tuple[Path, str]]:
    for path in sorted((ROOT / "tenants").rglob("*.py")):
        if "migrations" not in path.parts:
            nodes = ast.walk(ast.parse(path.read_text()))
            yield from (
                (path, each.value) for each in nodes if isinstance(each, ast.Constant) and _is_sought(each.value)
            )


def _is_sought(text: object) -> bool:
    return isinstance(text, str) and bool(_SOUGHT.search(text)) and "from member" in text


def test_member_is_sought_by_an_address_of_which_an_index_knows():
    found = list(_statements())
    assert len(found) >= 7
    assert [str(path.relative_to(ROOT)) for path, text in found if "email <> ''" not in text] == []
