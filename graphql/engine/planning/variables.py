"""A request's variables: their bounds, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from graphql import GraphQLError, GraphQLSchema, get_nullable_type
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values
from graphql.language import OperationDefinitionNode

from wardship.graphql.engine.errors import EngineError, LimitExceededError
from wardship.graphql.engine.limits import Limits

ERRORS_SHOWN = 50
_PLAIN = {"String": str, "ID": str, "Boolean": bool, "Int": int}
_INT = range(-(2**31), 2**31)


class VariableReader:
    """Reads the variables of one operation.

    Texts, numbers and booleans that are just what the operation wants are taken as they are, without graphql-core; as
    soon as one isn't, all are left to it.
    """

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode, *, hides_suggestions: bool) -> None:
        self._schema = schema
        self._definitions = operation.variable_definitions or ()
        self._hides_suggestions = hides_suggestions
        signatures = [get_variable_signature(schema, each) for each in self._definitions]
        self._plain = [(each, _PLAIN.get(_name_of(each))) for each in signatures]

    def read(self, raw: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        """Return the coerced values, or what is wrong with them."""
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for signature, type_ in self._plain:
            if type_ is None or isinstance(signature, GraphQLError):
                return self._by_graphql_core(raw)
            value = raw.get(signature.name)
            if type(value) is not type_ or (type_ is int and value not in _INT):
                return self._by_graphql_core(raw)
            sources[signature.name] = VariableValueSource(signature, value)
            coerced[signature.name] = value
        return VariableValues(sources, coerced)

    def _by_graphql_core(self, raw: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        return get_variable_values(
            self._schema,
            self._definitions,
            dict(raw),
            max_errors=ERRORS_SHOWN,
            hide_suggestions=self._hides_suggestions,
        )


def _name_of(signature: GraphQLVariableSignature | GraphQLError) -> str:
    return "" if isinstance(signature, GraphQLError) else str(get_nullable_type(signature.type))


def check_variables(variables: Mapping[str, Any], limits: Limits) -> None:
    """Refuse variables that are too large or too deep.

    Raises:
        LimitExceededError: they are.
        EngineError: they hold what JSON can't.
    """
    if not variables:
        return
    level: list[Any] = [variables]
    for _ in range(limits.variables_depth):
        level = [child for value in level for child in _children(value)]
        if not level:
            break
    else:
        raise LimitExceededError(
            f"The variables nest more than {limits.variables_depth} deep: flatten them.", code="VARIABLES_DEPTH_LIMIT"
        )
    try:
        size = len(orjson.dumps(variables))
    except TypeError as error:
        raise EngineError(f"The variables aren't JSON: {error}.", code="BAD_USER_INPUT") from error
    if size > limits.variables_bytes:
        raise LimitExceededError(
            f"The variables are {size} bytes long, but at most {limits.variables_bytes} are allowed.",
            code="VARIABLES_SIZE_LIMIT",
        )


def _children(value: object) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []
