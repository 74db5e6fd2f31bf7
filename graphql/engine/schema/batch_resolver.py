"""A Strawberry resolver whose first two parameters are the parents and the batch's info."""

from __future__ import annotations

import ast
import types
from functools import cached_property, reduce
from inspect import Parameter, Signature
from operator import or_
from typing import Any, Union, get_args, get_origin

from strawberry.annotation import StrawberryAnnotation
from strawberry.types.fields.resolver import ReservedParameterSpecification, StrawberryResolver

from wardship.graphql.engine.errors import SchemaFaultError

EXCEPTIONS = frozenset({"Exception", "GraphQLError", "EngineError"})


class _Position(int):
    """Reserves the parameter at a position, whatever its name."""

    def find(self, parameters: tuple[Parameter, ...], resolver: StrawberryResolver[Any]) -> Parameter | None:
        """Return the reserved parameter."""
        del resolver
        return parameters[self] if len(parameters) > self else None


class BatchResolver(StrawberryResolver[Any]):
    """Takes ``(parents, info, …)``; its GraphQL type is the element of the sequence that it returns."""

    RESERVED_PARAMSPEC: tuple[ReservedParameterSpecification, ...] = (_Position(0), _Position(1))

    @cached_property
    def type_annotation(self) -> StrawberryAnnotation | None:
        """The annotation of one element of the returned sequence."""
        annotation = self.signature.return_annotation
        if annotation is Signature.empty:
            raise SchemaFaultError(f"Say what {self.name!r} returns: a Sequence with one element per parent.")
        element = _element_of_text(annotation) if isinstance(annotation, str) else _element_of_type(annotation)
        return StrawberryAnnotation(annotation=element, namespace=self._namespace)


def _element_of_text(annotation: str) -> str:
    expression = ast.parse(annotation, mode="eval").body
    if not isinstance(expression, ast.Subscript):
        raise SchemaFaultError(f"A batch resolver returns a Sequence with one element per parent, not {annotation}.")
    members = [part for part in _union_members(expression.slice) if ast.unparse(part) not in EXCEPTIONS]
    return " | ".join(ast.unparse(part) for part in members)


def _union_members(expression: ast.expr) -> list[ast.expr]:
    if isinstance(expression, ast.BinOp) and isinstance(expression.op, ast.BitOr):
        return [*_union_members(expression.left), *_union_members(expression.right)]
    return [expression]


def _element_of_type(annotation: object) -> object:
    arguments = get_args(annotation)
    if len(arguments) != 1:
        raise SchemaFaultError(f"A batch resolver returns a Sequence with one element per parent, not {annotation!r}.")
    element = arguments[0]
    if get_origin(element) not in (Union, types.UnionType):
        return element
    kept = [part for part in get_args(element) if not (isinstance(part, type) and issubclass(part, Exception))]
    return reduce(or_, kept) if len(kept) < len(get_args(element)) else element
