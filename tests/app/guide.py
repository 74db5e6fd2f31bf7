"""The guide for deployments, whose code is executed."""

from __future__ import annotations

import re
from typing import NamedTuple

from tests.app.programs import ROOT

GUIDE = (ROOT / "docs" / "deployment.md").read_text("utf-8")
_SECTION = re.compile(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """Commands of the guide, and the heading of the section in which they stand."""

    heading: str
    text: str


def code_of(page: str, language: str) -> list[str]:
    """Return the code of another page of the documentation in a language."""
    return _fence(language).findall((ROOT / "docs" / page).read_text("utf-8"))


def blocks(language: str) -> list[str]:
    """Return the code of the guide in a language."""
    return [block.text for block in sections(language)]


def sections(language: str) -> list[Block]:
    """Return the code of the guide in a language, with where it stands."""
    fence = _fence(language)
    return [Block(heading, text) for heading, body in _SECTION.findall(GUIDE) for text in fence.findall(body)]


def _fence(language: str) -> re.Pattern[str]:
    return re.compile(rf"^```{language}\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def replaced(text: str, changes: dict[str, str]) -> str:
    """Replace addresses of the guide, all of which must occur somewhere in it."""
    for old, new in changes.items():
        assert old in GUIDE, f"the guide no longer says {old}"
        text = text.replace(old, new)
    return text
