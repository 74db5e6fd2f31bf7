"""A plan made ready to run: the steps of an operation for one outcome of its directives, and code to render it."""

from __future__ import annotations

from weakref import proxy

from graphql import GraphQLError, GraphQLObjectType, is_object_type
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetailsList,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)

from wardship.graphql.engine.operations import Operation
from wardship.graphql.engine.planning.code import CodeWriter
from wardship.graphql.engine.planning.field_plans import FieldPlan, Kind, SelectionPlan, step_of
from wardship.graphql.engine.schema.selection import Selection, SelectionSource


class ContextUse:
    """How much is asked of the host's context, learned from the runs of which the host said it (``Operation.asked``).

    Attributes:
        is_single: whether no run has asked for more than one thing; None before the host said anything.
    """

    __slots__ = ("is_single",)

    def __init__(self, *, may_be_single: bool) -> None:
        self.is_single = None if may_be_single else False

    def learn(self, operation: Operation) -> bool:
        """Learn from a run; return whether it has to be done again: its context was single, and was asked for more."""
        if operation.asked is None:
            return False
        is_single = operation.asked <= 1
        if self.is_single is not False:
            self.is_single = is_single
        return operation.is_single and not is_single


class Program:
    """The steps of an operation, and the functions that render its answer; who uses any of it holds the program.

    Args:
        source: the operation, its fragments, and of the variables only what directives say of them.
        hides_suggestions: whether errors suggest no names.
        has_resolvers: whether a resolver that is no batch field may stand below the root.

    Attributes:
        use: what a query, or an event of a subscription, asks of its context.
        begin_use: what a subscription asks of its context when it begins.

    Raises:
        GraphQLError: the directives can't be evaluated.
    """

    def __init__(self, source: SelectionSource, *, hides_suggestions: bool, has_resolvers: bool) -> None:
        self.steps: list[FieldPlan] = []
        schema, operation = source.schema, source.operation
        root_type = schema.get_root_type(operation.operation)
        if root_type is None:
            raise GraphQLError(f"This API has no {operation.operation.value} operations.", operation)
        self.schema = schema
        self.has_resolvers = has_resolvers
        self.source = source
        self._nodes: list[SelectionPlan] = []
        self.hides_suggestions = hides_suggestions
        self._by_details: dict[tuple[GraphQLObjectType, int], FieldPlan] = {}
        self._collected: dict[tuple[GraphQLObjectType, int], CollectedFields] = {}
        self._selections: dict[tuple[int, ...], Selection] = {}
        collected = collect_fields(schema, source.fragments, source.variables, root_type, operation, hides_suggestions)
        self.root = self._node(root_type, collected.grouped_field_set)
        for step in self.root.steps:
            if step.kind is Kind.PLAIN or step.kind is Kind.BATCH:
                step.kind, step.is_fetched = Kind.RESOLVED, True
        has_fetches_below = any(step.has_fetches_below for step in self.root.steps)
        self.use = ContextUse(may_be_single=not has_fetches_below)
        self.begin_use = ContextUse(may_be_single=True)
        program = proxy(self)

        def node_of(step: FieldPlan, type_: GraphQLObjectType) -> SelectionPlan:
            node: SelectionPlan = program.node(step, type_)
            return node

        self.code = CodeWriter(node_of)
        self.code.write_root(self.root)

    def __del__(self) -> None:
        """Take apart what refers to one another, or all of it would stay until the whole heap is collected."""
        for step in self.steps:
            step.above = None
            step.nodes.clear()
        if hasattr(self, "code"):
            self.code.close()

    def step(self, type_: GraphQLObjectType, details: FieldDetailsList) -> FieldPlan | None:
        """Return the step of some field nodes on a type."""
        return self._by_details.get((type_, id(details)))

    def collected(self, type_: GraphQLObjectType, details: FieldDetailsList) -> CollectedFields:
        """Return the sub-fields of some field nodes on a type, collected once.

        Raises:
            GraphQLError: a directive there can't be evaluated.
        """
        key = (type_, id(details))
        found = self._collected.get(key)
        if found is None:
            source = self.source
            found = self._collected[key] = collect_subfields(
                self.schema,
                source.fragments,
                source.variables,
                source.operation,
                type_,
                details,
                self.hides_suggestions,
            )
        return found

    def node(self, step: FieldPlan, type_: GraphQLObjectType) -> SelectionPlan:
        """Return the selection set under a step for objects of a type, made now if it wasn't before."""
        node = step.nodes.get(type_)
        if node is None:
            node = step.nodes[type_] = self._node(type_, self.collected(type_, step.details).grouped_field_set, step)
            if hasattr(self, "code"):
                self.code.write(node)
        return node

    def selection(self, steps: list[FieldPlan]) -> Selection:
        """Return what is selected under steps that are fetched together."""
        key = tuple(step.number for step in steps)
        found = self._selections.get(key)
        if found is None:
            details = [one for step in steps for one in step.details]
            found = self._selections[key] = Selection(self.source, steps[0].named, details)
        return found

    def _node(
        self, type_: GraphQLObjectType, grouped: GroupedFieldSet, above: FieldPlan | None = None
    ) -> SelectionPlan:
        node = SelectionPlan(len(self._nodes), type_, grouped)
        self._nodes.append(node)
        for name, details in grouped.items():
            definition = self.schema.get_field(type_, details[0].node.name.value)
            if definition is not None:
                step = step_of(len(self.steps), name, details, definition, type_)
                step.above = above
                node.steps.append(self._step(step))
        return node

    def _step(self, step: FieldPlan) -> FieldPlan:
        self.steps.append(step)
        self._by_details[step.parent_type, id(step.details)] = step
        step.syntax.selection = self.selection([step])
        if step.is_leaf or step.is_introspection:
            return step
        if is_object_type(step.named):
            try:
                node = self.node(step, step.named)
            except GraphQLError:
                step.is_faulty = True
                return step
            step.has_fetches_below = bool(node.fetched or node.with_fetches_below)
        else:
            step.has_fetches_below = True
        return step
