"""A check that a schema's relations are batch fields with declared costs, for a test to assert empty."""

from __future__ import annotations

from collections.abc import Iterable

import strawberry
from graphql import GraphQLField, GraphQLNamedType, GraphQLObjectType, GraphQLSchema, get_named_type, is_leaf_type
from strawberry.types.field import StrawberryField

from wardship.graphql.engine.schema.connections import PAGE_ARGUMENTS
from wardship.graphql.engine.schema.fields import BatchField, cost_of
from wardship.graphql.engine.schema.strawberry_access import BACKREF, core_schema_of


def check_schema(schema: strawberry.Schema) -> list[str]:
    """Return what is wrong with a schema's fields, each with what to do; empty when nothing is.

    Found are: fields without a description; fields that return objects, or take time, without a declared cost; fields
    under the root that fetch one object at a time; connections that can't be paged.
    """
    core = core_schema_of(schema)
    roots = {one.name for one in (core.query_type, core.mutation_type, core.subscription_type) if one is not None}
    connections = _connection_types(core)
    return [
        f"{type_.name}.{name}: {fault}"
        for type_ in _types(core)
        for name, definition in type_.fields.items()
        for fault in _faults(definition, connections, is_root=type_.name in roots)
    ]


def _connection_types(schema: GraphQLSchema) -> frozenset[str]:
    """Return the names of the object types that are connections: those with `edges` and `pageInfo`."""
    return frozenset(
        name
        for name, type_ in schema.type_map.items()
        if isinstance(type_, GraphQLObjectType) and {"edges", "pageInfo"} <= set(type_.fields)
    )


def _types(schema: GraphQLSchema) -> Iterable[GraphQLObjectType]:
    for name, type_ in sorted(schema.type_map.items()):
        if isinstance(type_, GraphQLObjectType) and not name.startswith("__"):
            yield type_


def _faults(definition: GraphQLField, connections: frozenset[str], *, is_root: bool) -> Iterable[str]:
    declared = definition.extensions.get(BACKREF)
    returned = get_named_type(definition.type)
    if not definition.description:
        yield "say in `description` what it is"
    if not isinstance(declared, StrawberryField):
        return
    if cost_of(declared) is None and _needs_cost(declared, returned, is_root=is_root):
        yield "declare what it costs, with `cost=`"
    if not is_root and _is_fetched_singly(declared, returned):
        yield "it is resolved for one object at a time: make it a batch_field"
    if returned.name in connections and not any(name in definition.args for name in PAGE_ARGUMENTS):
        yield "a connection needs a `first` argument"


def _needs_cost(declared: StrawberryField, returned: GraphQLNamedType, *, is_root: bool) -> bool:
    return is_root or not is_leaf_type(returned) or declared.base_resolver is not None


def _is_fetched_singly(declared: StrawberryField, returned: GraphQLNamedType) -> bool:
    if isinstance(declared, BatchField) or declared.base_resolver is None:
        return False
    return declared.base_resolver.is_async or not is_leaf_type(returned)
