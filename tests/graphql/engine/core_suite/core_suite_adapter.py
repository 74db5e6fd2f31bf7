"""What graphql-core's tests call to execute an operation, done by the handler instead.

A text goes the handler's whole way. A document that comes parsed was never validated, and many are invalid on purpose:
of these a plan is made without validation. The data is read back from the bytes of the answer; errors are the ones that
the answer shows, as objects, because tests look at what caused them.
"""

from __future__ import annotations

import asyncio
import types
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Callable, Coroutine, Generator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from typing import Any

import orjson
from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, Source, assert_valid_schema
from graphql.execution.values import VariableValues, get_variable_values
from graphql.pyutils import is_awaitable

from wardship.graphql.engine import ExecutionRequest, GraphQLHandler, Limits, Operation
from wardship.graphql.engine.execution.answers import Answer, AnswerWriter
from wardship.graphql.engine.execution.execution import Execution
from wardship.graphql.engine.execution.handler import anybody
from wardship.graphql.engine.execution.preparation import Preparation
from wardship.graphql.engine.planning.costs import CostExpression, Term
from wardship.graphql.engine.planning.plan_cache import PlanCache
from wardship.graphql.engine.planning.plans import Plan, PlanCompiler, RefusedDocumentError

WIDE = Limits(**{one.name: 10**7 for one in fields(Limits)})
counted: Counter[str] = Counter()
"""Calls by tests, operations executed, and by reason what generated code left to graphql-core."""

_met: list[bool] = []
"""Whether the running executions met anything to be awaited; the last is the innermost."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a test gave besides the document."""

    schema: GraphQLSchema
    root_value: Any
    context_value: Any
    field_resolver: Callable[..., Any] | None
    type_resolver: Callable[..., Any] | None
    hide_suggestions: bool


@dataclass(frozen=True)
class GivenDocument(PlanCompiler):
    """Makes plans of one parsed document, which may be invalid."""

    document: DocumentNode

    def compile(self, text: str, operation_name: str | None) -> Plan:
        plan = super().compile(text, operation_name)
        plan.cost = CostExpression(Term(), ())  # what an invalid operation costs is not to be told
        return plan

    def _parsed(self, text: str) -> tuple[DocumentNode, int]:
        del text
        return self.document, self.document.token_count or 1

    def _validate(self, document: DocumentNode) -> None:
        assert document is self.document


def handler_mask(error: Exception, _request: object) -> tuple[str, Mapping[str, Any]]:
    """Show an error as it stands."""
    return str(error), {}


class Handler(GraphQLHandler):
    """The handler for one call: with the resolvers and the root value that the test gave."""

    def __init__(self, call: Call, document: DocumentNode | None) -> None:
        @asynccontextmanager
        async def context(_request: object, _operation: Operation) -> AsyncIterator[Any]:
            yield call.context_value

        super().__init__(
            types.SimpleNamespace(_schema=call.schema),  # type: ignore[arg-type]  # all that the handler takes of Strawberry
            limits=WIDE,
            context=context,
            mask=handler_mask,
            introspection=not call.hide_suggestions,
        )
        if document is not None:
            compiler = GivenDocument(call.schema, WIDE, not call.hide_suggestions, document)
            self.plans = PlanCache(compiler, WIDE, self.metrics)
        self.errors: list[GraphQLError] = []
        self._preparation = GivenCall(self, call)
        self._answers = GivenErrors(self)


class GivenCall(Preparation):
    """Makes executions with the resolvers and the root value that the test gave."""

    def __init__(self, handler: Handler, call: Call) -> None:
        super().__init__(handler.plans, handler.compile_limiter, WIDE, anybody, handler.metrics)
        self._handler = handler
        self._call = call

    def variables(self, plan: Plan, asked: ExecutionRequest) -> VariableValues:
        try:
            return super().variables(plan, asked)
        except RefusedDocumentError:  # the same errors as objects
            found = get_variable_values(
                self._call.schema,
                plan.operation.variable_definitions or (),
                dict(asked.variables),
                50,
                plan.hides_suggestions,
            )
            self._handler.errors = found if isinstance(found, list) else []
            raise

    def execution(self, plan: Plan, variables: VariableValues) -> Execution:
        execution = super().execution(plan, variables)
        call, executor = self._call, execution.executor
        executor.root_value = call.root_value
        executor.field_resolver = call.field_resolver or executor.field_resolver
        executor.type_resolver = call.type_resolver or executor.type_resolver
        return execution


class GivenErrors(AnswerWriter):
    """Lets the handler's errors be read as objects."""

    def __init__(self, handler: Handler) -> None:
        super().__init__(handler_mask, lambda _: True, handler.metrics)
        self._handler = handler

    def completed(self, data: dict[str, Any] | None, errors: list[GraphQLError], *more: Any) -> Answer:
        self._handler.errors = errors
        return super().completed(data, errors, *more)


def execute(
    schema: GraphQLSchema,
    document: DocumentNode,
    root_value: Any = None,
    context_value: Any = None,
    variable_values: dict[str, Any] | None = None,
    operation_name: str | None = None,
    field_resolver: Callable[..., Any] | None = None,
    type_resolver: Callable[..., Any] | None = None,
    *,
    hide_suggestions: bool = False,
) -> Any:
    """Execute a parsed document; an awaitable of the result when something had to be awaited."""
    assert_valid_schema(schema)
    call = Call(schema, root_value, context_value, field_resolver, type_resolver, hide_suggestions)
    return _called(call, document, ExecutionRequest("", variable_values or {}, operation_name))


def execute_sync(*arguments: Any, check_sync: bool = False, **named: Any) -> ExecutionResult:
    """Execute a parsed document that has nothing to be awaited."""
    del check_sync
    return _at_once(execute(*arguments, **named))


async def graphql(schema: GraphQLSchema, source: str | Source, *arguments: Any, **named: Any) -> ExecutionResult:
    """Execute a text."""
    done = _of_text(schema, source, *arguments, **named)
    return await done if is_awaitable(done) else done


def graphql_sync(
    schema: GraphQLSchema, source: str | Source, *arguments: Any, check_sync: bool = False, **named: Any
) -> ExecutionResult:
    """Execute a text that has nothing to be awaited."""
    del check_sync
    return _at_once(_of_text(schema, source, *arguments, **named))


def _of_text(
    schema: GraphQLSchema,
    source: str | Source,
    root_value: Any = None,
    context_value: Any = None,
    variable_values: dict[str, Any] | None = None,
    operation_name: str | None = None,
    field_resolver: Callable[..., Any] | None = None,
    type_resolver: Callable[..., Any] | None = None,
    *,
    hide_suggestions: bool = False,
) -> Any:
    text = source.body if isinstance(source, Source) else source
    call = Call(schema, root_value, context_value, field_resolver, type_resolver, hide_suggestions)
    return _called(call, None, ExecutionRequest(text, variable_values or {}, operation_name))


def _called(call: Call, document: DocumentNode | None, asked: ExecutionRequest) -> Any:
    counted["calls"] += 1
    handler = Handler(call, document)
    running = _result(handler, document, asked)
    _met.append(False)
    try:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            done = asyncio.run(_started(running))
        else:
            done = _begun(running)
    finally:
        is_met = _met.pop()
    was_awaited = is_met or handler.metrics.fallbacks["awaitable"] > 0
    return _given(done) if was_awaited and isinstance(done, ExecutionResult) else done


async def _result(handler: Handler, document: DocumentNode | None, asked: ExecutionRequest) -> ExecutionResult:
    answer = await handler.answer(asked)
    counted["executed"] += handler.metrics.executed
    counted["rendered by generated code alone"] += handler.metrics.executed and not handler.metrics.fallbacks
    counted.update({f"fallback: {reason}": count for reason, count in handler.metrics.fallbacks.items()})
    body = orjson.loads(answer.body)
    shown = body.get("errors", [])
    source = document.loc.source if document is not None and document.loc is not None else Source(asked.query)
    errors = handler.errors or [_error(one, source) for one in shown]
    assert [_seen(one.formatted) for one in errors] == [_seen(one) for one in shown]
    return ExecutionResult(body.get("data"), errors or None)


def _seen(error: Mapping[str, Any]) -> tuple[Any, ...]:
    return error["message"], error.get("locations"), error.get("path")


def _error(shown: Mapping[str, Any], source: Source) -> GraphQLError:
    """Return a refusal as an object; there is nothing more to it than what is shown."""
    lines = source.body.splitlines(keepends=True)
    places = [sum(map(len, lines[: one["line"] - 1])) + one["column"] - 1 for one in shown.get("locations", ())]
    return GraphQLError(shown["message"], source=source, positions=places or None, path=shown.get("path"))


def _begun(running: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine as far as it goes at once; return its result, or an awaitable that goes on with it."""
    try:
        return _continued(running, running.send(None))
    except StopIteration as done:
        return done.value


async def _started(running: Coroutine[Any, Any, Any]) -> Any:
    return _begun(running)


async def _given(result: ExecutionResult) -> ExecutionResult:
    return result


async def _continued(running: Coroutine[Any, Any, Any], waited: Any) -> Any:
    return await _Rest(running, waited)


@dataclass(frozen=True)
class _Rest:
    running: Coroutine[Any, Any, Any]
    waited: Any

    def __await__(self) -> Generator[Any, Any, Any]:
        waited = self.waited
        while True:
            try:
                try:
                    sent = yield waited
                except BaseException as error:  # noqa: BLE001 (whatever is thrown in is passed on)
                    waited = self.running.throw(error)
                else:
                    waited = self.running.send(sent)
            except StopIteration as done:
                return done.value


def _at_once(done: Any) -> ExecutionResult:
    if not isinstance(done, ExecutionResult):
        done.close()
        raise RuntimeError("GraphQL execution failed to complete synchronously.")  # noqa: TRY004 (as graphql-core does)
    return done


def meet(value: Any) -> None:
    """Remember for the caller whether what a resolver gave has to be awaited: then the result is an awaitable."""
    if _met and (is_awaitable(value) or isinstance(value, AsyncIterable)):
        _met[-1] = True
