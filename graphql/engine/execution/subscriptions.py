"""Subscriptions: one context to begin in, and a new one for each event.

A subscription that waits holds no context, hence no database connection. Each event is executed in its own context, so
that the host asks again who calls and what that person may see; a refusal there ends the subscription.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Self, TypeVar, cast

import orjson
from graphql import GraphQLError
from graphql.error import located_error
from graphql.execution.executor import to_nodes
from graphql.pyutils import Path

from wardship.graphql.engine.errors import EngineError, ExecutionTimeoutError, RequestRefusedError
from wardship.graphql.engine.execution.answers import Answer, AnswerWriter
from wardship.graphql.engine.execution.execution import Execution
from wardship.graphql.engine.execution.preparation import Preparation
from wardship.graphql.engine.execution.runs import OperationRun
from wardship.graphql.engine.execution.state_events import FinalState, StateEvent
from wardship.graphql.engine.limits import Limits
from wardship.graphql.engine.metrics import Metrics
from wardship.graphql.engine.operations import ContextHook, ExecutionRequest, Operation
from wardship.graphql.engine.planning.field_plans import FieldPlan
from wardship.graphql.engine.planning.plans import OPERATION_UNKNOWN, Plan, RefusedDocumentError
from wardship.graphql.engine.planning.programs import ContextUse, Program

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription that passed every check.

    It keeps the text and no plan, so that the bound of the plan cache bounds the plans of subscriptions too.
    """

    request: ExecutionRequest
    host_request: object
    cost: int


def subscribed_field(program: Program) -> FieldPlan:
    """Return the field that is subscribed to.

    Raises:
        EngineError: there isn't exactly one.
    """
    if len(program.root.steps) != 1:
        raise EngineError("Subscribe to exactly one field.", code=OPERATION_UNKNOWN)
    return program.root.steps[0]


async def subscribed(execution: Execution) -> AsyncIterator[Any]:
    """Return the events of a subscription from its resolver, called in the execution's context.

    Raises:
        GraphQLError: the resolver refused or failed, or returned no iterator.
    """
    step = subscribed_field(execution.program)
    path = Path(None, step.name, step.parent_type.name)
    try:
        events = _resolver_of(step)(None, execution.info(step, path), **execution.arguments(step))
        if not hasattr(events, "__anext__"):
            events = await cast("Awaitable[Any]", events)
        return aiter(events)
    except Exception as error:
        raise located_error(error, to_nodes(step.details), path.as_list()) from error


def _resolver_of(step: FieldPlan) -> Callable[..., Any]:
    if step.definition.subscribe is None:
        raise TypeError(f"{step.parent_type.name}.{step.field_name} is no subscription_field.")
    return step.definition.subscribe


async def closed(events: AsyncIterator[Any] | None) -> None:
    """Close the events of a subscription, where they can be."""
    close = getattr(events, "aclose", None)
    if close is not None:
        await close()


class SubscriptionStream(AsyncIterator[bytes]):
    """The responses of a subscription that has begun, as JSON in UTF-8; close them with ``aclose``.

    After an error that concerns the subscription as a whole they end; that response has ``errors`` and no ``data``.
    """

    def __init__(self, subscriptions: Subscriptions, events: AsyncIterator[Any], subscription: Subscription) -> None:
        self._subscriptions = subscriptions
        self._events = events
        self._subscription = subscription
        self._sent = b""
        self._is_over = False
        self._is_closed = False
        self._metrics = subscriptions.metrics
        self._metrics.subscriptions += 1

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        """Return the response to the next event."""
        while not self._is_over:
            try:
                event = await anext(self._events)
            except StopAsyncIteration:
                break
            except Exception as error:  # whatever ends the events, the client is told
                return self._ended(self._subscriptions.failure(error, self._subscription))
            answer, self._is_over = await self._subscriptions.event(event, self._subscription)
            if not answer.is_executed:
                return self._ended(answer)
            digest = blake2b(answer.body, digest_size=16).digest()
            if not isinstance(event, StateEvent) or digest != self._sent:
                self._sent = digest
                self._metrics.events += 1
                return answer.body
        await self.aclose()
        raise StopAsyncIteration

    def _ended(self, answer: Answer) -> bytes:
        self._is_over = True
        self._metrics.dropped[orjson.loads(answer.body)["errors"][0]["extensions"]["code"]] += 1
        return answer.body

    async def aclose(self) -> None:
        """End the subscription."""
        self._is_over = True
        if not self._is_closed:
            self._is_closed = True
            self._metrics.subscriptions -= 1
            await closed(self._events)


class Subscriptions:
    """Begins subscriptions, and executes their events.

    Args:
        preparation: makes the executions.
        answers: writes the responses.
        context: the host's hook.
        limits: ``seconds`` of an execution, and ``events`` that are executed at once.
        metrics: what is counted.
    """

    def __init__(
        self,
        preparation: Preparation,
        answers: AnswerWriter,
        context: ContextHook,
        limits: Limits,
        metrics: Metrics,
    ) -> None:
        self.metrics = metrics
        self._preparation = preparation
        self._answers = answers
        self._context = context
        self._limits = limits
        self._executing: asyncio.Semaphore | None = None

    async def begin(self, plan: Plan, asked: ExecutionRequest, request: object) -> Answer | SubscriptionStream:
        """Begin a subscription: its responses, or the answer when it is refused."""
        self.metrics.requests += 1
        try:
            variables = self._preparation.variables(plan, asked)
            cost = plan.cost.checked(variables.coerced, self._limits)
            execution = self._preparation.execution(plan, variables)
            subscribed_field(execution.program)
        except (RefusedDocumentError, EngineError) as error:
            return self._answers.refused(await self._preparation.told(error, request))
        except GraphQLError as error:  # no subscriptions in the schema, or a directive that can't be evaluated
            return self._answers.failed(error, request)
        run = OperationRun(execution, self._context, request, plan, cost)
        return await self._begun(run, Subscription(asked, request, cost))

    async def _begun(self, run: OperationRun, subscription: Subscription) -> Answer | SubscriptionStream:
        self.metrics.executed += 1
        events: AsyncIterator[Any] | None = None

        async def begin() -> AsyncIterator[Any]:
            nonlocal events
            await closed(events)
            events = None
            events = await subscribed(run.execution)
            return events

        try:
            begun = await self._in_context(run, run.execution.program.begin_use, begin)
        except Exception as error:  # the client gets an answer, the host its log
            await closed(events)
            return self.failure(error, subscription)
        except BaseException:  # the client has gone: nothing may go on watching for it
            await closed(events)
            raise
        return SubscriptionStream(self, begun, subscription)

    async def event(self, event: object, subscription: Subscription) -> tuple[Answer, bool]:
        """Execute one event in a context of its own; return the answer, and whether it is the last."""
        request = subscription.host_request
        try:
            plan = await self._preparation.plan(subscription.request, request)
        except EngineError as error:  # the cache has let it go, and there is no turn to compile it again
            return self.failure(error, subscription), True
        execution = self._preparation.execution(plan, self._preparation.variables(plan, subscription.request))
        run = OperationRun(execution, self._context, request, plan, subscription.cost, is_begun=True)

        async def show() -> bool:
            value = await event.read(run.execution.context) if isinstance(event, StateEvent) else event
            is_last = isinstance(value, FinalState)
            await run.show(value.value if isinstance(value, FinalState) else value)
            return is_last

        self._executing = self._executing or asyncio.Semaphore(self._limits.events)
        try:
            async with self._executing:
                is_last = await self._in_context(run, execution.program.use, show)
        except Exception as error:  # as above
            return self.failure(error, subscription), True
        finally:
            self.metrics.batch_calls += run.execution.batch_calls
            run.execution.release()
        execution = run.execution
        return self._answers.completed(run.data, execution.errors.errors, request, execution.long_lists), is_last

    async def _in_context(self, run: OperationRun, use: ContextUse, work: Callable[[], Awaitable[ResultT]]) -> ResultT:
        """Do something in a context; again where it was to ask the context for one thing, and asked for more."""
        field = subscribed_field(run.execution.program).field_name
        while True:
            operation = run.operation(field, is_read_only=True, is_single=use.is_single is True)
            try:
                async with self._opened(run, operation):
                    result = await work()
            except Exception:
                if not use.learn(operation):
                    raise
            else:
                if not use.learn(operation):
                    return result
            run.begin_again()

    @asynccontextmanager
    async def _opened(self, run: OperationRun, operation: Operation) -> AsyncIterator[None]:
        """Open the host's context for as long as an execution may take."""
        clock = asyncio.timeout(self._limits.seconds)
        try:
            async with clock, self._context(run.request, operation) as context:
                run.execution.context = context
                yield
        except TimeoutError as error:
            if not clock.expired():
                raise
            raise ExecutionTimeoutError.after(self._limits.seconds) from error

    def failure(self, error: Exception, subscription: Subscription) -> Answer:
        """Return the answer to what ends a subscription, or keeps it from beginning."""
        if isinstance(error, RequestRefusedError):
            return self._answers.refused(error)
        return self._answers.failed(error, subscription.host_request)
