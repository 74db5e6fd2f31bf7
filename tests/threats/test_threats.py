"""Every threat that the design lists has a control, and a test that is red without it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.threats.__main__ import without
from tests.threats.control import ROOT, Cut, control
from tests.threats.listed import PARTS, controls
from tests.threats.reference import reference

# As the design of domains lists them.
ASKED = (
    "squatting a name that can't be proven · consumer and disposable domains · public suffix and shared hosts · parent"
    " and subdomain claimed by different organisations (most specific verified claim wins, and never overrides without"
    " a contest) · expired and resold domain · an old TXT republished · forged answer from one resolver · dangling"
    " CNAME · a victim tricked into placing our record (service, scope and organisation name are in it) · homograph"
    " names · Unicode folding that differs between Python and PostgreSQL (one canonical form, made once, checked by the"
    " column)"
    ' · join on an unverified or provider-asserted address · existence oracles ("is this company a customer?") in'
    " answers, timing and unique-key errors · mass claim followed by mass export · invitation link forwarded, or built"
    " from the Host header · SCIM token of one organisation used on another, or removing the last owner · two"
    " verifications or two owner removals at the same moment · a deleted organisation that still holds a claim"
)
TRANSITIONS = (
    "to pending · to verified · to grace · grace · grace to verified · to suspended · contested · transferred ·"
    " re-check weekly with jitter when healthy, daily in grace"
)


def test_every_threat_of_the_design_is_listed_once_and_held():
    listed = {title: [threat.words for threat in threats] for title, threats in PARTS.items()}
    assert listed["Threats"] == ASKED.split(" · ")
    assert listed["The claim of a domain"] == TRANSITIONS.split(" · ")
    assert [threat.words for threats in PARTS.values() for threat in threats if not threat.controls] == []


@cache
def _tests_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    found = (node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(name for name in found if name.startswith("test_"))


def test_every_test_that_is_named_is_there():
    assert [item.test for item in controls() if item.function not in _tests_of(item.file)] == []


def test_every_control_stands_where_the_list_says_and_can_be_taken_out():
    for item in controls():
        sources: dict[Path, str] = {}
        for cut in item.cuts:
            sources[cut.path] = cut.cut(sources.get(cut.path) or cut.path.read_text("utf-8"))
        for path, source in sources.items():
            compile(source, str(path), "exec", dont_inherit=True)
            assert source != path.read_text("utf-8"), item.words


def test_control_that_has_gone_is_not_taken_out():
    with pytest.raises(LookupError, match="0 times"):
        Cut("tests/threats/control.py", "what stands " + "nowhere", "").cut("nothing")


def test_document_is_current():
    assert (ROOT / "docs" / "domain-threats.md").read_text("utf-8") == reference(), "run `make schema`"


def _number(words: str) -> int:
    return next(number for number, item in enumerate(controls()) if item.words == words)


def test_control_that_is_taken_out_is_really_out_and_a_test_that_does_not_look_at_it_is_found():
    """The others take minutes: `python -m tests.threats`."""
    number = _number("A word that mixes scripts is refused.")
    assert without(number, controls()[number]).startswith("RED")
    blind = control("", "tenants/domains/test_names.py::test_names_above_begin_with_the_shortest")
    assert without(number, blind).startswith("GREEN")
    missing = control("", "tenants/domains/test_names.py::test_that_is_not_there")
    assert without(number, missing).startswith("BROKEN")
