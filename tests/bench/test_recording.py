"""What Wardship sends becomes a pgbench script of the same values."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from bench.recording import literal, made_anew, one_line

FIRST, SECOND = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (None, "uuid", "null::uuid"),
        (True, "bool", "E'true'::bool"),
        (7, "int4", "E'7'::int4"),
        ("it's a\\b", "text", r"E'it''s a\\b'::text"),
        ("a:b\nc", "text", r"E'a\x3ab\nc'::text"),
        (b"\x00\xff", "bytea", r"E'\\x00ff'::bytea"),
        (datetime(2026, 11, 21, 12, tzinfo=UTC), "timestamptz", r"E'2026-11-21T12\x3a00\x3a00+00\x3a00'::timestamptz"),
        (["a", "b"], "text[]", "array[E'a', E'b']::text[]"),
        ([], "uuid[]", "array[]::uuid[]"),
        (FIRST, "uuid", f"E'{FIRST}'::uuid"),
    ],
)
def test_value_that_stays_is_written_as_it_is(value, kind, expected):
    assert literal(value, kind, value) == expected


def test_identifier_that_is_new_each_time_is_made_anew():
    assert literal(FIRST, "uuid", SECOND) == "time_ordered_id()::uuid"
    assert literal([FIRST, SECOND], "uuid[]", [FIRST, FIRST]) == f"array[E'{FIRST}', time_ordered_id()]::uuid[]"


def test_identifier_inside_a_statement_that_is_new_each_time_is_made_anew():
    kept, first, second = (f"'{number:032x}'" for number in (1, 2, 3))
    again = f"call keep({kept}, {second}, 8, decode('abcd', 'hex')); commit"
    expected = f"call keep({kept}, time_ordered_id(), 7, decode('abcc', 'hex')); commit"
    assert made_anew(f"call keep({kept}, {first}, 7, decode('abcc', 'hex')); commit", again) == expected


def test_statement_is_one_line_without_comments():
    assert one_line("select 1 -- one; two\n  from\tt\n") == "select 1 from t"
