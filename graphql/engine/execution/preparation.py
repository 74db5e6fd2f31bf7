"""What is done before an operation is executed: its plan is found or compiled, and its variables are read."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from graphql import GraphQLError
from graphql.execution.values import VariableValues

from wardship.graphql.engine.errors import EngineError
from wardship.graphql.engine.execution.compile_limiter import CompileLimiter
from wardship.graphql.engine.execution.execution import Execution
from wardship.graphql.engine.execution.masking import BAD_INPUT
from wardship.graphql.engine.limits import Limits
from wardship.graphql.engine.metrics import Metrics
from wardship.graphql.engine.operations import Client, ClientHook, ExecutionRequest
from wardship.graphql.engine.planning.plan_cache import PlanCache
from wardship.graphql.engine.planning.plans import Plan, RefusedDocumentError, format_errors
from wardship.graphql.engine.planning.variables import check_variables

_NOBODY: Final = Client(("unknown",), is_authenticated=False)


class ReadOnlyRequestError(EngineError):
    """A mutation came by a way that only reads."""

    code = "METHOD_NOT_ALLOWED"
    status = 405


class Preparation:
    """Makes executions of requests.

    Args:
        plans: the cache of plans.
        compile_limiter: gives turns for compiling.
        limits: what a request may ask for.
        client: tells whose turn it is.
        metrics: counts what executions leave to graphql-core.
    """

    def __init__(
        self, plans: PlanCache, compile_limiter: CompileLimiter, limits: Limits, client: ClientHook, metrics: Metrics
    ) -> None:
        self._plans = plans
        self._compile_limiter = compile_limiter
        self._limits = limits
        self._client = client
        self._metrics = metrics

    async def plan(self, asked: ExecutionRequest, request: object) -> Plan:
        """Return the plan of an operation, compiled in a turn of its client when it isn't known.

        Raises:
            RefusedDocumentError: the document will never be executed.
            TooManyDocumentsError: there was no turn.
        """
        return self._plans.known(asked.query, asked.operation_name) or await self._compiled(asked, request)

    async def _compiled(self, asked: ExecutionRequest, request: object) -> Plan:
        async with self._compile_limiter.turn(await self.asker(request)):
            plan = self._plans.plan(asked.query, asked.operation_name)
            with suppress(RefusedDocumentError, EngineError, GraphQLError):  # each is said when it is met again
                variables = self.variables(plan, asked)
                plan.cost.checked(variables.coerced, self._limits)
                plan.program(variables)
            return plan

    def variables(self, plan: Plan, asked: ExecutionRequest) -> VariableValues:
        """Return the coerced variables of a request.

        Raises:
            RefusedDocumentError: they don't fit the operation.
            EngineError: they are too large or too deep, or the request may only read.
        """
        if asked.is_read_only and plan.kind != "query":
            raise ReadOnlyRequestError("Send mutations by POST.")
        check_variables(asked.variables, self._limits)
        variables = plan.variables.read(asked.variables)
        if isinstance(variables, list):
            raise RefusedDocumentError(format_errors(variables, BAD_INPUT))
        return variables

    async def make_ready(self, plan: Plan, variables: VariableValues, request: object) -> None:
        """Make the program for an outcome of the directives that is new: it takes as long as compiling, and a turn."""
        async with self._compile_limiter.turn(await self.asker(request)):
            with suppress(GraphQLError):  # a directive at the top, which is said when the program is asked for
                plan.program(variables)

    async def asker(self, request: object) -> Client:
        """Return who asks; nobody where the host can't tell."""
        try:
            return await self._client(request)
        except Exception:  # noqa: BLE001 (the host's context will meet it again, and it is masked there)
            return _NOBODY

    async def told(
        self, error: RefusedDocumentError | EngineError, request: object
    ) -> RefusedDocumentError | EngineError:
        """Return what a client is told of a refusal of its document."""
        is_about_document = isinstance(error, RefusedDocumentError) or not error.is_about_http
        if self._plans.is_introspectable or not is_about_document:
            return error
        return (await self.asker(request)).refusal or error

    def execution(self, plan: Plan, variables: VariableValues) -> Execution:
        """Return an execution, to be run once.

        Raises:
            GraphQLError: a directive at the top of the operation can't be evaluated.
        """
        return Execution(plan.program(variables), variables, self._metrics.fallbacks)
