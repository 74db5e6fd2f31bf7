"""One operation's run: which context is open around which part of it.

A query runs in one context. Each mutation runs in a context of its own, which is left, so that the host commits, before
the payload is rendered: what the client reads of it has happened. Relations under the payload are read in another,
read-only context, so that an error there undoes nothing; what the payload holds already needs none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graphql.error import located_error
from graphql.execution.executor import to_nodes
from graphql.pyutils import Path

from wardship.graphql.engine.errors import RefusalError, RequestRefusedError
from wardship.graphql.engine.execution.execution import Execution
from wardship.graphql.engine.execution.fetching import BatchFetcher
from wardship.graphql.engine.operations import ContextHook, Operation
from wardship.graphql.engine.planning.code import NullPropagation
from wardship.graphql.engine.planning.field_plans import FieldPlan
from wardship.graphql.engine.planning.plans import Plan


@dataclass(slots=True, eq=False)
class OperationRun:
    """Runs an operation.

    Attributes:
        data: the answer's data, for orjson to write; None once an error has nulled the whole of it.
        is_begun: whether a context was opened for the operation before.
        headers: what the host wants the answer to say over HTTP.
    """

    execution: Execution
    context: ContextHook
    request: object
    plan: Plan
    cost: int
    data: dict[str, Any] | None = field(default_factory=dict)
    is_begun: bool = False
    headers: dict[str, str] = field(default_factory=dict)

    async def run(self) -> None:
        """Run the operation.

        Raises:
            RequestRefusedError: the host's context refused before anything was executed.
            Exception: whatever else a query's context raises.
        """
        steps = self.execution.program.root.steps
        if self.plan.kind != "mutation":
            await self._query(steps)
            return
        for position, step in enumerate(steps):
            if self.data is None:
                return
            if step.is_meta:
                await self.read([step])
            else:
                await self._mutation(step, is_first=position == 0)

    async def _query(self, steps: list[FieldPlan]) -> None:
        if all(step.is_meta for step in steps):
            await self.read(steps)
            return
        use, is_to_run = self.execution.program.use, True
        while is_to_run:
            operation = self.operation(None, is_read_only=True, is_single=use.is_single is True)
            async with self.context(self.request, operation) as context:
                self.execution.context = context
                await self.read(steps)
            is_to_run = use.learn(operation)
            if is_to_run:
                self.begin_again()

    def begin_again(self) -> None:
        """Forget what was done: it was to ask its context for one thing, and asked for more, which it wasn't given."""
        self.execution, self.data = self.execution.again(), {}

    async def read(self, steps: list[FieldPlan]) -> None:
        """Resolve root fields, fetch what is below them, and render them, in the context that is open, if one is."""
        fetching, root = BatchFetcher(self.execution), self.execution.root_value
        for step in steps:
            self._place(step, await fetching.resolve(step, root, None) if step.is_fetched else None, fetching)
        await fetching.run()
        await self._render(steps)

    async def show(self, value: object) -> None:
        """Fetch what is below the value of the one root field, and render it, in the context that is open."""
        (step,) = self.execution.program.root.steps
        fetching = BatchFetcher(self.execution)
        self._place(step, value, fetching)
        await fetching.run()
        await self._render([step])

    def _place(self, step: FieldPlan, value: object, fetching: BatchFetcher) -> None:
        self.execution.values_of(step)[None] = value
        fetching.below(step, [value], [(None, step.name)])

    async def _render(self, steps: list[FieldPlan]) -> None:
        for step in steps:
            if self.data is None:
                return
            try:
                self.data[step.name] = await self.execution.render_root(step)
            except NullPropagation as nulled:
                self.execution.errors.add(nulled.error, None)
                self.data = None

    async def _mutation(self, step: FieldPlan, *, is_first: bool) -> None:
        fetching = BatchFetcher(self.execution)
        value: Any = None
        try:
            value = await self._resolved(step, fetching, is_last_try=False)
        except RefusalError as refusal:
            value = refusal.payload
        except RequestRefusedError as error:
            if is_first:
                raise
            value = error
        except Exception as error:  # any error of a resolver, or of its commit, is that field's error
            value = error
        self._place(step, value, fetching)
        fetching.settle_known()
        if fetching.is_done:
            await self._render([step])
        else:
            await self._payload(step, fetching)

    async def _resolved(self, step: FieldPlan, fetching: BatchFetcher, *, is_last_try: bool) -> object:
        try:
            async with self.context(self.request, self._operation(step, is_read_only=False)) as context:
                self.execution.context = context
                value = await fetching.resolve(step, self.execution.root_value, None)
                _raise_exception(value)
                return value
        except RefusalError as refusal:
            if is_last_try or not refusal.is_transient:
                raise
        return await self._resolved(step, fetching, is_last_try=True)

    async def _payload(self, step: FieldPlan, fetching: BatchFetcher) -> None:
        try:
            async with self.context(self.request, self._operation(step, is_read_only=True)) as context:
                self.execution.context = context
                await fetching.run()
                await self._render([step])
        except Exception as error:  # the mutation has been committed: its answer must still be given
            if fetching.is_done:
                position = Path(None, step.name, None)
                located = located_error(error, to_nodes(step.details), [step.name])
                self.execution.errors.add(located, position)
            else:
                fetching.fail(error)
                await self._render([step])

    def _operation(self, step: FieldPlan, *, is_read_only: bool) -> Operation:
        return self.operation(step.field_name, is_read_only=is_read_only)

    def operation(self, field: str | None, *, is_read_only: bool, is_single: bool = False) -> Operation:
        """Return what a context is opened for now."""
        is_first, self.is_begun = not self.is_begun, True
        plan = self.plan
        return Operation(
            plan.kind, plan.name, is_read_only, field, self.cost, is_single, is_first=is_first, headers=self.headers
        )


def _raise_exception(value: object) -> None:
    """Raise a value that is one: a mutation's context must be left by exception for the host to roll back."""
    if isinstance(value, Exception):
        raise value
