"""Coerced arguments as a resolver's Python values: Strawberry's conversion, worked out once for each field.

Strawberry asks every type for every value of every request what it is. Scalars, enumerations, lists and input types are
known here; a field with an argument of which something else is a part is left to Strawberry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING
from typing import Any, TypeAlias, cast

import strawberry
from graphql import GraphQLField, GraphQLSchema
from strawberry.relay.types import GlobalID
from strawberry.scalars import is_scalar
from strawberry.types.arguments import StrawberryArgument, convert_arguments
from strawberry.types.base import StrawberryList, StrawberryMaybe, StrawberryOptional, has_object_definition
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition
from strawberry.types.lazy_type import LazyType
from strawberry.types.unset import UNSET

from wardship.graphql.engine.schema.strawberry_access import BACKREF, strawberry_schema_of

_KEPT = "wardship.graphql.engine.conversion"

Arguments: TypeAlias = Callable[[Mapping[str, Any]], dict[str, Any]]
"""Makes keyword arguments for a resolver of a field's coerced arguments; what wasn't given is left out."""

Conversion: TypeAlias = Callable[[Any], Any] | None
"""Makes the Python value of a coerced one; None where they are the same."""


class UnknownTypeError(Exception):
    """An argument's type is none that is converted here."""


def conversion_of(definition: GraphQLField, schema: GraphQLSchema) -> Arguments:
    """Return what converts the arguments of a field, made once and kept with the field in the schema."""
    known: Arguments | None = definition.extensions.get(_KEPT)
    if known is None:
        known = definition.extensions[_KEPT] = _made(definition, strawberry_schema_of(schema))
    return known


def _made(definition: GraphQLField, schema: strawberry.Schema) -> Arguments:
    arguments: Sequence[StrawberryArgument] = definition.extensions[BACKREF].arguments
    try:
        return KnownArguments(arguments, schema)
    except UnknownTypeError:
        scalars, config = schema.schema_converter.scalar_registry, schema.config
        return lambda coerced: convert_arguments(dict(coerced), list(arguments), scalar_registry=scalars, config=config)


class KnownArguments:
    """Converts the arguments of one field, as Strawberry's ``convert_arguments`` does.

    Args:
        arguments: those of the field.
        schema: Strawberry's, which says how names are written and what is a scalar.

    Raises:
        UnknownTypeError: only Strawberry can.
    """

    __slots__ = ("_members",)

    def __init__(self, arguments: Sequence[StrawberryArgument], schema: strawberry.Schema) -> None:
        types, name_of = _Types(schema), schema.config.name_converter.from_argument
        self._members = [(name_of(one), one.python_name, types.conversion(one.type)) for one in arguments]

    def __call__(self, coerced: Mapping[str, Any]) -> dict[str, Any]:
        """Return the keyword arguments."""
        return _converted(self._members, coerced, {})


class InputObject:
    """Makes instances of an input type."""

    __slots__ = ("absent", "make", "members")

    def __init__(self, make: Callable[..., Any]) -> None:
        self.make = make
        self.absent: dict[str, None] = {}
        self.members: list[tuple[str, str, Conversion]] = []

    def __call__(self, value: Mapping[str, Any] | None) -> object:
        """Return the instance; nulls stay what they are."""
        if value is None or value is UNSET:
            return value
        return self.make(**_converted(self.members, value, self.absent.copy()))


def _converted(
    members: list[tuple[str, str, Conversion]], given: Mapping[str, Any], into: dict[str, Any]
) -> dict[str, Any]:
    for name, python_name, convert in members:
        if name in given:
            into[python_name] = given[name] if convert is None else convert(given[name])
    return into


class _Types:
    """Finds the conversions of types; those of input types once each, since they may hold themselves."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self._name_of = schema.config.name_converter.from_field
        self._scalars = schema.schema_converter.scalar_registry
        self._objects: dict[Any, InputObject] = {}

    def conversion(self, type_: object) -> Conversion:
        if isinstance(type_, StrawberryMaybe) or type_ is GlobalID:
            raise UnknownTypeError
        if isinstance(type_, StrawberryOptional):
            return self.conversion(type_.of_type)
        if isinstance(type_, StrawberryList):
            return _list_of(self.conversion(type_.of_type))
        if is_scalar(type_, self._scalars) or isinstance(type_, StrawberryEnumDefinition):
            return None
        if isinstance(type_, LazyType):
            return self.conversion(type_.resolve_type())
        if has_enum_definition(type_):
            return None
        return self._object(cast("type", type_))

    def _object(self, type_: type) -> InputObject:
        definition = type_.__strawberry_definition__ if has_object_definition(type_) else None
        if definition is None or not definition.is_input or definition.from_input is not None:
            raise UnknownTypeError
        made = self._objects.get(type_)
        if made is None:
            made = self._objects[type_] = InputObject(type_)
            for field in definition.fields:
                if field.default_value is MISSING and field.default_factory is MISSING:
                    made.absent[field.python_name] = None
                convert = self.conversion(field.resolve_type(type_definition=definition))
                made.members.append((self._name_of(field), field.python_name, convert))
        return made


def _list_of(convert: Conversion) -> Conversion:
    """Convert a list into one of its own: graphql-core gives the same default to every request."""

    def converted(value: Sequence[Any] | None) -> object:
        if value is None or value is UNSET:
            return value
        return list(value) if convert is None else [convert(one) for one in value]

    return converted
