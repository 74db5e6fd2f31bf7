"""Breadth-first fetching: level by level, each relation once for all its objects, one after the other.

What has to be fetched below a value is found by walking its plain fields, all objects of a selection set at a time.
When nothing is left to fetch, the answer can be rendered without waiting for anything.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any

from graphql import GraphQLError, GraphQLObjectType, is_object_type
from graphql import is_non_null_type as is_non_null
from graphql.pyutils import Path, is_iterable

from wardship.graphql.engine.errors import BatchLengthError
from wardship.graphql.engine.execution.calls import python_arguments, resolver_call
from wardship.graphql.engine.execution.execution import Execution
from wardship.graphql.engine.execution.fallback import Place
from wardship.graphql.engine.planning.field_plans import FieldPlan, Kind, SelectionPlan
from wardship.graphql.engine.schema.backing import is_connection, is_edge
from wardship.graphql.engine.schema.connections import Connection
from wardship.graphql.engine.schema.fields import BatchField, BatchInfo

Places = list[Place] | None
"""The paths of some objects, in their order; None where nobody will ask."""


@dataclass(frozen=True, slots=True, eq=False)
class PendingField:
    """A field that has to be fetched, for all objects of one selection set that were met on a level."""

    step: FieldPlan
    objects: list[Any]
    places: Places


@dataclass(slots=True, eq=False)
class Batch:
    """What one call answers: the same batch field with the same arguments, wherever in the query it stands."""

    pending: list[PendingField] = field(default_factory=list)

    @property
    def steps(self) -> list[FieldPlan]:
        """The steps that the call is for, each once."""
        return list({one.step.number: one.step for one in self.pending}.values())


class BatchFetcher:
    """Fetches what an execution needs."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._node = execution.program.node
        self._queue: list[PendingField] = []

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to fetch."""
        return not self._queue

    def below(self, step: FieldPlan, values: Iterable[Any], places: Places) -> None:
        """Queue what has to be fetched below some values of a field.

        Args:
            step: the field.
            values: its values; nulls and errors among them have nothing below.
            places: the paths of the values.
        """
        if not step.has_fetches_below:
            return
        if not self._execution.program.has_resolvers:
            places = None
        flat, places = _flat(step, values, places)
        if is_object_type(step.named) and (step.named.is_type_of is None or step.classes.issuperset(map(type, flat))):
            self._inside(self._node(step, step.named), flat, places)
            return
        for type_, objects, theirs in self._by_type(step, flat, places):
            with suppress(GraphQLError):  # a directive that can't be evaluated, which graphql-core will say
                self._inside(self._node(step, type_), objects, theirs)

    async def run(self) -> None:
        """Fetch until nothing is left."""
        while self._queue:
            level, self._queue = self._queue, []
            for batch in self._batches(level):
                await self._fetch(batch)

    def fail(self, error: Exception) -> None:
        """Give everything that is queued the same error."""
        level, self._queue = self._queue, []
        for one in level:
            values = self._execution.values_of(one.step)
            for key in _keys(one):
                values[key] = error

    def settle_known(self) -> None:
        """Answer what parents hold already, so that nobody has to be asked."""
        queue, self._queue = self._queue, []
        for one in queue:
            known = one.step.declared.known if one.step.kind is Kind.BATCH else None
            values = [None if known is None else _known(known, parent) for parent in one.objects]
            if any(value is None for value in values):
                self._queue.append(one)
                continue
            self._keep(one, dict(zip(map(id, one.objects), values, strict=True)))

    def _inside(self, node: SelectionPlan, objects: list[Any], places: Places) -> None:
        if not objects:
            return
        self._execution.alive.append(objects)
        for step in node.fetched:
            self._execution.values_of(step)
            self._queue.append(self._pending(node, step, objects, places))
        for step in node.with_fetches_below:
            if is_connection(node.type) and is_edge(step.named):
                self._through_edges(step, objects, places)
            else:
                known = self._execution.values_of(step)
                values = [_once(known, step, one) for one in objects]
                self.below(step, values, _under(places, step.name))

    def _pending(self, node: SelectionPlan, step: FieldPlan, objects: list[Any], places: Places) -> PendingField:
        """Leave out objects that one of their own plain fields nulls before the resolver's turn, as in graphql-core.

        A resolver that waits is left out wherever that field stands: it might wait for ever.
        """
        if step.kind is Kind.BATCH or is_non_null(step.definition.type) or places is None:
            return PendingField(step, objects, places)
        is_awaited = step.declared is not None and step.declared.is_async
        asked = node.steps if is_awaited else node.steps[: node.steps.index(step)]
        needed = [one for one in asked if one.kind is Kind.PLAIN and is_non_null(one.definition.type)]
        is_kept = [not any(_is_missing(_read(one, source)) for one in needed) for source in objects]
        values = self._execution.values_of(step)
        values.update((place, None) for place, kept in zip(places, is_kept, strict=True) if not kept)
        return PendingField(
            step,
            [one for one, kept in zip(objects, is_kept, strict=True) if kept],
            [one for one, kept in zip(places, is_kept, strict=True) if kept],
        )

    def _through_edges(self, edges: FieldPlan, connections: list[Any], places: Places) -> None:
        """Go from connections to their nodes, without making an edge."""
        sound = [isinstance(one, Connection) for one in connections]
        nodes = [node for one, kept in zip(connections, sound, strict=True) if kept for node in one.nodes]
        at: Places = None
        if places is not None:
            at = [
                ((place, edges.name), index)
                for one, place, kept in zip(connections, places, sound, strict=True)
                if kept
                for index in range(len(one.nodes))
            ]
        for step in self._node(edges, edges.object_type).with_fetches_below:
            self.below(step, nodes, _under(at, step.name))

    def _by_type(
        self, step: FieldPlan, values: Sequence[Any], places: Places
    ) -> Iterable[tuple[GraphQLObjectType, list[Any], Places]]:
        found: dict[GraphQLObjectType, tuple[list[Any], list[Place]]] = {}
        for index, value in enumerate(values):
            path = Path(None, step.name, None)
            type_ = self._execution.type_of(step, value, path)
            if type_ is not None:
                objects, theirs = found.setdefault(type_, ([], []))
                objects.append(value)
                theirs.append(None if places is None else places[index])
        for type_, (objects, theirs) in found.items():
            yield type_, objects, None if places is None else theirs

    def _batches(self, level: list[PendingField]) -> Iterable[Batch]:
        batches: dict[Any, Batch] = {}
        for one in level:
            batches.setdefault(self._key(one), Batch()).pending.append(one)
        return batches.values()

    def _key(self, pending: PendingField) -> object:
        step = pending.step
        if step.kind is not Kind.BATCH:
            return id(pending)
        if step.key is not None:
            return step.key
        try:
            key = (id(step.declared), _frozen(self._execution.arguments(step)))
            hash(key)
        except Exception:  # arguments that can't be coerced or compared stay a batch of their own
            key = (id(step), None)
        if step.is_constant:
            step.key = key
        return key

    async def _fetch(self, batch: Batch) -> None:
        first = batch.pending[0]
        if first.step.kind is Kind.RESOLVED:
            values: dict[Any, Any] = await self._resolved(first)
        else:
            self._execution.batch_calls += 1
            parents = {id(parent): parent for one in batch.pending for parent in one.objects}
            values = await self._called(batch, parents)
        for one in batch.pending:
            self._keep(one, values)

    def _keep(self, pending: PendingField, values: Mapping[Any, Any]) -> None:
        kept = self._execution.values_of(pending.step)
        keys = list(_keys(pending))
        kept.update(values if len(values) == len(keys) else {key: values[key] for key in keys})
        if pending.step.has_fetches_below:
            self.below(pending.step, [values[key] for key in keys], _under(pending.places, pending.step.name))

    async def _called(self, batch: Batch, parents: dict[int, Any]) -> dict[int, Any]:
        """Return one value or exception per parent; an error of the call is everyone's."""
        try:
            results = await self._results(batch, list(parents.values()))
        except Exception as error:  # any error of a resolver is its fields' error
            return dict.fromkeys(parents, error)
        if lists := len(batch.pending[0].step.types) - 1:
            results = [_listed(one, lists) for one in results]
        return dict(zip(parents, results, strict=True))

    async def _results(self, batch: Batch, parents: list[Any]) -> Sequence[Any]:
        step = batch.pending[0].step
        declared: BatchField = step.declared
        selection = self._execution.program.selection(batch.steps)
        info = BatchInfo(self._execution.context, selection, step.field_name, step.parent_type.name)
        results = await declared.batch(parents, info, python_arguments(self._execution, step))
        if len(results) != len(parents):
            name = f"{step.parent_type.name}.{step.field_name}"
            raise BatchLengthError(f"{name} answered {len(results)} results for {len(parents)} parents.")
        return results

    async def _resolved(self, pending: PendingField) -> dict[Any, Any]:
        return {
            place: await self.resolve(pending.step, source, place)
            for source, place in zip(pending.objects, _keys(pending), strict=True)
        }

    async def resolve(self, step: FieldPlan, source: object, place: Place) -> object:
        """Return what a field's resolver gives for one object, awaited; an exception is returned, not raised.

        Args:
            step: the field.
            source: the object; the root value for a root field.
            place: the object's path.
        """
        try:
            value = resolver_call(self._execution, step)(self._execution, step, source, place)
            return await _settled(value, step)
        except Exception as error:  # any error of a resolver is that field's error
            return error


async def _settled(value: object, step: FieldPlan) -> object:
    """Await a value, and what is to be awaited in a list."""
    if isawaitable(value):
        value = await value
    if len(step.types) == 1:  # no list
        return value
    if isinstance(value, AsyncIterable):
        return [await _item(one) async for one in value]
    if isinstance(value, list | tuple) and any(map(isawaitable, value)):
        return [await _item(one) for one in value]
    return _listed(value, len(step.types) - 1)


async def _item(value: object) -> object:
    try:
        return await value if isawaitable(value) else value
    except Exception as error:  # any error of an item is its own
        return error


def _flat(step: FieldPlan, values: Iterable[Any], places: Places) -> tuple[list[Any], Places]:
    """Take the items out of lists, as deep as the field's type nests them, and leave out what has nothing below."""
    for _ in step.types[1:]:
        lists = [one if isinstance(one, list | tuple) else () for one in values]
        if places is not None:
            places = [(place, index) for one, place in zip(lists, places, strict=True) for index in range(len(one))]
        values = [item for one in lists for item in one]
    values = list(values)
    if step.classes.issuperset(map(type, values)):
        return values, places
    kept = [not _is_missing(one) for one in values]
    if places is not None:
        places = [one for one, is_kept in zip(places, kept, strict=True) if is_kept]
    return [one for one, is_kept in zip(values, kept, strict=True) if is_kept], places


def _under(places: Places, name: str) -> Places:
    return None if places is None else [(place, name) for place in places]


def _keys(pending: PendingField) -> Iterable[Any]:
    if pending.step.kind is Kind.BATCH:
        return map(id, pending.objects)
    return [None] if pending.places is None else pending.places


def _known(known: Callable[[Any], Any], parent: object) -> object:
    try:
        return known(parent)
    except Exception as error:  # any error of what the host wrote is that field's error
        return error


def _once(known: dict[int, Any], step: FieldPlan, source: object) -> object:
    """Return the value of a plain field, read when it is first asked for."""
    key = id(source)
    if key not in known:
        known[key] = _listed(_read(step, source), len(step.types) - 1)
    return known[key]


def _read(step: FieldPlan, source: object) -> object:
    """Return the value of a plain field; an exception where it can't be read."""
    try:
        return step.read(source) if step.read else None
    except Exception as error:  # any error of a property is that field's error
        return error


def _is_missing(value: object) -> bool:
    return value is None or isinstance(value, Exception)


def _listed(value: object, depth: int) -> object:
    """Make lists, nested as deep as said, of whatever can be gone through once only, or isn't kept in order."""
    if depth == 0 or _is_missing(value) or not is_iterable(value):
        return value
    try:
        if type(value) is not list and type(value) is not tuple:
            value = list(value)
        return value if depth == 1 else [_listed(item, depth - 1) for item in value]
    except Exception as error:  # any error of a generator is its field's error
        return error


def _frozen(value: object) -> object:
    if isinstance(value, Mapping):
        return tuple((name, _frozen(item)) for name, item in sorted(value.items()))
    if isinstance(value, list):
        return (list, *map(_frozen, value))
    return type(value), value, repr(value)  # what is equal may differ: 0.0 and -0.0, an hour in two time zones
