"""What a query selects under a field, by Python names, so that a resolver fetches only that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields
from graphql.execution.values import VariableValues
from graphql.language import FieldNode, FragmentDefinitionNode, OperationDefinitionNode
from strawberry.types import Info

from wardship.graphql.engine.schema.strawberry_access import python_name, raw_info_of


class Selection:
    """The selected sub-fields of one field, over every type that it may return; looked up when asked for.

    Fragments count by their type, and ``@include`` and ``@skip`` by the variables of the request.
    """

    __slots__ = ("_below", "_children", "_details", "_names", "_source", "_type")

    def __init__(self, source: SelectionSource, type_: GraphQLNamedType, details: list[FieldDetails]) -> None:
        self._source = source
        self._type = type_
        self._details = details
        self._children: dict[str, tuple[GraphQLNamedType, list[FieldDetails]]] | None = None
        self._below: dict[str, Selection] = {}
        self._names: frozenset[str] | None = None

    def has(self, path: str) -> bool:
        """Return whether a field is selected, named by its Python name or a dotted path (``edges.node.name``)."""
        *parents, name = path.split(".")
        below = self.at(".".join(parents))
        return name in below.selected()

    def fields(self, path: str = "") -> frozenset[str]:
        """Return the Python names of the fields selected here, or at a dotted path below; empty when none is."""
        return self.at(path).names

    @property
    def names(self) -> frozenset[str]:
        """The Python names of the fields selected here."""
        if self._names is None:
            self._names = frozenset(self.selected())
        return self._names

    def at(self, path: str) -> Selection:
        """Return the selection at a dotted path below; an empty one when the path isn't selected."""
        if not path:
            return self
        found = self._below.get(path)
        if found is None:
            found = self
            for name in path.split("."):
                type_, details = found.selected().get(name, (found._type, []))
                found = Selection(self._source, type_, details)
            self._below[path] = found
        return found

    def selected(self) -> Mapping[str, tuple[GraphQLNamedType, list[FieldDetails]]]:
        """Return the type and the field nodes of each field selected here, by Python name."""
        if self._children is None:
            children: dict[str, tuple[GraphQLNamedType, list[FieldDetails]]] = {}
            for type_ in self._source.object_types(self._type):
                self._collect(type_, children)
            self._children = children  # only now, since a directive that can't be evaluated raises whenever it is met
        return self._children

    def _collect(self, type_: GraphQLObjectType, into: dict[str, tuple[GraphQLNamedType, list[FieldDetails]]]) -> None:
        for details in self._source.subfields(type_, self._details):
            field = self._source.schema.get_field(type_, details[0].node.name.value)
            if field is not None:
                name = python_name(details[0].node.name.value, field.extensions)
                into.setdefault(name, (get_named_type(field.type), []))[1].extend(details)


class SelectionSource:
    """The operation, fragments and variables that selections are read from."""

    __slots__ = ("fragments", "operation", "schema", "variables")

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDetails],
        variables: VariableValues,
    ) -> None:
        self.schema = schema
        self.operation = operation
        self.fragments = dict(fragments)
        self.variables = variables

    def object_types(self, type_: GraphQLNamedType) -> Iterable[GraphQLObjectType]:
        """Return the object types that a value of a type may have; none for a leaf."""
        if is_object_type(type_):
            return (type_,)
        return self.schema.get_possible_types(type_) if is_abstract_type(type_) else ()

    def subfields(self, type_: GraphQLObjectType, details: list[FieldDetails]) -> Iterable[list[FieldDetails]]:
        """Return the sub-fields of some field nodes, grouped by response key."""
        collected = collect_subfields(self.schema, self.fragments, self.variables, self.operation, type_, details)
        return collected.grouped_field_set.values()


def selection_of(info: Info[Any, Any] | GraphQLResolveInfo[Any]) -> Selection:
    """Return what is selected under a root field, from the info that its resolver got."""
    raw = raw_info_of(info)
    planned: Selection | None = getattr(raw.field_nodes, "selection", None)
    if planned is not None:
        return planned
    fragments: Mapping[str, FragmentDefinitionNode] = raw.fragments
    source = SelectionSource(
        raw.schema,
        raw.operation,
        {name: FragmentDetails(definition) for name, definition in fragments.items()},
        raw.variable_values,
    )
    nodes: list[FieldNode] = raw.field_nodes
    return Selection(source, get_named_type(raw.return_type), [FieldDetails(node, None) for node in nodes])
