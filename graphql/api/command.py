"""Mutations: one ``input``, one domain call, a payload with the object and typed errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import new_class
from typing import Any, ClassVar, get_type_hints

import asyncpg
import strawberry
from strawberry.types.field import StrawberryField

from wardship.core.errors import ConflictError, InvalidInputError, WardshipError
from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.identifiers import ids_of, parse_ids
from wardship.graphql.api.moments import moments_of, require_offsets
from wardship.graphql.api.refusals import UserError, user_error
from wardship.graphql.engine import RefusalError, field, root_field

_DEFAULT_COST = 10
_TRANSIENT = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)


@strawberry.type
class Payload:
    """What every mutation answers with, besides its object."""

    noun: ClassVar[str | None] = None
    errors: list[UserError] = field("Why it was refused; empty when it was done.", default_factory=list)


def object_field(graphql_type: type, description: str) -> Any:  # noqa: ANN401 (an annotated attribute's default)
    """Declare the object of a payload, a record of the domain that backs the type; null when the call was refused."""
    return field(description, cost=1, default=None, graphql_type=graphql_type | None)


def object_payload(name: str, noun: str, shown: type) -> type[Payload]:
    """Make the payload of mutations that answer with one object, a record of the domain that backs its type.

    Args:
        name: the payload's.
        noun: the field that holds the object.
        shown: the object's type.
    """
    held = {"noun": noun, noun: object_field(shown, f"The {noun} as it is now."), "__annotations__": {noun: object}}
    made = new_class(name, (Payload,), exec_body=lambda body: body.update(held))
    return strawberry.type(made, description=f"The {noun} as it is afterwards, or why the call was refused.")


def command(
    payload: type[Payload] | None = None, *, cost: int = _DEFAULT_COST
) -> Callable[[Callable[..., Awaitable[object]]], StrawberryField]:
    """Declare a mutation: decorates ``async def verb_noun(self, access: Access, input: VerbNounInput)``.

    The input's ids reach it as UUIDs: see ``id_argument``; its moments have an offset from UTC. A ``WardshipError``
    rolls the mutation's transaction back, unless it says that it ``commits``, and becomes the payload's only error. So
    does a unique key that a concurrent call took first, and a value that PostgreSQL can't hold. A deadlock is chance:
    the mutation is done once more, which is safe because its effects on the outside world are in the transaction too.
    Anything else is masked and logged.

    Args:
        payload: holds the object that the function returns; it returns a payload itself unless this is given.
        cost: what the mutation costs.
    """

    def decorate(operation: Callable[..., Awaitable[object]]) -> StrawberryField:
        hints = get_type_hints(operation)
        answer: Any = payload or hints["return"]
        input_type, ids, noun = hints["input"], ids_of(hints["input"]), answer.noun
        moments = moments_of(input_type)

        async def resolve(info: ApiInfo, input: object) -> object:
            try:
                parse_ids(input, ids)
                require_offsets(input, moments)
                made = await operation(None, info.context.access, input)
            except WardshipError as error:
                refused = answer(errors=[user_error(error)])
                if error.commits:
                    return refused
                raise RefusalError(refused) from error
            except (asyncpg.UniqueViolationError, *_TRANSIENT) as error:
                conflict = ConflictError(
                    "Somebody else did this at the same moment: look again, then repeat if needed."
                )
                is_transient = isinstance(error, _TRANSIENT)
                raise RefusalError(answer(errors=[user_error(conflict)]), is_transient=is_transient) from error
            except asyncpg.DataError as error:
                unfit = InvalidInputError("A value can't be stored: it is out of range, or holds a NUL character.")
                raise RefusalError(answer(errors=[user_error(unfit)])) from error
            return made if noun is None else answer(**{noun: made})

        resolve.__name__ = operation.__name__
        resolve.__qualname__ = operation.__qualname__
        resolve.__module__ = operation.__module__
        resolve.__doc__ = operation.__doc__
        resolve.__annotations__ = {"info": ApiInfo, "input": input_type, "return": answer}
        return root_field(cost=cost)(resolve)

    return decorate
