"""What generated code asks of a scalar or enum value before it writes it as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLScalarType,
    GraphQLString,
)
from strawberry.schema.types.base_scalars import DateTimeDefinition

NAMES: Mapping[str, Any] = {"datetime": datetime, "UTC": UTC}
"""What the conditions below name."""

_TEXT = "type({v}) is str"
_CONDITIONS = {
    GraphQLString.name: _TEXT,
    GraphQLID.name: _TEXT,
    GraphQLBoolean.name: "type({v}) is bool",
    GraphQLInt.name: "type({v}) is int and -2147483648 <= {v} <= 2147483647",
    GraphQLFloat.name: "type({v}) is float and -1.7976931348623157e308 <= {v} <= 1.7976931348623157e308",
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """How values of a leaf type are written.

    Attributes:
        condition: a Python expression over ``{v}``: the value may be written as JSON as it stands.
        names: the written form of each value that has one, for an enum.
    """

    condition: str | None = None
    names: Mapping[Any, str] | None = None


def leaf_of(type_: GraphQLLeafType) -> Leaf:
    """Return how values of a leaf type are written; neither condition nor names where only the type itself can tell."""
    if isinstance(type_, GraphQLEnumType):
        return Leaf(names=_enum_names(type_))
    if type_.name in _CONDITIONS:
        return Leaf(_CONDITIONS[type_.name])
    if _is_date_and_time(type_):
        # orjson writes what `isoformat` gives, as long as the offset is plain
        return Leaf("type({v}) is datetime and {v}.tzinfo is UTC")
    return Leaf()


def _is_date_and_time(type_: GraphQLScalarType) -> bool:
    return type_.name == "DateTime" and type_.specified_by_url is None and type_.description == DATE_AND_TIME


DATE_AND_TIME = DateTimeDefinition.description


def _enum_names(type_: GraphQLEnumType) -> Mapping[Any, str]:
    """Return the names by Python's member and, where they are text, by its value."""
    members = getattr(type_, "wrapped_cls", ())
    known: dict[Any, str] = {}
    for member in members:
        known[member] = type_.coerce_output_value(member)
        if type(member.value) is str:
            known[member.value] = type_.coerce_output_value(member.value)
    return known
