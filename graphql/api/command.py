"""Mutations: one ``input``, one domain call, a payload with the object and typed errors."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, get_type_hints

import asyncpg
import strawberry
from strawberry.types.field import StrawberryField

from wardship.core.errors import ConflictError, InvalidInputError, WardshipError
from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.refusals import UserError, user_error
from wardship.graphql.engine import RefusalError, field, root_field

_DEFAULT_COST = 10


@strawberry.type
class Payload:
    """What every mutation answers with, besides its object."""

    errors: list[UserError] = field(description="Why it was refused; empty when it was done.", default_factory=list)


def object_field(graphql_type: type, description: str) -> Any:  # noqa: ANN401 (an annotated attribute's default)
    """Declare the object of a payload, a record of the domain that backs the type; null when the call was refused."""
    return field(cost=1, description=description, default=None, graphql_type=graphql_type | None)


def command(*, cost: int = _DEFAULT_COST) -> Callable[[Callable[..., Awaitable[Payload]]], StrawberryField]:
    """Declare a mutation: decorates ``async def verb_noun(access: Access, input: VerbNounInput) -> VerbNounPayload``.

    A ``WardshipError`` rolls the mutation's transaction back and becomes the payload's only error. So does a unique key
    that a concurrent call took first, and a value that PostgreSQL can't hold. Anything else is masked and logged.
    """

    def decorate(function: Callable[..., Awaitable[Payload]]) -> StrawberryField:
        operation: Callable[..., Awaitable[Payload]] = inspect.unwrap(getattr(function, "__func__", function))
        hints = get_type_hints(operation)
        payload, input_type = hints["return"], hints["input"]

        async def resolve(info: ApiInfo, input: object) -> Payload:
            try:
                return await operation(info.context.access, input)
            except WardshipError as error:
                raise RefusalError(payload(errors=[user_error(error)])) from error
            except (asyncpg.UniqueViolationError, asyncpg.SerializationError, asyncpg.DeadlockDetectedError) as error:
                conflict = ConflictError(
                    "Somebody else did this at the same moment: look again, then repeat if needed."
                )
                raise RefusalError(payload(errors=[user_error(conflict)])) from error
            except asyncpg.DataError as error:
                unfit = InvalidInputError("A value can't be stored: it is out of range, or holds a NUL character.")
                raise RefusalError(payload(errors=[user_error(unfit)])) from error

        resolve.__name__ = operation.__name__
        resolve.__qualname__ = operation.__qualname__
        resolve.__module__ = operation.__module__
        resolve.__doc__ = operation.__doc__
        resolve.__annotations__ = {"info": ApiInfo, "input": input_type, "return": payload}
        return root_field(cost=cost)(resolve)

    return decorate
