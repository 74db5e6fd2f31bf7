"""graphql-core's own executor, on values that were fetched before: for whatever generated code wasn't written for."""

from __future__ import annotations

from typing import Any, Protocol, cast

from graphql import (
    GraphQLError,
    GraphQLLeafType,
    GraphQLObjectType,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution.collect_fields import CollectedFields, FieldDetailsList
from graphql.execution.executor import CollectedErrors, Executor
from graphql.execution.values import VariableValues
from graphql.pyutils import Path

from wardship.graphql.engine.errors import SerialisationError
from wardship.graphql.engine.planning.field_plans import FieldPlan, Kind
from wardship.graphql.engine.planning.programs import Program

Place = tuple[Any, Any] | None
"""A path as generated code keeps it: the path above and the key, None at the root."""


class FetchedErrors(CollectedErrors):
    """The errors of an execution, which can forget those of a part that is done again."""

    def __init__(self) -> None:
        super().__init__()
        self._positions: list[Path | None] = []

    def add(self, error: GraphQLError, path: Path | None) -> None:
        """Add an error at a position, which need not be the path that the error tells."""
        known = len(self._errors)
        super().add(error, path)
        self._positions += [path] * (len(self._errors) - known)

    def forget_below(self, keys: list[str | int]) -> None:
        """Drop the errors at or under a path, which are the last ones."""
        length = len(keys)
        while self._positions and (last := self._positions[-1]) and last.as_list()[:length] == keys:
            self._positions.pop()
            self._errors.pop()
            self._error_positions.discard(last)


class FetchedValues(Protocol):
    """What an execution has fetched; see ``Execution`` for its attributes."""

    program: Program
    variables: VariableValues
    context: Any
    errors: FetchedErrors

    def values_of(self, step: FieldPlan) -> dict[Any, Any]:
        """Return the fetched values of a step."""
        ...

    def completed(self, step: FieldPlan, depth: int, value: object, path: Path) -> object:
        """Complete a value as graphql-core does."""
        ...


class FetchedExecutor(Executor[Any]):
    """Executes any part of the operation; a field that was fetched has the value that was fetched."""

    execution: FetchedValues

    @classmethod
    def of(cls, execution: FetchedValues) -> FetchedExecutor:
        """Make the executor of an execution."""
        source = execution.program.source
        made = cls(
            source.schema,
            {name: one.definition for name, one in source.fragments.items()},
            source.fragments,
            None,
            execution.context,
            source.operation,
            execution.variables,
            default_field_resolver,
            cast("Any", default_type_resolver),
            default_field_resolver,
            hide_suggestions=execution.program.hides_suggestions,
        )
        made.execution, made.collected_errors = execution, execution.errors
        return made

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: object,
        field_details_list: FieldDetailsList,
        path: Path,
        position_context: object,
    ) -> object:
        """Complete the value that was fetched for the field, or resolve the field when none was."""
        step = self.execution.program.step(parent_type, field_details_list)
        if step is not None and (step.is_fetched or step.is_kept):
            values = self.execution.values_of(step)
            key = place_of(path.prev) if step.kind is Kind.RESOLVED else id(source)
            if key in values:
                return self.execution.completed(step, 0, values[key], path)
        return super().execute_field(parent_type, source, field_details_list, path, position_context)

    def collect_subfields(
        self, return_type: GraphQLObjectType, field_details_list: FieldDetailsList
    ) -> CollectedFields:
        """Return what the program has collected."""
        return self.execution.program.collected(return_type, field_details_list)

    @staticmethod
    def complete_leaf_value(return_type: GraphQLLeafType, result: object) -> object:
        """Serialise a leaf; one that can't be is our fault, not the client's, so its message is masked."""
        try:
            return Executor.complete_leaf_value(return_type, result)
        except GraphQLError as error:
            raise SerialisationError(error.message) from error


def path_of(place: Place, step: FieldPlan | None = None) -> Path | None:
    """Return a path as graphql-core has it, with the names of types where the step is given whose value is there."""
    if place is None:
        return None
    above, key = place
    if step is None or isinstance(key, int):
        return Path(path_of(above, step), key, None)
    return Path(path_of(above, step.above), key, step.parent_type.name)


def place_of(path: Path | None) -> Place:
    """Return a path as generated code has it."""
    return None if path is None else (place_of(path.prev), path.key)
