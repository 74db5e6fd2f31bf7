"""Global ids and cursors: opaque, and refused when they aren't ours."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from contextlib import suppress
from datetime import UTC, date, datetime
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardship.graphql.engine import GlobalId, MalformedGlobalIdError, decode_cursor, encode_cursor, page_of
from wardship.graphql.engine.errors import MalformedCursorError
from wardship.graphql.engine.schema.cursors import CursorValue

KEY = "6f1d7f4c-7a3c-4a5e-9a54-1f2d3c4b5a69"


def encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_a_global_id_names_type_and_object() -> None:
    one = GlobalId("Member", KEY)
    assert str(one) == encoded(f"Member:{KEY}")
    assert GlobalId.parse(str(one)) == one
    assert GlobalId.parse(str(one), "Group", "Member").uuid == UUID(KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Member",
        KEY,
        "é",
        "====",
        "\0",
        "x" * 10_000,
        encoded("Member"),
        encoded("Member:"),
        encoded(":key"),
        encoded("No Type:key"),
        encoded("Member:key") + "=",
        encoded("Member:key") + "\n",
        "_/" + encoded("Member:key"),
        urlsafe_b64encode(b"\xff\xfe:key").decode().rstrip("="),
    ],
)
def test_what_is_no_global_id_is_refused(text: str) -> None:
    with pytest.raises(MalformedGlobalIdError):
        GlobalId.parse(text)


def test_an_id_of_another_type_or_kind_is_refused() -> None:
    with pytest.raises(MalformedGlobalIdError, match="of a Member, but this field wants a Group"):
        GlobalId.parse(str(GlobalId("Member", KEY)), "Group")
    with pytest.raises(MalformedGlobalIdError):
        _ = GlobalId("Member", "1").uuid


VALUES = st.one_of(
    st.text(max_size=20).filter(lambda text: "\0" not in text),
    st.integers(-(2**63), 2**63 - 1),
    st.booleans(),
    st.uuids(),
    st.datetimes(timezones=st.just(UTC)),
    st.dates(),
    st.none(),
)


@given(st.lists(VALUES, max_size=4))
def test_a_cursor_gives_back_its_values(values: list[CursorValue]) -> None:
    assert decode_cursor(encode_cursor(values), *map(type, values)) == tuple(values)


def test_a_cursor_of_the_longest_key_that_an_index_holds_is_read() -> None:
    key = ('"' * 2704, UUID(int=1))
    assert decode_cursor(encode_cursor(key), str, UUID) == key
    with pytest.raises(MalformedCursorError):
        decode_cursor(encode_cursor(("x" * 8192,)), str)


@given(st.text(max_size=40))
def test_text_is_a_cursor_or_refused(text: str) -> None:
    with suppress(MalformedCursorError):
        assert encode_cursor(decode_cursor(text, str))


@pytest.mark.parametrize(
    "written",
    [
        {"a": 1},
        [],
        ["i1", "i2"],
        [1],
        [["i1"]],
        [None],
        [""],
        ["x1"],
        ["i"],
        ["ione"],
        ["s1"],
        ["b1"],
        [f"i{2**63}"],
        ["i" + "9" * 200],
    ],
)
def test_a_cursor_of_other_values_is_refused(written: object) -> None:
    with pytest.raises(MalformedCursorError):
        decode_cursor(encoded(orjson.dumps(written).decode()), int)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("b2", bool),
        ("t2026-01-01T00:00:00", datetime),
        ("t2026-01-01", date),
        ("dyesterday", date),
        ("u123", UUID),
        ("sa\0b", str),
    ],
)
def test_a_value_that_a_database_would_choke_on_is_refused(written: str, wanted: type) -> None:
    with pytest.raises(MalformedCursorError):
        decode_cursor(encoded(orjson.dumps([written]).decode()), wanted)


def test_a_page_says_where_it_stands() -> None:
    page = page_of([1, 2], lambda node: (node,), has_next=True, has_previous=True, total_count=9)
    assert [edge.node for edge in page.every_edge] == [1, 2]
    assert [decode_cursor(edge.own_cursor, int) for edge in page.every_edge] == [(1,), (2,)]
    assert (page.has_next_page, page.has_previous_page) == (True, True)
    assert page.start_cursor == page.every_edge[0].own_cursor
    assert page.end_cursor == page.every_edge[1].own_cursor
    assert page.total_count == 9


def test_an_empty_page_has_no_cursors() -> None:
    page = page_of([], lambda node: (node,), has_next=False)
    assert (page.has_next_page, page.start_cursor, page.end_cursor) == (False, None, None)
    assert page.every_edge == []
