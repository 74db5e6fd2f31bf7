"""Which Python classes back which object type, so that generated code can tell by one comparison."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from graphql import GraphQLObjectType
from strawberry.types.base import StrawberryObjectDefinition

from wardship.graphql.engine.errors import SchemaFaultError
from wardship.graphql.engine.schema.connections import Connection, Edge, PageInfo
from wardship.graphql.engine.schema.strawberry_access import BACKREF

T = TypeVar("T")
BACKING = "__backing_classes__"
_PREDICATE = "is_type_of"
"""Where Strawberry looks for it."""


def backed_by(*records: type) -> Callable[[type[T]], type[T]]:
    """Let instances of other classes, such as rows of a database, be objects of a type as they are.

    Decorates the class below ``strawberry.type``. The type's fields read attributes of the record. Without it each row
    would have to be wrapped, which costs as much as rendering it.

    Args:
        records: the classes, each for itself: their subclasses are named too.

    Raises:
        SchemaFaultError: the class is a Strawberry type already, which has asked for its predicate.
    """

    def decorate(cls: type[T]) -> type[T]:
        if "__strawberry_definition__" in cls.__dict__:
            raise SchemaFaultError(f"Put `backed_by` below `strawberry.type` at {cls.__name__}: it comes too late.")

        def is_type_of(obj: object, _info: object) -> bool:
            return isinstance(obj, (cls, *records))

        setattr(cls, BACKING, records)
        setattr(cls, _PREDICATE, staticmethod(is_type_of))
        return cls

    return decorate


def classes_of(type_: GraphQLObjectType) -> tuple[type, ...]:
    """Return the classes whose own instances are of the type; none when only the type's own predicate can tell."""
    definition = type_.extensions.get(BACKREF)
    if not isinstance(definition, StrawberryObjectDefinition):
        return ()
    backing: tuple[type, ...] | None = definition.origin.__dict__.get(BACKING)
    if backing is not None:
        return (definition.origin, *backing)
    if definition.is_type_of is not None:
        return ()
    generic = definition.concrete_of
    return (definition.origin,) if generic is None else (definition.origin, generic.origin)


def is_generic(type_: GraphQLObjectType) -> bool:
    """Return whether the type is made of a generic class, of whose instances it has some only."""
    definition = type_.extensions.get(BACKREF)
    return isinstance(definition, StrawberryObjectDefinition) and definition.concrete_of is not None


def is_open(type_: GraphQLObjectType) -> bool:
    """Return whether any object at all may be of the type, as graphql-core sees it."""
    return type_.is_type_of is None and BACKREF not in type_.extensions


def is_connection(type_: GraphQLObjectType) -> bool:
    """Return whether the type is made of the engine's connection."""
    return Connection in classes_of(type_)


def is_edge(type_: object) -> bool:
    """Return whether the type is made of the engine's edge."""
    return isinstance(type_, GraphQLObjectType) and Edge in classes_of(type_)


def is_page_info(type_: object) -> bool:
    """Return whether the type is the engine's page info."""
    return isinstance(type_, GraphQLObjectType) and PageInfo in classes_of(type_)
