"""What is taken out of a copy, and what is not."""

from __future__ import annotations

from uuid import UUID

import pytest

from wardship.tenants.exports.redact import Redactor
from wardship.tenants.matching.identifiers import Identifiers

ME = UUID("01900000-0000-7000-8000-000000000001")
OTHER = UUID("01900000-0000-7000-8000-000000000002")
OWN = Identifiers(
    frozenset({"me@example.org"}), frozenset({"+49 30 123456"}), frozenset({"me"}), frozenset({"Me Self"})
)


@pytest.mark.parametrize(
    ("text", "expected", "count"),
    [
        (f"<@{ME}> and <@{OTHER}>", "you and [another person]", 1),
        ("me@example.org, ME@example.org", "me@example.org, ME@example.org", 0),
        ("you@example.org", "[address of another person]", 1),
        ("x%40example.org", "[address of another person]", 1),
        ("+49 30 123456 or +49 30 654321", "+49 30 123456 or [number of another person]", 1),
        ("on 2026-11-21 at 12:00, order 4711 0815", "on 2026-11-21 at 12:00, order 4711 0815", 0),
        ("BO Derek, Bo Derekson", "[another person], Bo Derekson", 1),
    ],
)
def test_only_other_people_are_taken_out(text, expected, count):
    redactor = Redactor(ME, OWN, ["Bo Derek"])
    assert redactor.text(text) == expected
    assert redactor.count == count


def test_texts_are_found_inside_documents():
    redactor = Redactor(ME, OWN, [])
    document = {"list": ["you@example.org", 7, None], "deep": {"text": "fine"}}
    assert redactor.value(document) == {"list": ["[address of another person]", 7, None], "deep": {"text": "fine"}}
    assert redactor.count == 1
