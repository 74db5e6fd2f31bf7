"""Subscriptions: one context to begin in, and a new one for each event.

A subscription that waits holds no context, hence no database connection. Each event is executed in its own context, so
that the host looks anew who asks and what he or she may see; a refusal there ends the subscription.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Self, cast

import orjson
from graphql import GraphQLError
from graphql.error import located_error
from graphql.execution.executor import to_nodes
from graphql.execution.values import VariableValues
from graphql.pyutils import Path

from wardship.graphql.engine.errors import EngineError, ExecutionTimeoutError, RequestRefusedError
from wardship.graphql.engine.execution.execution import Execution
from wardship.graphql.engine.execution.long_lists import LongLists
from wardship.graphql.engine.execution.runs import OperationRun
from wardship.graphql.engine.execution.state_events import FinalState, StateEvent
from wardship.graphql.engine.limits import Limits
from wardship.graphql.engine.metrics import Metrics
from wardship.graphql.engine.operations import ContextHook, ExecutionRequest, Operation
from wardship.graphql.engine.planning.plan_cache import PlanCache
from wardship.graphql.engine.planning.plans import OPERATION_UNKNOWN, Plan, RefusedDocumentError, error_entry

if TYPE_CHECKING:
    from wardship.graphql.engine.execution.handler import Answer


@dataclass(frozen=True, slots=True)
class Asked:
    """A subscription that passed every check.

    It keeps the text and no plan, so that the bound of the plan cache bounds the plans of subscriptions too.
    """

    request: ExecutionRequest
    host_request: object
    operation: Operation


def refuse_subscription(plan: Plan) -> None:
    """Refuse a subscription where one answer is given.

    Raises:
        EngineError: it is one.
    """
    if plan.kind == "subscription":
        raise EngineError("Subscribe over WebSocket, by graphql-transport-ws.", code=OPERATION_UNKNOWN)


def operation_of(execution: Execution, plan: Plan, cost: int) -> Operation:
    """Return what the host's context is opened for.

    Raises:
        EngineError: there isn't exactly one field to subscribe to.
    """
    steps = execution.program.root.steps
    if len(steps) != 1:
        raise EngineError("Subscribe to exactly one field.", code=OPERATION_UNKNOWN)
    field, is_single = steps[0].field_name, execution.program.is_single
    return Operation(plan.kind, plan.name, is_read_only=True, field=field, cost=cost, is_single=is_single)


async def subscribed(execution: Execution) -> AsyncIterator[Any]:
    """Return the events of a subscription from its resolver, called in the execution's context.

    Raises:
        GraphQLError: the resolver refused or failed, or returned no iterator.
    """
    (step,) = execution.program.root.steps
    path = Path(None, step.name, step.parent_type.name)
    try:
        if step.definition.subscribe is None:
            raise TypeError(f"{step.parent_type.name}.{step.field_name} is no subscription_field.")  # noqa: TRY301 (located like every other error)
        events = step.definition.subscribe(None, execution.info(step, path), **execution.arguments(step))
        if not hasattr(events, "__anext__"):
            events = await cast("Awaitable[Any]", events)
        return aiter(events)
    except Exception as error:
        raise located_error(error, to_nodes(step.details), path.as_list()) from error


async def closed(events: AsyncIterator[Any] | None) -> None:
    """Close the events of a subscription, where they can be."""
    close = getattr(events, "aclose", None)
    if close is not None:
        await close()


class SubscriptionStream(AsyncIterator[bytes]):
    """The responses of a subscription that has begun, as JSON in UTF-8; close them with ``aclose``.

    After an error that concerns the subscription as a whole they end; that response has ``errors`` and no ``data``.
    """

    def __init__(self, handler: Subscribing, events: AsyncIterator[Any], asked: Asked) -> None:
        self._handler = handler
        self._events = events
        self._asked = asked
        self._sent = b""
        self._is_over = False
        self._is_closed = False
        handler.metrics.subscriptions += 1

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        """Return the response to the next event."""
        while not self._is_over:
            try:
                event = await anext(self._events)
            except StopAsyncIteration:
                break
            except Exception as error:  # noqa: BLE001 (whatever ends the events, the client is told)
                return self._ended(self._handler.failure(error, self._asked))
            answer, self._is_over = await self._handler.event(event, self._asked)
            if not answer.is_executed:
                return self._ended(answer)
            digest = blake2b(answer.body, digest_size=16).digest()
            if not isinstance(event, StateEvent) or digest != self._sent:
                self._sent = digest
                self._handler.metrics.events += 1
                return answer.body
        await self.aclose()
        raise StopAsyncIteration

    def _ended(self, answer: Answer) -> bytes:
        self._is_over = True
        self._handler.metrics.dropped[orjson.loads(answer.body)["errors"][0]["extensions"]["code"]] += 1
        return answer.body

    async def aclose(self) -> None:
        """End the subscription."""
        self._is_over = True
        if not self._is_closed:
            self._is_closed = True
            self._handler.metrics.subscriptions -= 1
            await closed(self._events)


class Subscribing:
    """What a handler needs to subscribe: a part of the handler, which has the methods declared at its end."""

    limits: Limits
    metrics: Metrics
    plans: PlanCache
    _context: ContextHook
    _executing: asyncio.Semaphore | None = None

    async def subscribe(self, asked: ExecutionRequest, request: object = None) -> Answer | SubscriptionStream:
        """Begin an operation of any kind: the answer of a query or mutation, or of a subscription that is refused.

        Otherwise the responses of the subscription.

        Args:
            asked: the operation.
            request: what the context hook gets, at the beginning and for each event.
        """
        try:
            plan = await self._plan(asked, request)
            if plan.kind != "subscription":
                return await self.answer(asked, request)
            self.metrics.requests += 1
            variables = self._variables(plan, asked)
            cost = plan.cost.checked(variables.coerced, self.limits)
            execution = self._execution(plan, variables)
            operation = operation_of(execution, plan, cost)
        except RefusedDocumentError as error:
            return self._refused(error.errors)
        except EngineError as error:
            answer = [error_entry(error.message, error.code)]
            return self._refused(answer, error.status, is_forced=error.is_about_http)
        except GraphQLError as error:  # no subscriptions in the schema, or a directive that can't be evaluated
            return self._failed(error, request)
        return await self._begun(execution, Asked(asked, request, operation))

    async def _plan(self, asked: ExecutionRequest, request: object) -> Plan:
        return self.plans.known(asked.query, asked.operation_name) or await self._compiled(asked, request)

    async def _begun(self, execution: Execution, asked: Asked) -> Answer | SubscriptionStream:
        self.metrics.executed += 1
        events: AsyncIterator[Any] | None = None
        try:
            async with self._opened(execution, asked):
                events = await subscribed(execution)
        except Exception as error:  # noqa: BLE001 (the client gets an answer, the host its log)
            await closed(events)
            return self.failure(error, asked)
        except BaseException:  # the client has gone: nothing may go on watching for it
            await closed(events)
            raise
        return SubscriptionStream(self, events, asked)

    async def event(self, event: object, asked: Asked) -> tuple[Answer, bool]:
        """Execute one event in a context of its own; return the answer, and whether it is the last."""
        try:
            plan = await self._plan(asked.request, asked.host_request)
        except EngineError as error:  # the cache has let it go, and there is no turn to compile it again
            return self.failure(error, asked), True
        execution = self._execution(plan, self._variables(plan, asked.request))
        run = OperationRun(execution, self._context, asked.host_request, plan, asked.operation.cost)
        self._executing = self._executing or asyncio.Semaphore(self.limits.events)
        try:
            async with self._executing, self._opened(execution, asked):
                value = await event.read(execution.context) if isinstance(event, StateEvent) else event
                is_last = isinstance(value, FinalState)
                await run.show(value.value if isinstance(value, FinalState) else value)
        except Exception as error:  # noqa: BLE001 (as above)
            return self.failure(error, asked), True
        finally:
            self.metrics.batch_calls += execution.batch_calls
            execution.release()
        completed = self._completed(run.data, execution.errors.errors, asked.host_request, execution.long_lists)
        return completed, is_last

    @asynccontextmanager
    async def _opened(self, execution: Execution, asked: Asked) -> AsyncIterator[None]:
        """Open the host's context for as long as an execution may take."""
        clock = asyncio.timeout(self.limits.seconds)
        try:
            async with clock, self._context(asked.host_request, asked.operation) as context:
                execution.context = context
                yield
        except TimeoutError as error:
            if not clock.expired():
                raise
            message = f"The operation took longer than {self.limits.seconds:g} s: ask for less."
            raise ExecutionTimeoutError(message) from error

    def failure(self, error: Exception, asked: Asked) -> Answer:
        """Return the answer to what ends a subscription, or keeps it from beginning."""
        if isinstance(error, RequestRefusedError):
            return self._refused([error_entry(error.message, error.code)], error.http_status, is_forced=True)
        return self._failed(error, asked.host_request)

    if TYPE_CHECKING:

        async def answer(self, asked: ExecutionRequest, request: object = None) -> Answer:
            """Execute a query or mutation."""
            ...

        async def _compiled(self, asked: ExecutionRequest, request: object) -> Plan: ...

        def _variables(self, plan: Plan, asked: ExecutionRequest) -> VariableValues: ...

        def _execution(self, plan: Plan, variables: VariableValues) -> Execution: ...

        def _completed(
            self,
            data: dict[str, Any] | None,
            errors: list[GraphQLError],
            request: object,
            long_lists: LongLists | None = None,
        ) -> Answer: ...

        def _failed(self, error: Exception, request: object) -> Answer: ...

        def _refused(self, errors: list[dict[str, Any]], status: int = 400, *, is_forced: bool = False) -> Answer: ...
