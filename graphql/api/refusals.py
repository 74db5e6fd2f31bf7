"""Typed errors of mutations: the interface ``UserError`` and one type for each refusal of the domain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import make_dataclass
from operator import attrgetter
from typing import Final

import strawberry
from strawberry.utils.str_converters import to_camel_case

from wardship.core.errors import ConflictError, InvalidInputError, NotFoundError, PermissionDeniedError, WardshipError
from wardship.graphql.engine import field

_GENERAL: Final = (NotFoundError, PermissionDeniedError, InvalidInputError, ConflictError)
_DOMAIN: Final = "wardship.tenants."


@strawberry.interface(description="Why a mutation was refused, and what to do. Nothing was changed.")
class UserError:
    """A refusal as the client sees it."""

    code: str = field("Stable, upper-case identifier of the refusal.")
    message: str = field("What happened and what to do, in words.")
    path: list[str] = field("The input field that the refusal is about, outermost first; or empty.")


@strawberry.type(description="A refusal that has no type of its own.")
class OtherError(UserError):
    """The fallback, for a refusal that is raised outside the domain's own classes."""


_TYPES: dict[type[WardshipError], type[UserError]] = {}


def refusal_type(error: type[WardshipError]) -> type[UserError]:
    """Return the GraphQL type of a refusal, made once: its name and description are the class's own."""
    if error not in _TYPES:
        made = make_dataclass(error.__name__, [], bases=(UserError,))
        _TYPES[error] = strawberry.type(made, description=" ".join((error.__doc__ or "").split()))
    return _TYPES[error]


def refusal_types(refusals: Iterable[type[WardshipError]]) -> list[type[UserError]]:
    """Return the GraphQL types of the general refusals and of the domain's own, for the schema."""
    listed: set[type[WardshipError]] = {*_GENERAL, *refusals}
    return [OtherError, *(refusal_type(error) for error in sorted(listed, key=attrgetter("__name__")))]


def user_error(error: WardshipError) -> UserError:
    """Return a refusal as its GraphQL object: of the first of its classes that the schema has."""
    known = next(
        (item for item in type(error).__mro__ if item in _GENERAL or item.__module__.startswith(_DOMAIN)), None
    )
    made = OtherError if known is None else refusal_type(known)
    return made(code=error.code, message=error.message, path=[to_camel_case(name) for name in error.path])
