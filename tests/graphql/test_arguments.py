"""Arguments are converted to just what Strawberry makes of them, on the API and two other schemas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    Undefined,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.utilities import coerce_input_value
from hypothesis import given, settings
from hypothesis import strategies as st
from strawberry.relay import GlobalID
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import convert_arguments

from tests.graphql.engine import oddities
from tests.graphql.engine.odd_values import Size
from wardship.app.application import api_schema
from wardship.graphql.engine.execution.calls import is_straight
from wardship.graphql.engine.planning.conversions import KnownArguments, conversion_of
from wardship.graphql.engine.schema.strawberry_access import BACKREF

SCALARS = {
    "Boolean": st.booleans(),
    "Int": st.integers(-(2**31), 2**31 - 1),
    "Float": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-9, 9),
    "DateTime": st.just("2026-01-02T03:04:05Z"),
    "Date": st.just("2026-01-02"),
    "Decimal": st.just("1.50"),
    "JSON": st.just({"a": [1]}),
    "UUID": st.just("01890a5d-ac96-774b-bcce-b302099a8057"),
}


@strawberry.input
class Tree:
    name: str
    children: list[Tree] | None = None
    sizes: list[list[Size | None]] = strawberry.field(default_factory=list)
    must: int | None
    lazy: Annotated[Tree, strawberry.lazy("tests.graphql.test_arguments")] | None = strawberry.UNSET
    named: int = strawberry.field(name="otherName", default=3)


@strawberry.input
class Perhaps:
    name: strawberry.Maybe[str | None]


@strawberry.type
class Query:
    @strawberry.field
    def tree(self, tree: Tree, trees: list[Tree | None] | None = None) -> int:
        raise NotImplementedError

    @strawberry.field
    def perhaps(self, perhaps: Perhaps) -> int:
        raise NotImplementedError

    @strawberry.field
    def globally(self, ids: list[GlobalID]) -> int:
        raise NotImplementedError


@strawberry.type
class Plain:
    @strawberry.field
    def plain(
        self,
        first: int,
        size: Annotated[Size | None, strawberry.argument(name="theSize")] = None,
        at: datetime | None = None,
    ) -> int:
        raise NotImplementedError


OTHER = strawberry.Schema(Query, config=StrawberryConfig(auto_camel_case=False))


@dataclass(frozen=True)
class Declared:
    """A field with arguments, of a schema."""

    schema: Any
    definition: GraphQLField

    def by_strawberry(self, coerced: dict[str, Any]) -> dict[str, Any]:
        return convert_arguments(
            coerced,
            self.definition.extensions[BACKREF].arguments,
            scalar_registry=self.schema.schema_converter.scalar_registry,
            config=self.schema.config,
        )


def with_arguments(schema: strawberry.Schema) -> list[Declared]:
    return [
        Declared(schema, definition)
        for type_ in schema._schema.type_map.values()
        if is_object_type(type_) and not type_.name.startswith("__")
        for definition in type_.fields.values()
        if definition.args
    ]


API = with_arguments(api_schema())
EVERY = [*API, *with_arguments(oddities.schema), *with_arguments(OTHER), *with_arguments(strawberry.Schema(Plain))]


def raw(type_: GraphQLInputType, depth: int) -> st.SearchStrategy[Any]:
    """Generate what a client may send for a type."""
    if is_non_null_type(type_):
        return given_values(type_.of_type, depth)
    return st.none() if depth < 0 else st.none() | given_values(type_, depth)


def given_values(type_: Any, depth: int) -> st.SearchStrategy[Any]:
    if is_list_type(type_):
        return st.lists(raw(type_.of_type, depth - 1), max_size=3)
    if isinstance(type_, GraphQLEnumType):
        return st.sampled_from(list(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        required = {name: raw(one.type, depth - 1) for name, one in type_.fields.items() if is_non_null_type(one.type)}
        rest = {name: raw(one.type, depth - 1) for name, one in type_.fields.items() if name not in required}
        return st.fixed_dictionaries(required, optional=rest)
    return SCALARS.get(type_.name, st.text(max_size=5))


def outcome(convert: Callable[[dict[str, Any]], dict[str, Any]], coerced: dict[str, Any]) -> tuple[str, object]:
    """Return what becomes of some arguments, an error included, and how it is written: 1 equals 1.0 and True."""
    try:
        made = convert(coerced)
    except Exception as error:  # noqa: BLE001 (any error is to be the same)
        return repr(error), None
    return repr(made), made


@settings(max_examples=1000, deadline=None, database=None)
@given(st.sampled_from(EVERY), st.data())
def test_arguments_are_what_strawberry_makes_of_them(declared: Declared, data: st.DataObject) -> None:
    coerced = {}
    for name, one in declared.definition.args.items():
        value = coerce_input_value(data.draw(raw(one.type, 4), name), one.type)
        if value is not Undefined and (is_non_null_type(one.type) or data.draw(st.booleans())):
            coerced[name] = value
    convert = conversion_of(declared.definition, declared.schema._schema)
    assert outcome(convert, coerced) == outcome(declared.by_strawberry, coerced)


def test_every_query_and_mutation_of_the_api_is_called_straight() -> None:
    schema = api_schema()
    roots = (schema._schema.query_type, schema._schema.mutation_type)
    fields = {name: one for root in roots if root for name, one in root.fields.items()}
    assert [name for name, one in fields.items() if not is_straight(one, schema._schema)] == []
    assert len(fields) > 70


def test_every_field_of_the_api_is_converted_without_strawberry() -> None:
    assert API
    assert all(isinstance(conversion_of(one.definition, one.schema._schema), KnownArguments) for one in API)


def test_types_that_are_not_known_are_left_to_strawberry() -> None:
    fields = OTHER._schema.query_type.fields  # type: ignore[union-attr]  # it has queries
    assert {name: isinstance(conversion_of(one, OTHER._schema), KnownArguments) for name, one in fields.items()} == {
        "tree": True, "perhaps": False, "globally": False,
    }  # fmt: skip


def test_lists_are_not_shared_with_the_coerced_values() -> None:
    fields = OTHER._schema.query_type.fields  # type: ignore[union-attr]  # it has queries
    sizes = [[Size.SMALL]]
    (tree,) = conversion_of(fields["tree"], OTHER._schema)({"tree": {"name": "a", "sizes": sizes}}).values()
    tree.sizes[0].clear()
    tree.sizes.clear()
    assert sizes == [[Size.SMALL]]
