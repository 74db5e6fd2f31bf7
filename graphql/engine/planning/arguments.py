"""The arguments of one field of a document, worked out as far as they can be before its variables are known.

graphql-core reads them off the syntax for every request. Here literals become a function of the variables once.
Whatever that function was not written for, an error first of all, is left to graphql-core.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    Undefined,
    get_nullable_type,
    is_input_object_type,
    is_list_type,
)
from graphql import is_non_null_type as is_non_null
from graphql.execution.collect_fields import FieldDetails
from graphql.language import ListValueNode, NullValueNode, ObjectValueNode, ValueNode, VariableNode
from graphql.type import GraphQLField
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_literal

Variables: TypeAlias = Mapping[str, Any]
Reading: TypeAlias = Callable[[Variables], Any]
"""Gives a coerced value of the coerced variables, or raises ``UnforeseenError``."""

_CONSTANT = (str, int, float, type(None))
"""What can be shared by all requests: nothing can change it, and its class does nothing when it is made."""


class UnforeseenError(Exception):
    """The arguments are none that this was written for: graphql-core has to read them."""


def reading_of(definition: GraphQLField, details: FieldDetails) -> Reading:
    """Return what gives the coerced arguments of a field, by GraphQL name, as ``get_argument_values`` does.

    Args:
        definition: the field in the schema.
        details: the field in the document, which was validated.
    """
    if details.fragment_variable_values is not None:
        return _unforeseen
    given = {one.name.value: one.value for one in details.node.arguments or ()}
    try:
        return _members(definition.args, given)
    except UnforeseenError:
        return _unforeseen


def _unforeseen(_variables: Variables) -> Any:  # noqa: ANN401 (it never returns)
    raise UnforeseenError


def _members(declared: Mapping[str, Any], given: Mapping[str, ValueNode]) -> Reading:
    """Return what reads the arguments of a field, or the fields of an input object: both have the same rules."""
    constants: dict[str, Any] = {}
    readings: list[tuple[str, Reading]] = []
    for name, one in declared.items():
        out_name = one.out_name or name
        value = _default(one) if name not in given else _constant(given[name], one.type)
        if value is not Undefined:
            constants[out_name] = value
        elif name in given:
            constants[out_name] = None  # so that the members come in their order
            readings.append((out_name, _reading(given[name], one.type)))

    def read(variables: Variables) -> dict[str, Any]:
        values = constants.copy()
        for name, reading in readings:
            values[name] = reading(variables)
        return values

    return read


def _default(declared: Any) -> Any:  # noqa: ANN401 (an argument or input field, and a value)
    """Return the value of what isn't given, which graphql-core shares between requests as well."""
    try:
        value = coerce_default_value(declared)
    except TypeError:
        raise UnforeseenError from None
    if value is Undefined and is_non_null(declared.type):
        raise UnforeseenError
    return value


def _constant(node: ValueNode, type_: GraphQLInputType) -> Any:  # noqa: ANN401 (a coerced value)
    """Return a value that is the same for all requests; Undefined where it isn't."""
    if isinstance(node, VariableNode | ListValueNode | ObjectValueNode):
        return Undefined
    value = coerce_input_literal(node, type_)
    return value if type(value) in _CONSTANT else Undefined


def _reading(node: ValueNode, type_: GraphQLInputType) -> Reading:
    if isinstance(node, VariableNode):
        return _variable(node.name.value, may_be_null=not is_non_null(type_))
    inner = get_nullable_type(type_)
    if isinstance(node, ListValueNode) and is_list_type(inner):
        return _list([_reading(one, inner.of_type) for one in node.values])
    if isinstance(node, ObjectValueNode) and is_input_object_type(inner):
        return _object(node, inner)
    if isinstance(node, ListValueNode | ObjectValueNode | NullValueNode) or is_list_type(inner):
        raise UnforeseenError
    return _leaf(node, type_)


def _variable(name: str, *, may_be_null: bool) -> Reading:
    def read(variables: Variables) -> Any:  # noqa: ANN401 (a coerced value)
        value = variables.get(name, Undefined)
        if value is Undefined or (value is None and not may_be_null):
            raise UnforeseenError
        return value

    return read


def _list(readings: list[Reading]) -> Reading:
    return lambda variables: [reading(variables) for reading in readings]


def _object(node: ObjectValueNode, type_: GraphQLInputObjectType) -> Reading:
    given = {one.name.value: one.value for one in node.fields}
    if type_.is_one_of or not given.keys() <= type_.fields.keys():
        raise UnforeseenError
    read, out_type = _members(type_.fields, given), type_.out_type
    return lambda variables: out_type(read(variables))


def _leaf(node: ValueNode, type_: GraphQLInputType) -> Reading:
    """Read a literal anew each time, since what it gives might be changed."""

    def read(_variables: Variables) -> Any:  # noqa: ANN401 (a coerced value)
        value = coerce_input_literal(node, type_)
        if value is Undefined:
            raise UnforeseenError
        return value

    return read
