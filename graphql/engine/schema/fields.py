"""How a type declares its fields to the engine: what each costs, and which are relations run in batches."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, Self, TypeAlias

import strawberry
from strawberry.types import Info
from strawberry.types.field import StrawberryField
from typing_extensions import TypeVar

from wardship.graphql.engine.errors import SchemaFaultError
from wardship.graphql.engine.schema.annotations import evaluated
from wardship.graphql.engine.schema.batch_resolver import BatchResolver
from wardship.graphql.engine.schema.selection import Selection, selection_of
from wardship.graphql.engine.schema.strawberry_access import raw_info_of

ContextT = TypeVar("ContextT", default=Any)
ResultT = TypeVar("ResultT")

BatchResult: TypeAlias = Sequence[ResultT | Exception]
"""One result or exception per parent, in the order of the parents."""

BatchFunction: TypeAlias = Callable[..., Awaitable[Sequence[Any]]]

COST = "wardship.graphql.engine.cost"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a field costs: ``base`` once per parent; ``size`` is the length assumed for a list that has no `first`."""

    base: int
    size: int | None = None


@dataclass(frozen=True, slots=True)
class BatchInfo(Generic[ContextT]):
    """What a batch resolver may know of the request.

    Attributes:
        context: whatever the host's context hook gave.
        selection: the selected sub-fields, by their Python names.
        field_name: the GraphQL name of the field.
        parent_type: the GraphQL name of the parents' type.
    """

    context: ContextT
    selection: Selection
    field_name: str
    parent_type: str


def cost_of(field: object) -> Cost | None:
    """Return the cost that a Strawberry field declares, if any."""
    declared = field.metadata.get(COST) if isinstance(field, StrawberryField) else None
    return declared if isinstance(declared, Cost) else None


class SourceField(StrawberryField):
    """A field that reads another attribute of its object, such as a column of the row that the object stands for."""

    source: str
    convert: Callable[[Any], Any] | None

    def __copy__(self) -> Self:
        return super().__copy__().reading(self.source, self.convert)

    def reading(self, source: str, convert: Callable[[Any], Any] | None) -> Self:
        """Say where the value comes from; the constructor of the type takes none."""
        if not all(name.isidentifier() for name in source.split(".")):
            raise SchemaFaultError(f"A source is an attribute or a dotted path of them, not {source!r}.")
        self.source, self.convert = source, convert
        self.init = self.repr = self.compare = False
        self._get = attrgetter(source)
        return self

    def get_result(self, source: object, info: object, args: list[Any], kwargs: dict[str, Any]) -> object:
        """Read the value: what plain Strawberry execution does with the field."""
        del info, args, kwargs
        value = self._get(source)
        return value if value is None or self.convert is None else self.convert(value)


def field(
    description: str,
    *,
    cost: int = 0,
    size: int | None = None,
    default: object = dataclasses.MISSING,
    default_factory: object = dataclasses.MISSING,
    graphql_type: object = None,
    source: str | None = None,
    convert: Callable[[Any], Any] | None = None,
) -> Any:  # noqa: ANN401 - the default of an annotated attribute, as of `strawberry.field`
    """Declare an attribute of a type as a field, with its cost; relations to fetch are batch fields instead.

    Args:
        description: what the schema says of it.
        cost: what one object's field costs.
        size: the length assumed for a list.
        default: of the attribute.
        default_factory: makes the default.
        graphql_type: the type, when the annotation doesn't say it.
        source: a dotted path of attributes to read instead of the one of the field's name (``row.created_at``); the
            constructor then has no such parameter.
        convert: a pure function from what the source holds to the field's value; not called for None.
    """
    if source is not None:
        return SourceField(description=description, metadata={COST: Cost(cost, size)}).reading(source, convert)
    return strawberry.field(
        description=description,
        default=default,
        default_factory=default_factory,
        graphql_type=graphql_type,
        metadata={COST: Cost(cost, size)},
    )


def summary_of(resolver: Callable[..., Any]) -> str | None:
    """Return the first paragraph of a resolver's docstring: the description of its field unless another is given."""
    return " ".join((inspect.getdoc(resolver) or "").partition("\n\n")[0].split()) or None


def root_field(
    *, cost: int, description: str | None = None, size: int | None = None
) -> Callable[[Callable[..., Any]], StrawberryField]:
    """Declare a query or mutation: decorates its resolver, which may be a coroutine function.

    Args:
        cost: what the field costs.
        description: what the schema says of it, when not what the docstring says first.
        size: the length assumed for a list that has no `first`.
    """

    def decorate(resolver: Callable[..., Any]) -> StrawberryField:
        text = description or summary_of(resolver)
        return StrawberryField(description=text, metadata={COST: Cost(cost, size)})(evaluated(resolver))

    return decorate


def subscription_field(*, cost: int, description: str | None = None) -> Callable[[Callable[..., Any]], StrawberryField]:
    """Declare a subscription: decorates ``async def changed(self, info, …) -> AsyncIterator[T]``.

    The resolver is called once, in a context: it checks who may subscribe to what, and returns an iterator of events
    that works without that context. Each event is executed in a context of its own. An event is the field's value, or a
    ``StateEvent`` that reads it then.

    Args:
        cost: what one event costs.
        description: what the schema says of the field, when not what the docstring says first.
    """

    def decorate(resolver: Callable[..., Any]) -> StrawberryField:
        text = description or summary_of(resolver)
        return StrawberryField(description=text, metadata={COST: Cost(cost)}, is_subscription=True)(evaluated(resolver))

    return decorate


def computed_field(*, cost: int, description: str | None = None) -> Callable[[Callable[..., Any]], StrawberryField]:
    """Declare a field that a synchronous method computes from the object's own attributes."""

    def decorate(resolver: Callable[..., Any]) -> StrawberryField:
        if inspect.iscoroutinefunction(resolver):
            raise SchemaFaultError(f"{resolver.__qualname__} is asynchronous: make it a batch_field.")
        return root_field(cost=cost, description=description)(resolver)

    return decorate


class BatchField(StrawberryField):
    """A relation, resolved once for all parents of a level.

    Attributes:
        known: gives the value where the parent holds it already, else None.
    """

    known: Callable[[Any], Any] | None = None

    def __copy__(self) -> Self:
        copied = super().__copy__()
        copied.known = self.known
        return copied

    async def batch(self, parents: Sequence[Any], info: BatchInfo[Any], arguments: Mapping[str, Any]) -> Sequence[Any]:
        """Return one result or exception per parent, in their order."""
        resolver = self.base_resolver
        if resolver is None:
            raise SchemaFaultError(f"The batch field {self.python_name!r} has no resolver.")
        function: Any = resolver.wrapped_func
        results: Sequence[Any] = await function(parents, info, **arguments)
        return results

    async def get_result(
        self, source: object, info: Info[Any, Any] | None, args: list[Any], kwargs: dict[str, Any]
    ) -> object:
        """Resolve for one parent: what plain Strawberry execution does with the field."""
        del args
        if info is None:
            raise SchemaFaultError(f"The batch field {self.python_name!r} needs its info.")
        batch_info = BatchInfo(info.context, selection_of(info), info.field_name, raw_info_of(info).parent_type.name)
        (result,) = await self.batch([source], batch_info, kwargs)
        return result

    @property
    def is_basic_field(self) -> bool:
        """Tell Strawberry that the field has a resolver."""
        return False


def batch_field(
    *,
    cost: int,
    description: str | None = None,
    size: int | None = None,
    known: Callable[[Any], Any] | None = None,
) -> Callable[[BatchFunction], Any]:
    """Declare a relation that is resolved once for all parents of a level.

    Decorates ``async def relation(parents, info, **arguments) -> Sequence[Element]``, written as a static method of
    the type. The field's type is the element type; arguments after the first two are the field's. The resolver answers
    with one result per parent, in their order; an exception among them is the error of that parent's field alone.

    Args:
        cost: what one parent costs.
        size: the length assumed for the list when the field has no `first` argument (10 when not said).
        description: what the schema says of the field, when not what the docstring says first.
        known: gives the value where a parent holds it already, else None. Under a mutation's payload no context is
            opened for what all parents know.
    """

    def decorate(function: BatchFunction) -> BatchField:
        relation = getattr(function, "__func__", function)
        declared = BatchField(description=description or summary_of(relation), metadata={COST: Cost(cost, size)})
        declared.known = known
        return declared(BatchResolver(evaluated(relation)))

    return decorate
