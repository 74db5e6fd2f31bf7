"""One operation's run: which context is open around which part of it.

A query runs in one context. Each mutation runs in a context of its own, which is left, so that the host commits, before
the payload is rendered: what the client reads of it has happened. Relations under the payload are read in another,
read-only context, so that an error there undoes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLObjectType
from graphql.error import located_error
from graphql.execution.executor import to_nodes
from graphql.pyutils import Path

from wardship.graphql.engine.errors import RefusalError, RequestRefusedError
from wardship.graphql.engine.executor import BatchExecutor
from wardship.graphql.engine.operations import ContextHook, Operation
from wardship.graphql.engine.plans import Plan
from wardship.graphql.engine.steps import Step


@dataclass(frozen=True, slots=True, eq=False)
class OperationRun:
    """Runs an operation once; the result is left in the executor."""

    executor: BatchExecutor
    context: ContextHook
    request: object
    plan: Plan
    cost: int

    async def run(self) -> None:
        """Run the operation.

        Raises:
            RequestRefusedError: the host's context refused before anything was executed.
            Exception: whatever else a query's context raises.
        """
        root_type, steps = self.executor.root_steps()
        if self.plan.kind != "mutation":
            await self._query(root_type, steps)
            return
        for position, step in enumerate(steps):
            if self.executor.data is None:
                return
            if step.is_meta:
                await self._root(root_type, step)
            else:
                await self._mutation(root_type, step, is_first=position == 0)

    async def _query(self, root_type: GraphQLObjectType, steps: list[Step]) -> None:
        executor = self.executor
        if all(step.is_meta for step in steps):
            await self._roots(root_type, steps)
            return
        async with self.context(self.request, self._operation(is_read_only=True, field=None)) as context:
            executor.context_value = context
            await self._roots(root_type, steps)
            await executor.drain()

    async def _roots(self, root_type: GraphQLObjectType, steps: list[Step]) -> None:
        for step in steps:
            await self._root(root_type, step)

    async def _root(self, root_type: GraphQLObjectType, step: Step) -> None:
        if self.executor.data is not None:
            self.executor.place_root(root_type, step, await self.executor.resolve_root(root_type, step))

    async def _mutation(self, root_type: GraphQLObjectType, step: Step, *, is_first: bool) -> None:
        executor = self.executor
        value: Any = None
        try:
            async with self.context(
                self.request, self._operation(is_read_only=False, field=step.field_name)
            ) as context:
                executor.context_value = context
                value = await executor.resolve_root(root_type, step)
                if isinstance(value, Exception):
                    raise value  # noqa: TRY301 (the context must be left by exception for the host to roll back)
        except RefusalError as refusal:
            value = refusal.payload
        except RequestRefusedError as error:
            if is_first:
                raise
            value = error
        except Exception as error:  # noqa: BLE001 (any error of a resolver, or of its commit, is that field's error)
            value = error
        executor.place_root(root_type, step, value)
        if executor.pending:
            await self._payload(step)

    async def _payload(self, step: Step) -> None:
        executor = self.executor
        try:
            async with self.context(self.request, self._operation(is_read_only=True, field=step.field_name)) as context:
                executor.context_value = context
                await executor.drain()
        except Exception as error:  # noqa: BLE001 (the mutation has been committed: its answer must still be given)
            if executor.pending:
                executor.fail_pending(error)
            else:
                position = Path(None, step.name, None)
                executor.collected_errors.add(located_error(error, to_nodes(step.details), [step.name]), position)

    def _operation(self, *, is_read_only: bool, field: str | None) -> Operation:
        return Operation(self.plan.kind, self.plan.name, is_read_only, field, self.cost)
