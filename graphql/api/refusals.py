"""Typed errors of mutations: the interface ``UserError`` and one type for each refusal of the domain."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import make_dataclass
from functools import cache

import strawberry
from strawberry.utils.str_converters import to_camel_case

from wardship import tenants
from wardship.core.errors import ConflictError, InvalidInputError, NotFoundError, PermissionDeniedError, WardshipError
from wardship.graphql.engine import field

_GENERAL = (NotFoundError, PermissionDeniedError, InvalidInputError, ConflictError)


@strawberry.interface(description="Why a mutation was refused, and what to do. Nothing was changed.")
class UserError:
    """A refusal as the client sees it."""

    code: str = field(description="Stable, upper-case identifier of the refusal.")
    message: str = field(description="What happened and what to do, in words.")
    path: list[str] = field(description="The input field that the refusal is about, outermost first; or empty.")


@strawberry.type(description="A refusal that has no type of its own.")
class OtherError(UserError):
    """The fallback, for a refusal that is raised outside the domain's own classes."""


def _subclasses(base: type[WardshipError]) -> Iterator[type[WardshipError]]:
    for subclass in base.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)


@cache
def _import_domain() -> None:
    """Import every module of the domain, so that the schema doesn't depend on who was imported before."""
    for module in pkgutil.walk_packages(tenants.__path__, f"{tenants.__name__}."):
        importlib.import_module(module.name)


def refusal_classes() -> list[type[WardshipError]]:
    """Return the refusals that the API may answer with: the general ones and every one of the domain, by name."""
    _import_domain()
    found = {item for item in _subclasses(WardshipError) if item.__module__.startswith("wardship.tenants")}
    return sorted(found.union(_GENERAL), key=lambda item: item.__name__)


_TYPES: dict[type[WardshipError], type[UserError]] = {}


def refusal_type(error: type[WardshipError]) -> type[UserError]:
    """Return the GraphQL type of a refusal, made once: its name and description are the class's own."""
    if error not in _TYPES:
        made = make_dataclass(error.__name__, [], bases=(UserError,))
        _TYPES[error] = strawberry.type(made, description=" ".join((error.__doc__ or "").split()))
    return _TYPES[error]


def refusal_types() -> list[type[UserError]]:
    """Return the GraphQL types of all refusals, for the schema."""
    return [OtherError, *(refusal_type(error) for error in refusal_classes())]


def user_error(error: WardshipError) -> UserError:
    """Return a refusal as its GraphQL object."""
    classes = set(refusal_classes())
    known = next((item for item in type(error).__mro__ if item in classes), None)
    made = OtherError if known is None else refusal_type(known)
    return made(code=error.code, message=error.message, path=[to_camel_case(name) for name in error.path])
