"""The same answers, errors included, as graphql-core gives when it resolves each relation of each object by itself.

Where an error nulls something above its field, siblings there may or may not get to report theirs (GraphQL, section
6.4.4), and that depends on timing; so of such an area only is asked that both sides say what nulled it.
"""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest
from graphql import ExecutionResult, execute, parse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.graphql.engine.archive import Desk, desk_of_request, schema
from tests.graphql.engine.operations import Operation, operations
from wardship.graphql.engine import ExecutionRequest, GraphQLHandler, Limits

WIDE = Limits(cost=10**9, aliases=10_000, fields=10_000, directives=10_000, seconds=60)
handler = GraphQLHandler(
    schema, limits=WIDE, context=desk_of_request, mask=lambda error, _request: (str(error), {"code": "LOST"})
)


Errors = list[tuple[tuple[Any, ...], str]]


def by_graphql_core(operation: Operation, desk: Desk) -> tuple[Any, Errors]:
    async def run() -> ExecutionResult:
        result = execute(
            schema._schema, parse(operation.document), context_value=desk, variable_values=operation.variables
        )
        return result if isinstance(result, ExecutionResult) else await result

    result = asyncio.run(run())
    return result.data, [(tuple(error.path or ()), error.message) for error in result.errors or ()]


def by_engine(operation: Operation, desk: Desk) -> tuple[Any, Errors]:
    body = asyncio.run(handler.execute(ExecutionRequest(operation.document, operation.variables), desk))
    result = orjson.loads(body)
    assert "data" in result, result
    return result["data"], [(tuple(error["path"]), error["message"]) for error in result.get("errors", ())]


def nulled_by(data: Any, path: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the position that an error nulled: the longest part of its path that is in the data."""
    for length, key in enumerate(path):
        if data is None:
            return path[:length]
        data = data[key]
    assert data is None
    return path


def compared(data: Any, errors: Errors) -> tuple[Errors, set[tuple[Any, ...]]]:
    """Return the errors that nulled their own field alone, and the positions that others nulled."""
    own = sorted((error for error in errors if nulled_by(data, error[0]) == error[0]), key=repr)
    return own, {nulled_by(data, path) for path, _ in errors} - {path for path, _ in own}


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # graphql-core drops coroutines of nulled areas
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(operations(), st.integers(0, 40))
def test_answers_equal_those_of_graphql_core(operation: Operation, seed: int) -> None:
    expected, expected_errors = by_graphql_core(operation, Desk(seed))
    data, errors = by_engine(operation, Desk(seed))
    assert orjson.dumps(data) == orjson.dumps(expected)
    assert compared(data, errors) == compared(expected, expected_errors)
