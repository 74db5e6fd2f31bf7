"""How a field's resolver is called: straight, where Strawberry would add nothing but time.

Strawberry wraps every resolver in functions for extensions, exception handlers and whatever else a field may have. One
that has none of these gets the same arguments, and gives the same value, without them.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any, TypeAlias

from graphql import GraphQLField, GraphQLSchema
from graphql.pyutils import Path
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from wardship.graphql.engine.execution.execution import Execution
from wardship.graphql.engine.execution.fallback import Place, path_of
from wardship.graphql.engine.planning.conversions import conversion_of
from wardship.graphql.engine.planning.field_plans import FieldPlan
from wardship.graphql.engine.schema.strawberry_access import BACKREF, strawberry_schema_of

Call: TypeAlias = Callable[[Execution, FieldPlan, Any, Place], Any]
"""Calls the resolver of a field for an object at a place; what it gives may have to be awaited."""

_IMMUTABLE = (str, int, float, type(None), Enum)
_WRAPPERS = frozenset(
    f"{GraphQLCoreConverter.from_resolver.__qualname__}.<locals>.{name}" for name in ("_resolver", "_async_resolver")
)


def python_arguments(execution: Execution, step: FieldPlan) -> dict[str, Any]:
    """Return a field's arguments as keyword arguments of its Python function; what wasn't given is left out.

    Raises:
        GraphQLError: they don't fit.
    """
    if not step.definition.args:
        return {}
    if step.arguments is not None:
        return dict(step.arguments)
    arguments = conversion_of(step.definition, execution.program.schema)(execution.arguments(step))
    if step.is_constant and all(isinstance(value, _IMMUTABLE) for value in arguments.values()):
        step.arguments = dict(arguments)
    return arguments


def resolver_call(execution: Execution, step: FieldPlan) -> Call:
    """Return how the resolver of a field is called, found out when it is first."""
    if step.call is None:
        schema = execution.program.schema
        step.call = _straight(step.declared, schema) if is_straight(step.definition, schema) else _by_graphql_core
    return step.call


def is_straight(definition: GraphQLField, schema: GraphQLSchema) -> bool:
    """Return whether nothing but Strawberry's own wrapper, with nothing to do, stands before a field's resolver."""
    declared = definition.extensions.get(BACKREF)
    return (
        isinstance(declared, StrawberryField)
        and type(declared).get_result is StrawberryField.get_result
        and declared.base_resolver is not None
        and callable(declared.base_resolver.wrapped_func)
        and not declared.extensions
        and not strawberry_schema_of(schema).schema_converter.exception_handlers
        and getattr(definition.resolve, "__qualname__", None) in _WRAPPERS
        and not hasattr(definition.resolve, "__wrapped__")
    )


def _by_graphql_core(execution: Execution, step: FieldPlan, source: object, place: Place) -> object:
    resolver = step.definition.resolve or execution.executor.field_resolver
    return resolver(source, _info(execution, step, place), **execution.arguments(step))


def _straight(declared: StrawberryField, schema: GraphQLSchema) -> Call:
    """Return a call of the function itself, with what Strawberry would give it."""
    resolver: Any = declared.base_resolver
    function, info_class = resolver.wrapped_func, strawberry_schema_of(schema).config.info_class
    takes_self = resolver.self_parameter is not None
    for_source = [one.name for one in (resolver.parent_parameter, resolver.root_parameter) if one is not None]
    for_info = resolver.info_parameter and resolver.info_parameter.name

    def call(execution: Execution, step: FieldPlan, source: object, place: Place) -> object:
        given = python_arguments(execution, step)
        for name in for_source:
            given[name] = source
        if for_info is not None:
            planned: Any = PlannedInfo(execution, step, place)
            given[for_info] = info_class(_raw_info=planned, _field=declared)
        return function(source, **given) if takes_self else function(**given)

    return call


class PlannedInfo:
    """graphql-core's info for a field, made when a resolver asks for more than the context and the syntax nodes.

    Attributes:
        context: what the host's hook gave.
        field_nodes: the field's syntax nodes.
    """

    __slots__ = ("_made", "_make", "context", "field_nodes")

    def __init__(self, execution: Execution, step: FieldPlan, place: Place) -> None:
        self.context = execution.context
        self.field_nodes = step.syntax
        self._make = partial(_info, execution, step, place)
        self._made: Any = None

    def __getattr__(self, name: str) -> object:
        if name in PlannedInfo.__slots__:  # asked by whatever copies this, before it has any
            raise AttributeError(name)
        if self._made is None:
            self._made = self._make()
        return getattr(self._made, name)


def _info(execution: Execution, step: FieldPlan, place: Place) -> object:
    return execution.info(step, Path(path_of(place, step.above), step.name, step.parent_type.name))
