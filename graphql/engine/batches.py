"""The batch fields of one level: which parents go together, and the one call that answers them all."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass, field
from inspect import iscoroutine
from typing import TYPE_CHECKING, Any

from graphql import GraphQLObjectType, GraphQLResolveInfo, get_named_type
from graphql.execution.collect_fields import FieldDetails
from graphql.pyutils import Path
from strawberry.types.arguments import convert_arguments

from wardship.graphql.engine.errors import BatchLengthError
from wardship.graphql.engine.fields import BatchField, BatchInfo
from wardship.graphql.engine.selection import Selection
from wardship.graphql.engine.steps import Step

if TYPE_CHECKING:
    from wardship.graphql.engine.executor import BatchExecutor


@dataclass(slots=True, eq=False)
class Pending:
    """A field of one parent whose value is still to come, and the place that waits for it.

    Attributes:
        target: the object of the result that the field belongs to; the key is the step's name.
        slot: the nearest nullable position above the field; None is the whole of ``data``.
        awaitable: the value itself, when a resolver that is no batch field gave a coroutine.
    """

    step: Step
    parent_type: GraphQLObjectType
    source: Any
    path: Path
    target: dict[str, Any]
    slot: Path | None
    info: GraphQLResolveInfo[Any]
    awaitable: Awaitable[Any] | None = None

    def drop(self) -> None:
        """Give the value up, so that no coroutine is left unawaited."""
        if iscoroutine(self.awaitable):
            self.awaitable.close()


@dataclass(slots=True, eq=False)
class Batch:
    """The pending fields that one call answers: same field, same arguments."""

    pending: list[Pending] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


def batches_of(executor: BatchExecutor, level: Iterable[Pending]) -> Iterable[Batch]:
    """Group a level's pending fields, in the order in which they were met.

    The same field with the same arguments is one batch, wherever in the query it stands.
    """
    batches: dict[Any, Batch] = {}
    keys: dict[int, Any] = {}
    for pending in level:
        step = pending.step
        if step.batch is None:
            key: Any = id(pending)
        else:
            key = keys.get(id(step))
            if key is None:
                key = keys[id(step)] = _key(executor, step)
        batch = batches.setdefault(key, Batch())
        batch.pending.append(pending)
        if step not in batch.steps:
            batch.steps.append(step)
    return batches.values()


def _key(executor: BatchExecutor, step: Step) -> Any:  # noqa: ANN401 (any hashable)
    try:
        key = (id(step.batch), _frozen(executor.arguments(step)))
        hash(key)
    except Exception:  # noqa: BLE001 (arguments that can't be coerced or compared stay a batch of their own)
        return id(step)
    return key


def _frozen(value: Any) -> Any:  # noqa: ANN401 (any coerced argument)
    if isinstance(value, dict):
        return tuple((name, _frozen(item)) for name, item in sorted(value.items()))
    if isinstance(value, list):
        return (list, *map(_frozen, value))
    return type(value), value


async def call_batch(executor: BatchExecutor, batch: Batch, alive: Sequence[Pending]) -> Sequence[Any]:
    """Return one value or exception per pending field; an error of the call is everyone's."""
    first = alive[0]
    try:
        if first.awaitable is not None:
            return [await first.awaitable]
        parents = {id(pending.source): pending.source for pending in alive}
        results = await _results(executor, batch, list(parents.values()))
    except Exception as error:  # noqa: BLE001 (any error of a resolver is its fields' error)
        return [error] * len(alive)
    by_parent = dict(zip(parents, results, strict=True))
    return [by_parent[id(pending.source)] for pending in alive]


async def _results(executor: BatchExecutor, batch: Batch, parents: list[Any]) -> Sequence[Any]:
    first = batch.pending[0]
    declared = first.step.batch
    if declared is None:
        raise TypeError(f"{first.step.field_name} is no batch field.")
    details: list[FieldDetails] = [one for step in batch.steps for one in step.details]
    selection = Selection(executor.source, get_named_type(first.step.definition.type), details)
    info = BatchInfo(executor.context_value, selection, first.step.field_name, first.parent_type.name)
    results = await declared.batch(parents, info, _python_arguments(executor, declared, first.step))
    if len(results) != len(parents):
        name = f"{first.parent_type.name}.{first.step.field_name}"
        raise BatchLengthError(f"{name} answered {len(results)} results for {len(parents)} parents.")
    return results


def _python_arguments(executor: BatchExecutor, declared: BatchField, step: Step) -> dict[str, Any]:
    strawberry_schema: Any = executor.schema._strawberry_schema  # type: ignore[attr-defined]  # noqa: SLF001 (Strawberry leaves itself there)
    return convert_arguments(
        executor.arguments(step),
        declared.arguments,
        scalar_registry=strawberry_schema.schema_converter.scalar_registry,
        config=strawberry_schema.config,
    )
