"""What an operation costs: an expression worked out once per document, evaluated with each request's variables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_interface_type,
    is_leaf_type,
    is_list_type,
    is_object_type,
)
from graphql.language import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

from wardship.graphql.engine.errors import LimitExceededError, PageSizeError
from wardship.graphql.engine.limits import Limits
from wardship.graphql.engine.schema.connections import PAGE_ARGUMENTS
from wardship.graphql.engine.schema.fields import Cost, cost_of
from wardship.graphql.engine.schema.strawberry_access import BACKREF

ASSUMED_SIZE = 10
"""The length assumed for a list that neither has `first` nor declares a size."""

UNDECLARED = Cost(1)
KNOWN = 16
"""Costs that are remembered for each operation, by the lengths that its variables give."""

Variables: TypeAlias = Mapping[str, Any]
Length: TypeAlias = Callable[[Variables], int]
"""How long a list may be, by the variables."""


@dataclass(slots=True, eq=False)
class Term:
    """The cost of a field or fragment: ``base + length * (1 + sum of inner)``, or ``base + sum`` without a length."""

    base: int = 0
    length: Length | None = None
    inner: list[Term] = field(default_factory=list)

    def evaluate(self, variables: Variables, ceiling: int, known: dict[int, int]) -> int:
        """Return the cost, or something above the ceiling as soon as it is passed; ``known`` keeps shared terms."""
        cached = known.get(id(self))
        if cached is not None:
            return cached
        below = 0 if self.length is None else 1
        for term in self.inner:
            below += term.evaluate(variables, ceiling, known)
        times = 1 if self.length is None else self.length(variables)
        total = known[id(self)] = self.base + times * min(below, ceiling + 1)
        return total


class CostCompiler:
    """Turns selection sets into terms; each fragment once."""

    def __init__(self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], limits: Limits) -> None:
        self._schema = schema
        self._fragments = fragments
        self._limits = limits
        self._compiled: dict[tuple[str, int], Term] = {}
        self._pages: list[Length] = []
        self._names: set[str] = set()

    def operation(self, operation: OperationDefinitionNode) -> CostExpression:
        """Return the cost of a validated operation.

        Raises:
            PageSizeError: a page whose length stands in the document is too long.
        """
        root = self._schema.get_root_type(operation.operation)
        term = Term(inner=list(self._terms(operation.selection_set, root, None)) if root else [])
        return CostExpression(term, tuple(self._pages), tuple(sorted(self._names)))

    def _terms(self, selections: SelectionSetNode, type_: GraphQLNamedType, page: Length | None) -> Iterable[Term]:
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                yield self._field(selection, type_, page)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inner = self._schema.get_type(condition.name.value) if condition else type_
                yield from self._terms(selection.selection_set, inner or type_, page)
            elif isinstance(selection, FragmentSpreadNode):
                yield self._fragment(selection.name.value, page)

    def _fragment(self, name: str, page: Length | None) -> Term:
        key = (name, id(page))
        if key not in self._compiled:
            term = self._compiled[key] = Term()
            definition = self._fragments[name]
            type_ = self._schema.get_type(definition.type_condition.name.value)
            if type_ is not None:
                term.inner.extend(self._terms(definition.selection_set, type_, page))
        return self._compiled[key]

    def _field(self, node: FieldNode, parent: GraphQLNamedType, page: Length | None) -> Term:
        definitions = list(_definitions(self._schema, parent, node.name.value))
        if not definitions:  # introspection, which a validation rule bounds
            return Term()
        definition = definitions[0]
        declared = max((_declared(one) for one in definitions), key=lambda one: one.base)
        returned = get_named_type(definition.type)
        asked = _page_length(node, definition, self._limits.page)
        self._names.update(_page_variables(node))
        if asked is not None:
            self._pages.append(asked)
        is_list = is_list_type(get_nullable_type(definition.type))
        length = None
        if is_list:
            length = asked or page or _constant(declared.size or ASSUMED_SIZE)
            asked = None
        term = Term(declared.base, length)
        if node.selection_set is not None:
            term.inner.extend(self._terms(node.selection_set, returned, asked))
        return term


@dataclass(frozen=True, slots=True, eq=False)
class CostExpression:
    """An operation's cost, for any variables.

    Attributes:
        pages: the length of each page asked for, to be checked even where nothing is multiplied by it.
        names: the variables that it depends on.
    """

    term: Term
    pages: tuple[Length, ...]
    names: tuple[str, ...] = ()
    _known: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def checked(self, variables: Variables, limits: Limits) -> int:
        """Return the cost with the variables of a request.

        Raises:
            LimitExceededError: it costs too much.
            PageSizeError: a page is longer than allowed, or its length is negative.
        """
        given = tuple([variables.get(name) for name in self.names])
        known = self._known.get(given)
        if known is not None:
            return known
        for length in self.pages:
            length(variables)
        total = self.term.evaluate(variables, limits.cost, {})
        if total > limits.cost:
            raise LimitExceededError(
                f"The operation costs more than the {limits.cost} allowed: ask for shorter pages or fewer relations.",
                code="COST_LIMIT",
            )
        if len(self._known) < KNOWN:
            self._known[given] = total
        return total


def _definitions(schema: GraphQLSchema, parent: GraphQLNamedType, name: str) -> Iterable[GraphQLField]:
    if is_object_type(parent) or is_interface_type(parent):
        own = schema.get_field(parent, name)
        if own is not None and not name.startswith("__"):
            yield own
    if is_abstract_type(parent):
        for type_ in schema.get_possible_types(parent):
            found = schema.get_field(type_, name)
            if found is not None and not name.startswith("__"):
                yield found


def _declared(definition: GraphQLField) -> Cost:
    declared = cost_of(definition.extensions.get(BACKREF))
    if declared is not None:
        return declared
    is_free = is_leaf_type(get_named_type(definition.type)) or BACKREF not in definition.extensions
    return Cost(0) if is_free else UNDECLARED


def _page_length(node: FieldNode, definition: GraphQLField, most: int) -> Length | None:
    given = {one.name.value: one.value for one in node.arguments or ()}
    lengths: list[Length] = []
    for name in PAGE_ARGUMENTS:
        argument = definition.args.get(name)
        if argument is None:
            continue
        value = given.get(name)
        fallback = _default(argument)
        if isinstance(value, VariableNode):
            lengths.append(_variable(value.name.value, fallback, name, most))
        elif isinstance(value, IntValueNode):
            lengths.append(_constant(_checked(int(value.value), name, most)))
        elif fallback is not None:
            lengths.append(_constant(fallback))
    if not lengths:
        return _constant(most) if any(name in definition.args for name in PAGE_ARGUMENTS) else None
    return lambda variables: max(length(variables) for length in lengths)


def _page_variables(node: FieldNode) -> Iterable[str]:
    for one in node.arguments or ():
        if one.name.value in PAGE_ARGUMENTS and isinstance(one.value, VariableNode):
            yield one.value.name.value


def _default(argument: object) -> int | None:
    default = getattr(argument, "default_value", None)
    if not isinstance(default, int):
        default = getattr(getattr(argument, "default", None), "value", None)
    return default if isinstance(default, int) else None


def _constant(length: int) -> Length:
    return lambda _variables: length


def _variable(variable: str, fallback: int | None, name: str, most: int) -> Length:
    def length(variables: Variables) -> int:
        value = variables.get(variable)
        if isinstance(value, int):
            return _checked(value, name, most)
        return most if fallback is None else fallback

    return length


def _checked(value: int, name: str, most: int) -> int:
    if not 0 <= value <= most:
        raise PageSizeError(f"`{name}` is {value}: ask for 0 to {most} at a time, and page on with the cursor.")
    return value
