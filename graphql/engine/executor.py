"""Breadth-first execution: graphql-core's executor, with batch fields put off until their level is complete.

The executor walks the result synchronously, as graphql-core does. Where it meets a batch field it leaves a place free
in the result and queues the parent. When the walk is done, each queued field is called once for all its parents, the
answers are completed in their places (which may queue the next level), and so on until nothing is queued. Errors and
nulls go where the specification says: every queued field knows the nearest nullable position above it.
"""

from __future__ import annotations

from collections.abc import Iterable
from inspect import isawaitable
from typing import Any, TypeAlias, TypeGuard

from graphql import GraphQLError, GraphQLLeafType, GraphQLObjectType, GraphQLOutputType, GraphQLResolveInfo
from graphql import is_non_null_type as is_non_null
from graphql.error import located_error
from graphql.execution.collect_fields import DeferUsage, FieldDetailsList, GroupedFieldSet, collect_fields
from graphql.execution.executor import Executor, to_nodes
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path

from wardship.graphql.engine.batches import Batch, Pending, batches_of, call_batch
from wardship.graphql.engine.errors import SerialisationError
from wardship.graphql.engine.selection import SelectionSource
from wardship.graphql.engine.steps import Step, steps_of

Slot: TypeAlias = Path | None
"""The nearest position that may be null; None stands for the whole of ``data``."""


def never(_value: object) -> TypeGuard[Any]:
    """Say that nothing is awaitable: what is, the executor queues itself."""
    return False


class BatchExecutor(Executor[Any]):
    """Executes one operation; see the module for how."""

    pending: list[Pending]
    data: dict[str, Any] | None
    batch_calls: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (graphql-core's own twenty parameters)
        super().__init__(*args, **kwargs)
        self.pending = []
        self.data = {}
        self.batch_calls = 0
        self.source = SelectionSource(self.schema, self.operation, self.fragments, self.variable_values)
        self._steps: dict[int, tuple[GroupedFieldSet, list[Step]]] = {}

    def root_steps(self) -> tuple[GraphQLObjectType, list[Step]]:
        """Return the operation's root type and root fields, in the order of the result."""
        root_type = self.schema.get_root_type(self.operation.operation)
        if root_type is None:
            raise GraphQLError(f"This API has no {self.operation.operation.value} operations.", self.operation)
        collected = collect_fields(
            self.schema, self.fragments, self.variable_values, root_type, self.operation, self.hide_suggestions
        )
        return root_type, self.steps(root_type, collected.grouped_field_set)

    async def resolve_root(self, root_type: GraphQLObjectType, step: Step) -> Any:  # noqa: ANN401 (a resolver's value)
        """Return the value of a root field's resolver, awaited; an exception is returned, not raised."""
        try:
            value = self._resolve(step, root_type, self.root_value, Path(None, step.name, root_type.name))[1]
            return await value if isawaitable(value) else value
        except Exception as error:  # noqa: BLE001 (any error of a resolver is that field's error)
            return error

    def place_root(self, root_type: GraphQLObjectType, step: Step, value: Any) -> None:  # noqa: ANN401 (a resolver's value)
        """Complete a root field's value into the result; queue the batch fields under it."""
        if self.data is None:
            return
        self.data[step.name] = None
        path = Path(None, step.name, root_type.name)
        info = self.build_resolve_info(step.definition, to_nodes(step.details), root_type, path)
        self.settle(Pending(step, root_type, self.root_value, path, self.data, None, info), value)

    async def drain(self) -> None:
        """Run the queued fields, level by level, one after the other, until none is left."""
        while self.pending and self.data is not None:
            level, self.pending = self.pending, []
            try:
                for batch in batches_of(self, level):
                    await self._run(batch)
            except BaseException:  # cut off by the time limit: `abandon` drops what was left
                self.pending = [*level, *self.pending]
                raise

    def abandon(self) -> None:
        """Drop what is still queued, so that no coroutine is left unawaited."""
        for pending in self.pending:
            pending.drop()
        self.pending = []

    def fail_pending(self, error: Exception) -> None:
        """Give every queued field the same error."""
        level, self.pending = self.pending, []
        for pending in level:
            self.settle(pending, error)

    async def _run(self, batch: Batch) -> None:
        alive = [one for one in batch.pending if not self.is_nulled(one)]
        for one in batch.pending if len(alive) < len(batch.pending) else ():
            if self.is_nulled(one):
                one.drop()
        if not alive:
            return
        self.batch_calls += 1
        values = await call_batch(self, batch, alive)
        for pending, value in zip(alive, values, strict=True):
            self.settle(pending, value)

    def is_nulled(self, pending: Pending) -> bool:
        """Return whether an error above a queued field has already nulled its place."""
        return self.data is None or self.collected_errors.has_nulled_position(pending.path)

    def settle(self, pending: Pending, value: Any) -> None:  # noqa: ANN401 (a resolver's value)
        """Complete a queued field's value into its place; an error goes where the specification says."""
        type_ = pending.step.definition.type
        slot = pending.slot if is_non_null(type_) else pending.path
        details = pending.step.details
        try:
            completed = self.complete_value(type_, details, pending.info, pending.path, value, slot)
        except Exception as error:  # noqa: BLE001 (any error of a resolver is that field's error)
            self._fail(located_error(error, to_nodes(details), pending.path.as_list()), slot)
        else:
            pending.target[pending.step.name] = completed

    def _fail(self, error: GraphQLError, slot: Slot) -> None:
        self.collected_errors.add(error, slot)
        if slot is None:
            self.data = None
            return
        *parents, last = slot.as_list()
        place: Any = self.data
        for key in parents:
            place = place[key] if place is not None else None
        if place is not None:
            place[last] = None

    def steps(self, type_: GraphQLObjectType, grouped: GroupedFieldSet) -> list[Step]:
        """Return how each field of a selection set is run; worked out once per request."""
        cached = self._steps.get(id(grouped))
        if cached is None:
            cached = self._steps[id(grouped)] = (grouped, steps_of(self.schema, type_, grouped))
        return cached[1]

    def execute_collected_subfields(  # noqa: PLR0913, PLR0917 (graphql-core's signature)
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,  # noqa: ANN401 (graphql-core's signature)
        path: Path,
        grouped_field_set: GroupedFieldSet,
        new_defer_usages: Iterable[DeferUsage],
        position_context: Slot,
    ) -> dict[str, Any]:
        """Execute the fields under an object, keeping the nearest nullable position."""
        del new_defer_usages
        return self.execute_fields(parent_type, source_value, path, grouped_field_set, position_context)

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,  # noqa: ANN401 (graphql-core's signature)
        path: Path | None,
        grouped_field_set: GroupedFieldSet,
        position_context: Slot,
    ) -> dict[str, Any]:
        """Execute the fields of one object: attributes at once, batch fields later."""
        results: dict[str, Any] = {}
        for step in self.steps(parent_type, grouped_field_set):
            name = step.name
            if step.is_typename:
                results[name] = parent_type.name
            elif step.leaf is None:
                self._place(
                    step, parent_type, source_value, Path(path, name, parent_type.name), results, position_context
                )
            else:
                try:
                    value = getattr(source_value, step.attribute)
                except Exception as error:  # noqa: BLE001 (any error of a property is that field's error)
                    value = error
                if value is None and step.is_nullable:
                    results[name] = None
                else:
                    results[name] = self._leaf(step, step.leaf, value, path, parent_type)
        return results

    def _leaf(
        self,
        step: Step,
        type_: GraphQLLeafType,
        value: Any,  # noqa: ANN401 (a resolver's value)
        path: Path | None,
        parent_type: GraphQLObjectType,
    ) -> Any:  # noqa: ANN401 (a JSON value)
        try:
            if isinstance(value, Exception):
                raise value  # noqa: TRY301 (an attribute that holds an error is that field's error)
            if value is None:
                raise TypeError(f"Cannot return null for non-nullable field {parent_type}.{step.field_name}.")  # noqa: TRY301 (as above)
            return self.complete_leaf_value(type_, value)
        except Exception as error:  # noqa: BLE001 (any error of a resolver is that field's error)
            position = Path(path, step.name, parent_type.name)
            self.handle_field_error(error, step.definition.type, step.details, position)
            return None

    def _place(  # noqa: PLR0913, PLR0917 (the position of a value, as graphql-core passes it)
        self,
        step: Step,
        parent_type: GraphQLObjectType,
        source: Any,  # noqa: ANN401 (a parent object of the host's)
        path: Path,
        results: dict[str, Any],
        slot: Slot,
    ) -> None:
        results[step.name] = None
        details = step.details
        return_type = step.definition.type
        try:
            if step.batch is not None:
                info = self.build_resolve_info(step.definition, to_nodes(details), parent_type, path)
                self.pending.append(Pending(step, parent_type, source, path, results, slot, info))
                return
            info, value = self._resolve(step, parent_type, source, path)
            if not step.attribute and isawaitable(value):
                self.pending.append(Pending(step, parent_type, source, path, results, slot, info, value))
                return
            inner = slot if is_non_null(return_type) else path
            results[step.name] = self.complete_value(return_type, details, info, path, value, inner)
        except Exception as error:  # noqa: BLE001 (any error of a resolver is that field's error)
            self.handle_field_error(error, return_type, details, path)

    def _resolve(
        self,
        step: Step,
        parent_type: GraphQLObjectType,
        source: Any,  # noqa: ANN401 (a parent object of the host's)
        path: Path,
    ) -> tuple[GraphQLResolveInfo[Any], Any]:
        info = self.build_resolve_info(step.definition, to_nodes(step.details), parent_type, path)
        if step.attribute:
            return info, getattr(source, step.attribute)
        resolver = step.definition.resolve or self.field_resolver
        return info, resolver(source, info, **self.arguments(step))

    def arguments(self, step: Step) -> dict[str, Any]:
        """Return the coerced arguments of a field, by GraphQL name; worked out once per request."""
        if step.arguments is None:
            first = step.details[0]
            step.arguments = get_argument_values(
                step.definition, first.node, self.variable_values, first.fragment_variable_values, self.hide_suggestions
            )
        return step.arguments

    def complete_list_item_value(  # noqa: PLR0913, PLR0917 (graphql-core's signature)
        self,
        item: Any,  # noqa: ANN401 (graphql-core's signature)
        complete_results: list[Any],
        item_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        item_path: Path,
        position_context: Slot,
    ) -> bool:
        """Complete a list's item; one that may be null is the nearest nullable position of what is below it."""
        slot = position_context if is_non_null(item_type) else item_path
        return super().complete_list_item_value(
            item, complete_results, item_type, field_details_list, info, item_path, slot
        )

    @staticmethod
    def complete_leaf_value(return_type: GraphQLLeafType, result: Any) -> Any:  # noqa: ANN401 (graphql-core's signature)
        """Serialise a leaf; one that can't be is our fault, not the client's, so its message is masked."""
        try:
            return Executor.complete_leaf_value(return_type, result)
        except GraphQLError as error:
            raise SerialisationError(error.message) from error
