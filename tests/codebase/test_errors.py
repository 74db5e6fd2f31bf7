"""Every error has a stable code and is documented."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from tests.error_reference import error_classes, reference
from wardship.core.errors import WardshipError
from wardship.graphql.api.refusals import refusal_type

ROOT = Path(__file__).resolve().parents[2]
# The domain and sign-in refuse the same thing for the same reason, in folders that may not import one another.
SHARED_CODES = {"STEP_UP_REQUIRED"}


def test_every_error_has_a_code_of_its_own_and_a_sentence():
    faults = [f"{item.__module__}.{item.__name__}" for item in error_classes() if "code" not in vars(item)]
    assert faults == []
    codes: dict[str, set[str]] = {}
    for item in error_classes():
        codes.setdefault(item.code, set()).add(f"{item.__module__}.{item.__name__}")
        assert re.fullmatch(r"[A-Z]+(_[A-Z]+)*", item.code), item
        assert (item.__doc__ or "").strip(), item
    assert {code for code, names in codes.items() if len(names) > 1} == SHARED_CODES


def test_every_error_has_a_name_of_its_own_which_is_that_of_its_type_in_the_api():
    names = Counter(item.__name__ for item in error_classes())
    assert {name for name, times in names.items() if times > 1} == set()
    for item in error_classes():
        if issubclass(item, WardshipError):
            assert refusal_type(item).__name__ == item.__name__


def test_error_reference_is_current():
    assert (ROOT / "docs" / "errors.md").read_text("utf-8") == reference(), "run `make schema`"
