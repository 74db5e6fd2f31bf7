"""Fields that a noun adds to the type of a noun below it."""

from __future__ import annotations

import strawberry

from wardship.core.identifiers import uuid7
from wardship.graphql.api.relations import extends, fields_with, in_order
from wardship.graphql.engine import field


@strawberry.type
class Shelf:
    """A type of a noun below."""

    number: int = field(description="Its number.")
    room: str = field(description="Where it stands.")


@extends(Shelf)
class ShelfBooks:
    """What a noun above adds at the end."""

    books: list[str] = field(description="What stands on it.")


@extends(Shelf, after="number")
class ShelfLabel:
    """What a noun above adds in between."""

    label: str = field(description="What is written on it.")


def names(*extensions: type) -> list[str]:
    """The names of a shelf's fields with these extensions."""
    return [found.python_name for found in fields_with(extensions, Shelf.__strawberry_definition__)]


def test_field_is_added_where_its_extension_says_or_at_the_end():
    assert names(ShelfBooks, ShelfLabel) == ["number", "label", "room", "books"]


def test_type_itself_stays_as_it_is():
    names(ShelfBooks, ShelfLabel)
    assert names() == ["number", "room"]


def test_what_was_found_is_given_in_the_order_of_the_ids():
    one, two = uuid7(), uuid7()
    assert in_order({one: 1, two: 2}, [two, None, uuid7(), one]) == [2, None, None, 1]
