"""Which Python classes stand for which object type, so that generated code can tell by one comparison."""

from __future__ import annotations

from graphql import GraphQLObjectType
from strawberry.types.base import StrawberryObjectDefinition

from wardship.graphql.engine.connections import Connection, Edge
from wardship.graphql.engine.selection import BACKREF


def classes_of(type_: GraphQLObjectType) -> tuple[type, ...]:
    """Return the classes whose own instances are of the type; none when only the type's own predicate can tell."""
    definition = type_.extensions.get(BACKREF)
    if not isinstance(definition, StrawberryObjectDefinition) or definition.is_type_of is not None:
        return ()
    generic = definition.concrete_of
    return (definition.origin,) if generic is None else (definition.origin, generic.origin)


def is_open(type_: GraphQLObjectType) -> bool:
    """Return whether any object at all may stand for the type, as graphql-core sees it."""
    return type_.is_type_of is None and BACKREF not in type_.extensions


def is_connection(type_: GraphQLObjectType) -> bool:
    """Return whether the type is made of the engine's connection."""
    return Connection in classes_of(type_)


def is_edge(type_: object) -> bool:
    """Return whether the type is made of the engine's edge."""
    return isinstance(type_, GraphQLObjectType) and Edge in classes_of(type_)
