"""An operation as it is run: a tree of plans for its selection sets, each on one type, and for their fields.

In the code a *node* is a ``SelectionPlan``, and a *step* a ``FieldPlan``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from operator import attrgetter
from typing import Any, cast

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
    get_nullable_type,
    is_introspection_type,
    is_leaf_type,
    is_list_type,
)
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from graphql.language import ListValueNode, ObjectValueNode, ValueNode, VariableNode

from wardship.graphql.engine.schema.backing import classes_of
from wardship.graphql.engine.schema.fields import BatchField, SourceField
from wardship.graphql.engine.schema.selection import Selection
from wardship.graphql.engine.schema.strawberry_access import BACKREF


class Kind(Enum):
    """Where the value of a field comes from."""

    TYPENAME = auto()
    """The name of the object's type."""
    PLAIN = auto()
    """An attribute of the object, read when the answer is rendered."""
    BATCH = auto()
    """A batch field, fetched for all objects of a level at once."""
    RESOLVED = auto()
    """A resolver, called once for each object before the answer is rendered."""


class PlannedNodes(list[FieldNode]):
    """The syntax nodes of a field, which lead its resolver to what was worked out with the plan."""

    selection: Selection


@dataclass(slots=True, eq=False)
class SelectionPlan:
    """A selection set on one object type.

    Attributes:
        number: its place among the nodes of the program.
        grouped: the field nodes by response key, as graphql-core collected them.
        steps: its fields, in the order of the answer; those that the type lacks are left out.
    """

    number: int
    type: GraphQLObjectType
    grouped: GroupedFieldSet
    steps: list[FieldPlan] = field(default_factory=list)

    @property
    def fetched(self) -> list[FieldPlan]:
        """The fields that have to be fetched before the answer is rendered."""
        return [step for step in self.steps if step.is_fetched]

    @property
    def with_fetches_below(self) -> list[FieldPlan]:
        """The plain fields with something to fetch below them."""
        return [step for step in self.steps if step.kind is Kind.PLAIN and step.has_fetches_below]


@dataclass(slots=True, eq=False)
class FieldPlan:
    """One field of a selection set.

    Attributes:
        number: its place among the steps of the program.
        name: the response key.
        field_name: the GraphQL name.
        details: the field nodes that share the key.
        definition: the field in the schema.
        read: reads the value of a plain field off its object.
        attribute: the attribute that it reads, or a dotted path of them.
        convert: what the value is passed through, unless it is None.
        types: the field's type, then what each list in it is a list of.
        has_fetches_below: whether something below it may have to be fetched; known once its nodes are made.
        nodes: the selection set on each object type, made when first needed.
        syntax: the field nodes, as resolvers see them.
        is_faulty: whether a directive below it can't be evaluated, which graphql-core will say.
        is_fetched: whether the value is fetched before the answer is rendered.
        is_constant: whether its arguments read no variable.
        named: the field's type without lists and non-nulls.
        coerce: makes the answer's value where that type is a scalar or an enum.
        classes: the Python classes whose instances are of that type for certain.
        arguments: those of a constant field as its resolver gets them, once known and if nothing can change them.
        call: calls the resolver, once it is known how.
        key: what tells a constant batch field with its arguments from others, once known.
        above: the field whose selection set it stands in; None at the root.
    """

    number: int
    name: str
    field_name: str
    details: FieldDetailsList
    definition: GraphQLField
    parent_type: GraphQLObjectType
    kind: Kind
    declared: Any
    read: Callable[[Any], Any] | None = None
    attribute: str = ""
    convert: Callable[[Any], Any] | None = None
    types: list[GraphQLOutputType] = field(default_factory=list)
    has_fetches_below: bool = False
    nodes: dict[GraphQLObjectType, SelectionPlan] = field(default_factory=dict)
    syntax: PlannedNodes = field(default_factory=PlannedNodes)
    is_faulty: bool = False
    is_fetched: bool = False
    is_constant: bool = False
    named: GraphQLNamedType = field(init=False)
    coerce: Callable[[Any], Any] = field(init=False)
    classes: frozenset[type] = frozenset()
    arguments: dict[str, Any] | None = None
    call: Callable[..., Any] | None = None
    key: Any = None
    above: FieldPlan | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the value of a plain field is kept when it is first read: read again, it might be another object."""
        return self.kind is Kind.PLAIN and self.has_fetches_below

    @property
    def is_meta(self) -> bool:
        """Whether the field is about the schema rather than the data."""
        return self.field_name.startswith("__")

    @property
    def is_introspection(self) -> bool:
        """Whether what is below the field is about the schema, which graphql-core tells."""
        return is_introspection_type(self.named)

    @property
    def object_type(self) -> GraphQLObjectType:
        """The field's type where it is an object type, as the caller knows."""
        return cast("GraphQLObjectType", self.named)

    @property
    def is_leaf(self) -> bool:
        """Whether the field has no selection set."""
        return is_leaf_type(self.named)


def step_of(
    number: int, name: str, details: FieldDetailsList, definition: GraphQLField, parent_type: GraphQLObjectType
) -> FieldPlan:
    """Return how a field is run."""
    declared = definition.extensions.get(BACKREF)
    field_name = details[0].node.name.value if details else name
    step = FieldPlan(number, name, field_name, details, definition, parent_type, Kind.RESOLVED, declared)
    step.named = get_named_type(definition.type)
    if is_leaf_type(step.named):
        step.coerce = step.named.coerce_output_value
    step.classes = frozenset(classes_of(step.named)) if isinstance(step.named, GraphQLObjectType) else frozenset()
    step.is_constant = not any(_reads_a_variable(one.value) for each in details for one in each.node.arguments or ())
    step.syntax.extend(one.node for one in details)
    step.types = list(_layers(definition.type))
    if field_name == "__typename":
        step.kind = Kind.TYPENAME
    elif isinstance(declared, BatchField):
        step.kind = Kind.BATCH
    elif isinstance(declared, SourceField):
        step.kind, step.attribute, step.convert = Kind.PLAIN, declared.source, declared.convert
        step.read = lambda source: declared.get_result(source, None, [], {})
    elif declared is not None and declared.is_basic_field and declared.default_resolver is getattr:
        step.kind, step.attribute = Kind.PLAIN, declared.python_name
        step.read = attrgetter(declared.python_name)
    step.is_fetched = step.kind in {Kind.BATCH, Kind.RESOLVED}
    return step


def _reads_a_variable(value: ValueNode) -> bool:
    if isinstance(value, ListValueNode):
        return any(map(_reads_a_variable, value.values))
    if isinstance(value, ObjectValueNode):
        return any(_reads_a_variable(one.value) for one in value.fields)
    return isinstance(value, VariableNode)


def _layers(type_: GraphQLOutputType) -> list[GraphQLOutputType]:
    layers, inner = [type_], get_nullable_type(type_)
    while is_list_type(inner):
        layers.append(inner.of_type)
        inner = get_nullable_type(inner.of_type)
    return layers
