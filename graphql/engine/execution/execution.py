"""One execution of a program: what was fetched, the errors, and what generated code leaves to graphql-core."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from inspect import isawaitable, iscoroutine
from typing import Any, TypeVar, cast

from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    Undefined,
    is_abstract_type,
    is_leaf_type,
)
from graphql import is_non_null_type as is_non_null
from graphql.execution.values import VariableValues, get_argument_values
from graphql.pyutils import Path

from wardship.graphql.engine.execution.fallback import FetchedErrors, FetchedExecutor, Place, path_of
from wardship.graphql.engine.execution.long_lists import LongLists
from wardship.graphql.engine.planning.code import AwaitableMet, NullPropagation
from wardship.graphql.engine.planning.field_plans import FieldPlan, SelectionPlan
from wardship.graphql.engine.planning.programs import Program
from wardship.graphql.engine.schema.backing import classes_of, is_generic

ResultT = TypeVar("ResultT")


class Execution:
    """What an execution knows.

    Args:
        program: what is executed.
        variables: graphql-core's ``VariableValues``.
        fallbacks: counts what was left to graphql-core, by reason.

    Attributes:
        context: what resolvers get of the host.
        memo: the fetched values of each step: of a resolver by the path of the object, of any other field by the
            identity of the object.
        alive: the objects of which values are kept, so that no other gets the identity of one.
    """

    def __init__(self, program: Program, variables: VariableValues, fallbacks: Counter[str]) -> None:
        self.program = program
        self.variables = variables
        self.context: Any = None
        self.memo: list[dict[Any, Any]] = [{} for _ in program.steps]
        self.alive: list[list[Any]] = []
        self.errors = FetchedErrors()
        self.long_lists = LongLists()
        self.batch_calls = 0
        self._fallbacks = fallbacks
        self._executor: FetchedExecutor | None = None

    @property
    def executor(self) -> FetchedExecutor:
        """graphql-core's, made when something is left to it first."""
        executor = self._executor
        if executor is None:
            executor = self._executor = FetchedExecutor.of(self)
        executor.context_value = self.context
        return executor

    @property
    def root_value(self) -> object:
        """What root fields are resolved on."""
        return None if self._executor is None else self._executor.root_value

    def values_of(self, step: FieldPlan) -> dict[Any, Any]:
        """Return the fetched values of a step, which may have been made since the execution began."""
        while len(self.memo) < len(self.program.steps):
            self.memo.append({})
        return self.memo[step.number]

    def info(self, step: FieldPlan, path: Path) -> GraphQLResolveInfo[Any]:
        """Return graphql-core's info for a field."""
        return self.executor.build_resolve_info(step.definition, step.syntax, step.parent_type, path)

    def arguments(self, step: FieldPlan) -> Mapping[str, Any]:
        """Return the coerced arguments of a field, by GraphQL name.

        Raises:
            GraphQLError: they don't fit.
        """
        first = step.details[0]
        if not (step.definition.args or first.node.arguments):
            return {}
        return get_argument_values(
            step.definition,
            first.node,
            self.variables,
            first.fragment_variable_values,
            self.program.hides_suggestions,
        )

    async def render_root(self, step: FieldPlan) -> object:
        """Return the answer of a root field whose values are all fetched.

        Raises:
            NullPropagation: it may not be null, and is.
        """
        place = (None, step.name)
        try:
            return self.program.code.root(step)(self)
        except AwaitableMet:
            self.errors.forget_below([step.name])
            return await self._awaited(step)
        except Exception:  # whatever generated code wasn't written for
            self.errors.forget_below([step.name])
            return self.value(step, 0, self.memo[step.number].get(None), place)

    async def _awaited(self, step: FieldPlan) -> object:
        """Leave a root field to graphql-core, awaiting what turns up."""
        self._fallbacks["awaitable"] += 1
        path = Path(None, step.name, step.parent_type.name)
        try:
            done = self.completed(step, 0, self.memo[step.number].get(None), path)
            return await done if isawaitable(done) else done
        except GraphQLError as error:
            raise NullPropagation(error) from None

    def again(self) -> Execution:
        """Return a new execution of the same, for a run that has to be done again; this one is over."""
        self.release()
        return Execution(self.program, self.variables, self._fallbacks)

    def release(self) -> None:
        """Let go of everything fetched: graphql-core's executor refers to itself, and would keep it until collected."""
        self.memo, self.alive = [], []
        if self._executor is not None:
            self._executor.__dict__.clear()

    # What generated code calls.

    def value(self, step: FieldPlan, depth: int, value: object, place: Place) -> object:
        """Complete a value as graphql-core does, an error included.

        Raises:
            NullPropagation: an error where nothing may be null.
        """
        self._fallbacks[_reason(step, value)] += 1
        try:
            done = self.completed(step, depth, value, _path(place))
        except GraphQLError as error:
            raise NullPropagation(error) from None
        return _at_once(done)

    def scalar(self, step: FieldPlan, depth: int, value: object, place: Place) -> object:
        """Serialise a scalar of the host's."""
        type_ = step.types[depth]
        if value is None and not is_non_null(type_):
            return None
        if value is Undefined or isinstance(value, Exception) or self.executor.is_awaitable(value):
            return self.value(step, depth, value, place)
        try:
            done = step.coerce(value)
        except Exception:  # any error of a scalar is its field's error
            done = None
        return self.value(step, depth, value, place) if done is None or done is Undefined else done

    def execute_object(self, node: SelectionPlan, source: object, place: Place, error: Exception) -> dict[str, Any]:
        """Do an object by graphql-core, because something of it was none of what its code was written for.

        Raises:
            NullPropagation: one of its fields may not be null, and is.
        """
        del error
        self._fallbacks["object"] += 1
        path = _path(place)
        self.errors.forget_below(path.as_list())
        try:
            done = self.executor.execute_fields(node.type, source, path, node.grouped, None)
        except GraphQLError as beneath:
            raise NullPropagation(beneath) from None
        return _at_once(done)

    def abstract(self, step: FieldPlan, depth: int, value: object, place: Place, known: dict[type, Any]) -> object:
        """Complete a value of an interface or union, and remember how those of its class are done."""
        type_ = self.type_of(step, value, _path(place))
        if type_ is None:
            return self.value(step, depth, value, place)
        render = self.program.code.object(self.program.node(step, type_))
        self.values_of(step)
        if self._tells(step, type_, type(value)):
            known[type(value)] = render
        return render(value, place, self)

    def _tells(self, step: FieldPlan, type_: GraphQLObjectType, cls: type) -> bool:
        """Return whether every value of a class is of a type: of no other that may stand there, whatever it holds."""
        others = self.executor.schema.get_possible_types(cast("GraphQLAbstractType", step.named))
        return [one for one in others if cls in classes_of(one)] == [type_] and not is_generic(type_)

    def nulled(self, nulled: NullPropagation, place: Place) -> None:
        """Record the error of something that is null now, because something below it may not be."""
        self.errors.add(nulled.error, _path(place))

    def long(self, part: Callable[..., list[Any]], values: Sequence[Any], place: Place, *more: object) -> str:
        """Write a long list apart, and return what stands for it."""
        return self.long_lists.write(lambda some, start: part(some, place, self, start, *more), values)

    def type_of(self, step: FieldPlan, value: object, path: Path) -> GraphQLObjectType | None:
        """Return the object type of a value; None where it can't be told at once, or there is none."""
        named = step.named
        if value is None or isinstance(value, Exception):
            return None
        if isinstance(named, GraphQLObjectType):
            return named if self._is_of(named, step, value, path) else None
        if not is_abstract_type(named):
            return None
        resolve = named.resolve_type or self.executor.type_resolver
        try:
            name = resolve(value, self.info(step, path), named)
            found = self.executor.schema.get_type(name) if isinstance(name, str) else None
        except Exception:  # graphql-core will meet it again, and say so
            return None
        if iscoroutine(name):
            name.close()
        if not isinstance(found, GraphQLObjectType) or not self.executor.schema.is_sub_type(named, found):
            return None
        return found if self._is_of(found, step, value, path) else None

    def _is_of(self, type_: GraphQLObjectType, step: FieldPlan, value: object, path: Path) -> bool:
        """Return whether a value is of an object type, as far as can be told at once."""
        if type(value) in classes_of(type_) or type_.is_type_of is None:
            return True
        try:
            return type_.is_type_of(value, self.info(step, path)) is True
        except Exception:  # graphql-core will meet it again, and say so
            return False

    def completed(self, step: FieldPlan, depth: int, value: object, path: Path) -> object:
        """Complete a value as graphql-core does.

        Raises:
            GraphQLError: an error where nothing may be null.
        """
        executor, type_, details = self.executor, step.types[depth], step.details
        if executor.is_awaitable(value):
            raise AwaitableMet
        try:
            done = executor.complete_value(type_, details, self.info(step, path), path, value, None)
        except Exception as error:  # any error of a resolver is that field's error
            executor.handle_field_error(error, type_, details, path)
            return None
        if isawaitable(done):
            return self._completed_later(step, depth, done, path)
        return done

    async def _completed_later(self, step: FieldPlan, depth: int, done: Awaitable[object], path: Path) -> object:
        try:
            return await done
        except Exception as error:  # any error of a resolver is that field's error
            self.executor.handle_field_error(error, step.types[depth], step.details, path)
            return None


def _path(place: Place) -> Path:
    path = path_of(place)
    if path is None:
        raise TypeError("The root has no path.")
    return path


def _at_once(done: ResultT | Awaitable[ResultT]) -> ResultT:
    if isawaitable(done):
        if iscoroutine(done):
            done.close()
        raise AwaitableMet
    return done


def _reason(step: FieldPlan, value: object) -> str:
    if isinstance(value, Exception):
        return "error"
    if step.is_introspection:
        return "introspection"
    if value is None:
        return "null"
    return "leaf" if is_leaf_type(step.named) else "class"
