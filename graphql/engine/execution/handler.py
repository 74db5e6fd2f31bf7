"""The handler: from a request to the bytes of its answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import strawberry
from graphql import GraphQLError, GraphQLSchema

from wardship.graphql.engine.errors import EngineError, ExecutionTimeoutError, RequestRefusedError
from wardship.graphql.engine.execution.answers import Answer, AnswerWriter
from wardship.graphql.engine.execution.compile_limiter import CompileLimiter
from wardship.graphql.engine.execution.masking import Mask, mask_and_log
from wardship.graphql.engine.execution.preparation import Preparation
from wardship.graphql.engine.execution.runs import OperationRun
from wardship.graphql.engine.execution.subscriptions import Subscriptions, SubscriptionStream
from wardship.graphql.engine.limits import Limits
from wardship.graphql.engine.metrics import Metrics
from wardship.graphql.engine.operations import Client, ClientHook, ContextHook, ExecutionRequest, Operation
from wardship.graphql.engine.planning.plan_cache import PlanCache
from wardship.graphql.engine.planning.plans import OPERATION_UNKNOWN, Plan, PlanCompiler, RefusedDocumentError
from wardship.graphql.engine.schema.strawberry_access import core_schema_of
from wardship.graphql.engine.trusted_documents import TrustedDocuments


@asynccontextmanager
async def no_context(request: object, operation: Operation) -> AsyncIterator[None]:
    """Give resolvers no context: the default hook."""
    del request, operation
    yield None


async def anybody(request: object) -> Client:
    """Tell no client from another, and none from one with a credential: the default."""
    del request
    return Client((), is_authenticated=True)


def always(error: Exception) -> bool:
    """Count every exception as a fault: the default."""
    del error
    return True


class GraphQLHandler:
    """Executes operations on a Strawberry schema.

    Args:
        schema: an ordinary Strawberry schema; relations declared by ``batch_field``.
        limits: what a request may ask for.
        context: called as ``context(request, operation)``; an async context manager around a whole query, around each
            mutation, and around the relations under a mutation's payload. It is entered only after the document
            passed every check, and left by exception when the resolver of a mutation raises.
        mask: turns an unexpected exception into what the client sees, and logs it.
        is_fault: whether an exception that ``mask`` was given counts among the masked: what the client caused doesn't.
        introspection: whether the schema may be asked for, and validation errors suggest names. Where it may not, a
            client that ``client`` gives a refusal is told that, whatever is wrong with its document.
        client: tells whose turn it is when new documents have to wait for being compiled.
        documents: those that clients may name, and who may send none of their own.

    Attributes:
        documents: as it was given.
        metrics: counters since the start.
        plans: the cache of plans.
        compile_limiter: the requests that wait for a new document to be compiled.
    """

    def __init__(  # noqa: PLR0913 (what the host may say, each with a default)
        self,
        schema: strawberry.Schema,
        *,
        limits: Limits | None = None,
        context: ContextHook = no_context,
        mask: Mask = mask_and_log,
        is_fault: Callable[[Exception], bool] = always,
        introspection: bool = True,
        client: ClientHook = anybody,
        documents: TrustedDocuments | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.documents = documents or TrustedDocuments()
        self.metrics = Metrics()
        self.schema: GraphQLSchema = core_schema_of(schema)
        self.plans = PlanCache(PlanCompiler(self.schema, self.limits, introspection), self.limits, self.metrics)
        self.compile_limiter = CompileLimiter(self.limits)
        self._context = context
        self._answers = AnswerWriter(mask, is_fault, self.metrics)
        self._preparation = Preparation(self.plans, self.compile_limiter, self.limits, client, self.metrics)
        self._subscriptions = Subscriptions(self._preparation, self._answers, context, self.limits, self.metrics)

    async def execute(self, asked: ExecutionRequest, request: object = None) -> bytes:
        """Execute an operation and return the response as JSON, in UTF-8; refusals are responses too."""
        return (await self.answer(asked, request)).body

    async def answer(self, asked: ExecutionRequest, request: object = None) -> Answer:
        """Execute a query or mutation and return the response with what HTTP must know of it."""
        self.metrics.requests += 1
        try:
            asked = self.documents.meant(asked, request)
            plan = await self._preparation.plan(asked, request)
            _require_one_answer(plan)
            variables = self._preparation.variables(plan, asked)
            cost = plan.cost.checked(variables.coerced, self.limits)
            if not plan.is_ready(variables):
                await self._preparation.make_ready(plan, variables, request)
            execution = self._preparation.execution(plan, variables)
        except (RefusedDocumentError, EngineError) as error:
            return self._answers.refused(await self._preparation.told(error, request))
        except GraphQLError as error:  # a directive at the top that can't be evaluated
            return self._answers.completed(None, [error], request, None)
        return await self._executed(OperationRun(execution, self._context, request, plan, cost))

    async def subscribe(self, asked: ExecutionRequest, request: object = None) -> Answer | SubscriptionStream:
        """Begin an operation of any kind: the answer of a query or mutation, or of a subscription that is refused.

        Otherwise the responses of the subscription.

        Args:
            asked: the operation.
            request: what the context hook gets, at the beginning and for each event.
        """
        try:
            asked = self.documents.meant(asked, request)
            plan = await self._preparation.plan(asked, request)
        except (RefusedDocumentError, EngineError) as error:
            return self._answers.refused(await self._preparation.told(error, request))
        if plan.kind == "subscription":
            return await self._subscriptions.begin(plan, asked, request)
        return await self.answer(asked, request)

    async def _executed(self, run: OperationRun) -> Answer:
        self.metrics.executed += 1
        clock = asyncio.timeout(self.limits.seconds)
        try:
            async with clock:
                await run.run()
        except RequestRefusedError as error:
            return self._answers.refused(error)
        except Exception as error:  # noqa: BLE001 (the host's context failed: the client gets an answer, the host its log)
            if not clock.expired():
                return self._answers.failed(error, run.request)
            return self._answers.refused(ExecutionTimeoutError.after(self.limits.seconds))
        finally:
            self.metrics.batch_calls += run.execution.batch_calls
            run.execution.release()
        execution = run.execution
        return self._answers.completed(
            run.data, execution.errors.errors, run.request, execution.long_lists, run.headers
        )


def _require_one_answer(plan: Plan) -> None:
    if plan.kind == "subscription":
        raise EngineError("Subscribe over WebSocket, by graphql-transport-ws.", code=OPERATION_UNKNOWN)
