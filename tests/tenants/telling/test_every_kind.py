"""Every kind of notice has a test here that drives its event and reads the mail, and a row in docs/notices.md."""

from __future__ import annotations

import importlib
from pathlib import Path

from tests.notice_reference import reference
from wardship.app.nouns import domain_nouns

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


def driven() -> set[str]:
    """Return the names of the kinds that tests of this folder say they tell."""
    modules = [importlib.import_module(f"tests.tenants.telling.{path.stem}") for path in HERE.glob("test_*.py")]
    marks = [
        mark
        for module in modules
        for item in vars(module).values()
        if callable(item)
        for mark in getattr(item, "pytestmark", [])
    ]
    return {mark.args[0] for mark in marks if mark.name == "tells"}


def test_every_kind_has_its_event_driven_and_its_mail_read():
    assert driven() == set(domain_nouns().notice_kinds)


def test_page_of_notices_is_current():
    assert (ROOT / "docs" / "notices.md").read_text("utf-8") == reference(), "run `make schema`"
