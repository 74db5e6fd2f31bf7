"""What a person is known by is found in texts, as a whole, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wardship.tenants.erasure.identifiers import Identifiers, pattern

ADA = Identifiers(
    frozenset({"ada.lovelace@example.org"}),
    frozenset({"+44 20 7946-0000"}),
    frozenset({"countess"}),
    frozenset({"Ada Lovelace", "Lovelace, Ada"}),
)


async def _replaced(owner, text: str, known: Identifiers = ADA) -> str:
    return await owner.fetchval("select regexp_replace($1, $2, '#', 'gi')", text, pattern(known))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to ada.lovelace@example.org.", "Write to #."),
        ("<ADA.LOVELACE@EXAMPLE.ORG>", "<#>"),
        ("https://files.example/ada.lovelace%40example.org/plan", "https://files.example/#/plan"),
        ("not xada.lovelace@example.org nor ada.lovelace@example.org.uk", None),
        ("call +44 20 7946 0000 or +442079460000", "call # or #"),
        ("call 44 (20) 7946.0000", "call #"),
        ("number 14420794600001", None),
        ("Ada Lovelace, ada  lovelace and LOVELACE, ADA", "#, # and #"),
        ("Ada\nLovelace", "#"),
        ("Canada Lovelacer", None),
        ("@countess and countess's viscountess", "@# and #'s viscountess"),
        ("Ada alone is nobody in particular", None),
    ],
)
async def test_identifiers_are_found_as_a_whole(owner, text, expected):
    assert await _replaced(owner, text) == (text if expected is None else expected)


async def test_signs_of_an_expression_are_only_signs(owner):
    odd = Identifiers(
        frozenset({"a+b.c@example.org"}), frozenset(), frozenset({"x|y*"}), frozenset({"D'Arcy (née [O.])", "Zoë Ñ."})
    )
    assert await _replaced(owner, "a+b.c@example.org x|y* D'Arcy (née [O.]) ZOË Ñ. aab.c@example.org", odd) == (
        "# # # # aab.c@example.org"
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(min_size=3, max_size=20).filter(lambda text: "\x00" not in text and text.split()))
async def test_any_name_makes_an_expression_that_finds_it(owner, name):
    known = Identifiers(frozenset(), frozenset(), frozenset(), frozenset({name}))
    printable = " ".join(name.split())
    try:
        printable.encode()
    except UnicodeEncodeError:
        return
    assert "#" in await _replaced(owner, f"« {printable} »", known)


def test_nobody_is_found_by_nothing():
    assert pattern(Identifiers(frozenset(), frozenset(), frozenset(), frozenset())) == ""
