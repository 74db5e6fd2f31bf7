"""Answers, errors included, are byte for byte those of graphql-core's own execution of the same schema.

graphql-core runs synchronously here: each resolver's coroutine is driven to its end, which these never really wait for.
So it reports errors depth-first, in the order of the answer, and so does the engine. (Asynchronously it reports them in
an order that depends on timing.)
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from inspect import iscoroutine
from typing import Any

import orjson
import pytest
from graphql import ExecutionResult, Executor, GraphQLError, execute, parse, validate
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from tests.graphql.engine.archive import Desk, desk_of_request
from tests.graphql.engine.oddities import schema
from tests.graphql.engine.operations import Operation, operations
from wardship.graphql.engine import ExecutionRequest, GraphQLHandler, Limits, RefusalError
from wardship.graphql.engine.errors import SerialisationError
from wardship.graphql.engine.execution import long_lists
from wardship.graphql.engine.execution.masking import formatted
from wardship.graphql.engine.planning import code

EXAMPLES = int(os.environ.get("WARDSHIP_GRAPHQL_EXAMPLES", "300"))
MANY = 10**6
WIDE = Limits(
    document_bytes=MANY, tokens=MANY, depth=MANY, breadth=MANY, fields=MANY, aliases=MANY, directives=MANY,
    root_fields=MANY, mutations=MANY, cost=10**12, seconds=60, plans=20, compile_share=1.0,
)  # fmt: skip
CORE = schema._schema


def mask(error: Exception, _request: object = None) -> tuple[str, dict[str, Any]]:
    return f"{type(error).__name__}: {error}", {"code": "LOST"}


def made() -> GraphQLHandler:
    return GraphQLHandler(schema, limits=WIDE, context=desk_of_request, mask=mask)


HANDLERS = {2: made(), code.LONG: made()}


class Stock(Executor[Any]):
    """graphql-core's executor, but for whose fault a leaf that can't be serialised is."""

    @staticmethod
    def complete_leaf_value(return_type: Any, result: Any) -> Any:
        try:
            return Executor.complete_leaf_value(return_type, result)
        except GraphQLError as error:
            raise SerialisationError(error.message) from error


def driven(resolve: Any, source: Any, info: Any, **arguments: Any) -> Any:
    """Resolve a field at once."""
    try:
        value = resolve(source, info, **arguments)
        return finished(value) if iscoroutine(value) else value
    except RefusalError as refusal:
        return refusal.payload


def finished(coroutine: Any) -> Any:
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("A resolver waits.")


def by_graphql_core(operation: Operation, desk: Desk) -> bytes:
    document = parse(operation.document)
    problems = validate(CORE, document)
    assert not problems, problems
    result = execute(
        CORE,
        document,
        context_value=desk,
        variable_values=operation.variables,
        operation_name=operation.name,
        middleware=[driven],
        executor_class=Stock,
    )
    assert isinstance(result, ExecutionResult)
    response: dict[str, Any] = {"data": result.data}
    if result.errors:
        response = {"errors": [formatted(error, mask) for error in result.errors], **response}
    try:
        return orjson.dumps(response, option=orjson.OPT_PASSTHROUGH_DATACLASS)
    except TypeError as error:  # a scalar of the host's gave what JSON can't hold
        located = GraphQLError(str(error), original_error=error)
        return orjson.dumps({"errors": [formatted(located, mask)]})


def by_engine(runner: asyncio.Runner, operation: Operation, desk: Desk, long: int) -> bytes:
    asked = ExecutionRequest(operation.document, operation.variables, operation.name)
    return runner.run(HANDLERS[long].execute(asked, desk))


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as one:
        yield one


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=[Phase.generate],  # making a failing document smaller takes minutes
)
@given(operations(CORE), st.integers(0, 400), st.sampled_from(list(HANDLERS)))
def test_answers_equal_those_of_graphql_core(
    runner: asyncio.Runner, operation: Operation, seed: int, long: int
) -> None:
    expected = by_graphql_core(operation, Desk(seed))
    event("errors" if b'"errors"' in expected else "sound")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(code, "LONG", long)
        patch.setattr(long_lists, "LONG", long)
        answer = by_engine(runner, operation, Desk(seed), long)
    assert answer.decode() == expected.decode()
