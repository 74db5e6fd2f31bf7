"""What vendors read is what the program does."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import pytest

from tests import vendor_reference
from tests.plain_words_reference import CONSOLE, PAGE, console, page
from wardship.plugins import api
from wardship.plugins.kit import RULES

DOCS = Path(__file__).parents[3] / "docs" / "vendors"
ENUMERATIONS = [
    each for name in api.__all__ if isinstance(each := getattr(api, name), type) and issubclass(each, StrEnum)
]


@pytest.mark.parametrize("name", ["rules", "contract"])
def test_what_is_generated_is_current(name):
    written = (DOCS / f"{name}.md").read_text("utf-8")
    assert written == getattr(vendor_reference, name)(), "run `make schema`"


def test_every_rule_has_its_statement_and_reason_on_the_page():
    text = (DOCS / "rules.md").read_text("utf-8")
    for rule in RULES.values():
        assert f"| `{rule.id}` | {rule.statement} | {rule.reason} |" in text


@pytest.mark.parametrize("enumeration", ENUMERATIONS, ids=lambda each: each.__name__)
def test_the_reference_has_every_value_of_every_enumeration(enumeration):
    text = (DOCS / "contract.md").read_text("utf-8")
    section = text.split(f"### {enumeration.__name__}\n", 1)[1].split("\n#", 1)[0]
    assert [member.value for member in enumeration if f"`{member.value}`" not in section] == []


def test_the_reference_has_every_value_and_every_field_that_the_contract_has():
    text = (DOCS / "contract.md").read_text("utf-8")
    for name in api.__all__:
        found = getattr(api, name)
        if isinstance(found, type) and issubclass(found, api.ContractModel) and found is not api.ContractModel:
            section = text.split(f"### {name}\n", 1)[1].split("\n#", 1)[0]
            assert [field for field in found.model_fields if f"| `{field}` |" not in section] == [], name


def test_the_page_of_plain_words_and_the_consoles_messages_are_those_of_the_catalogue():
    assert PAGE.read_text("utf-8") == page(), "run `make schema`"
    assert CONSOLE.read_text("utf-8") == console(), "run `make schema`"
