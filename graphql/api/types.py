"""Types of the API, declared by one line and described by their docstrings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, dataclass_transform

import strawberry

from wardship.graphql.engine import backed_by, evaluated

ClassT = TypeVar("ClassT")


@dataclass_transform(kw_only_default=True)
def object_type(*records: type, name: str | None = None) -> Callable[[type[ClassT]], type[ClassT]]:
    """Declare a type of object: the class's docstring is its description.

    Args:
        records: classes of the domain whose instances are objects of the type as they are: see ``backed_by``.
        name: the GraphQL name, when not the class's.
    """

    def decorate(cls: type[ClassT]) -> type[ClassT]:
        declared = evaluated(backed_by(*records)(cls) if records else cls)
        return strawberry.type(declared, name=name, description=_text(cls))

    return decorate


@dataclass_transform(kw_only_default=True)
def input_type(cls: type[ClassT]) -> type[ClassT]:
    """Declare a type of input: the class's docstring is its description."""
    return strawberry.input(evaluated(cls), description=_text(cls))


def _text(cls: type) -> str:
    return " ".join((cls.__doc__ or "").split())
