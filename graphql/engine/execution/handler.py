"""The handler: from a request to the bytes of its answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson
import strawberry
from graphql import GraphQLError, GraphQLSchema
from graphql.execution.values import VariableValues

from wardship.graphql.engine.errors import EngineError, ExecutionTimeoutError, RequestRefusedError
from wardship.graphql.engine.execution.compile_limiter import CompileLimiter
from wardship.graphql.engine.execution.execution import Execution
from wardship.graphql.engine.execution.long_lists import AS_HANDLED, LongLists
from wardship.graphql.engine.execution.masking import BAD_INPUT, Mask, MaskOnce, formatted, mask_and_log
from wardship.graphql.engine.execution.runs import OperationRun
from wardship.graphql.engine.execution.subscriptions import Subscribing, refuse_subscription
from wardship.graphql.engine.limits import Limits
from wardship.graphql.engine.metrics import Metrics
from wardship.graphql.engine.operations import ContextHook, ExecutionRequest, Operation
from wardship.graphql.engine.planning.plan_cache import PlanCache
from wardship.graphql.engine.planning.plans import Plan, PlanCompiler, RefusedDocumentError, error_entry, format_errors
from wardship.graphql.engine.planning.variables import check_variables

Client: TypeAlias = Callable[[Any], Awaitable[Hashable]]


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes of a response, and what HTTP must know of it.

    Attributes:
        parts: JSON in UTF-8, in as many parts as were made of it.
        is_executed: the response has ``data``; otherwise the request was refused.
        status: the HTTP status of a refusal; 200 when executed.
        is_forced: the status holds for every media type, because the refusal isn't about the GraphQL request.
    """

    parts: Sequence[bytes]
    is_executed: bool
    status: int = 200
    is_forced: bool = False

    @property
    def body(self) -> bytes:
        """The whole of it."""
        return self.parts[0] if len(self.parts) == 1 else b"".join(self.parts)


@asynccontextmanager
async def no_context(request: object, operation: Operation) -> AsyncIterator[None]:
    """Give resolvers no context: the default hook."""
    del request, operation
    yield None


async def nobody(request: object) -> Hashable:
    """Tell no client from another: the default."""
    del request
    return None


class GraphQLHandler(Subscribing):
    """Executes operations on a Strawberry schema.

    Args:
        schema: an ordinary Strawberry schema; relations declared by ``batch_field``.
        limits: what a request may ask for.
        context: called as ``context(request, operation)``; an async context manager around a whole query, around each
            mutation, and around the relations under a mutation's payload. It is entered only after the document
            passed every check, and left by exception when the resolver of a mutation raises.
        mask: turns an unexpected exception into what the client sees, and logs it.
        introspection: whether the schema may be asked for, and validation errors suggest names.
        client: tells whose turn it is when new documents have to wait for being compiled, by anything hashable.

    Attributes:
        metrics: counters since the start.
        plans: the cache of plans.
        turns: whoever waits for a new document to be compiled.
    """

    def __init__(  # noqa: PLR0913 (what the host may say, each with a default)
        self,
        schema: strawberry.Schema,
        *,
        limits: Limits | None = None,
        context: ContextHook = no_context,
        mask: Mask = mask_and_log,
        introspection: bool = True,
        client: Client = nobody,
    ) -> None:
        self.limits = limits or Limits()
        self.metrics = Metrics()
        self.schema: GraphQLSchema = schema._schema  # noqa: SLF001 (Strawberry has no public way to its graphql-core schema)
        self.plans = PlanCache(PlanCompiler(self.schema, self.limits, introspection), self.limits, self.metrics)
        self.compile_limiter = CompileLimiter(self.limits)
        self._client = client
        self._context = context
        self._mask = mask
        self._introspection = introspection

    async def execute(self, asked: ExecutionRequest, request: object = None) -> bytes:
        """Execute an operation and return the response as JSON, in UTF-8; refusals are responses too."""
        return (await self.answer(asked, request)).body

    async def answer(self, asked: ExecutionRequest, request: object = None) -> Answer:
        """Execute an operation and return the response with what HTTP must know of it."""
        self.metrics.requests += 1
        try:
            plan = self.plans.known(asked.query, asked.operation_name) or await self._compiled(asked, request)
            refuse_subscription(plan)
            variables = self._variables(plan, asked)
            cost = plan.cost.checked(variables.coerced, self.limits)
            await self._made_ready(plan, variables, request)
        except RefusedDocumentError as error:
            return self._refused(error.errors)
        except EngineError as error:
            answer = [error_entry(error.message, error.code)]
            return self._refused(answer, error.status, is_forced=error.is_about_http)
        try:
            execution = self._execution(plan, variables)
        except GraphQLError as error:  # a directive at the top that can't be evaluated
            return self._completed(None, [error], request)
        return await self._executed(OperationRun(execution, self._context, request, plan, cost), request)

    async def _compiled(self, asked: ExecutionRequest, request: object) -> Plan:
        try:
            client = await self._client(request)
        except Exception:  # noqa: BLE001 (the host's context will meet it again, and it is masked there)
            client = None
        async with self.compile_limiter.turn(client):
            plan = self.plans.plan(asked.query, asked.operation_name)
            with suppress(RefusedDocumentError, EngineError, GraphQLError):  # each is said when it is met again
                variables = self._variables(plan, asked)
                plan.cost.checked(variables.coerced, self.limits)
                plan.program(variables)
            return plan

    async def _made_ready(self, plan: Plan, variables: VariableValues, request: object) -> None:
        """Make the program for an outcome of the directives that is new: it takes as long as compiling, and a turn."""
        if not plan.is_ready(variables):
            client = await self._client(request)
            async with self.compile_limiter.turn(client):
                with suppress(GraphQLError):  # a directive at the top, which is said below
                    plan.program(variables)

    def _variables(self, plan: Plan, asked: ExecutionRequest) -> VariableValues:
        if asked.is_read_only and plan.kind != "query":
            raise ReadOnlyRequestError("Send mutations by POST.")
        check_variables(asked.variables, self.limits)
        variables = plan.variables.read(asked.variables)
        if isinstance(variables, list):
            raise RefusedDocumentError(format_errors(variables, BAD_INPUT))
        return variables

    def _execution(self, plan: Plan, variables: VariableValues) -> Execution:
        return Execution(plan.program(variables), variables, self.metrics.fallbacks)

    async def _executed(self, run: OperationRun, request: object) -> Answer:
        self.metrics.executed += 1
        clock = asyncio.timeout(self.limits.seconds)
        try:
            async with clock:
                await run.run()
        except RequestRefusedError as error:
            return self._refused([error_entry(error.message, error.code)], error.http_status, is_forced=True)
        except Exception as error:  # noqa: BLE001 (the host's context failed: the client gets an answer, the host its log)
            if not clock.expired():
                return self._failed(error, request)
            late = ExecutionTimeoutError(f"The operation took longer than {self.limits.seconds:g} s: ask for less.")
            return self._refused([error_entry(late.message, late.code)], late.status, is_forced=True)
        finally:
            self.metrics.batch_calls += run.execution.batch_calls
            run.execution.release()
        return self._completed(run.data, run.execution.errors.errors, request, run.execution.long_lists)

    def _completed(
        self,
        data: dict[str, Any] | None,
        errors: list[GraphQLError],
        request: object,
        long_lists: LongLists | None = None,
    ) -> Answer:
        response: dict[str, Any] = {"data": data}
        if errors:
            response = {"errors": self._shown(errors, request), **response}
        try:
            body = _json(response)
            return Answer([*long_lists.put_in(body)] if long_lists else (body,), is_executed=True)
        except TypeError as error:  # a scalar of the host's gave what JSON can't hold
            return self._failed(error, request)

    def _shown(self, errors: list[GraphQLError], request: object) -> list[dict[str, Any]]:
        masked = MaskOnce(self._mask, request)
        entries = [formatted(error, masked) for error in errors]
        self.metrics.masked += len(masked)
        return entries

    def _failed(self, error: Exception, request: object) -> Answer:
        located = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
        return Answer((_json({"errors": self._shown([located], request)}),), False, 500, is_forced=True)

    def _refused(self, errors: list[dict[str, Any]], status: int = 400, *, is_forced: bool = False) -> Answer:
        self.metrics.refused[errors[0]["extensions"]["code"]] += 1
        return Answer((_json({"errors": errors}),), is_executed=False, status=status, is_forced=is_forced)


class ReadOnlyRequestError(EngineError):
    """A mutation came by a way that only reads."""

    code = "METHOD_NOT_ALLOWED"
    status = 405


def _json(response: Mapping[str, Any]) -> bytes:
    return orjson.dumps(response, option=AS_HANDLED)
