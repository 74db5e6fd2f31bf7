"""Relations: fields that a noun adds to the type of a noun below it, and what was fetched for many objects at once.

A noun's type holds what the noun itself knows. What leads from it to another noun is declared there: `Member.groups`
stands in `graphql/groups`. So nouns stand in layers, and no type has to be known before it is made.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeVar, get_type_hints
from uuid import UUID

import strawberry
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from wardship.graphql.api.context import ApiContext
from wardship.graphql.engine import BatchInfo, batch_field

ClassT = TypeVar("ClassT")
_EXTENSION = "__wardship_extension__"


@dataclass(frozen=True, slots=True)
class _Extension:
    of: type
    after: str | None


def extends(of: type, *, after: str | None = None) -> Callable[[type[ClassT]], type[ClassT]]:
    """Declare fields of a type of a noun below: decorates a class that holds these fields and nothing else.

    The class has to be listed among the extensions of the schema.

    Args:
        of: the type.
        after: the Python name of the field that they come after; they are the last ones unless it is given.
    """

    def decorate(cls: type[ClassT]) -> type[ClassT]:
        setattr(cls, _EXTENSION, _Extension(of, after))
        return strawberry.type(cls)

    return decorate


def fields_with(extensions: Sequence[type], definition: StrawberryObjectDefinition) -> list[StrawberryField]:
    """Return the fields of a type: its own, and those that these extensions add to it."""
    fields = list(definition.fields)
    for cls in extensions:
        extension: _Extension = getattr(cls, _EXTENSION)
        if extension.of is definition.origin:
            names = [field.python_name for field in fields]
            place = len(fields) if extension.after is None else names.index(extension.after) + 1
            added: StrawberryObjectDefinition = cls.__dict__["__strawberry_definition__"]
            fields[place:place] = added.fields
    return fields


def reference(
    find: Callable[[BatchInfo[ApiContext], Sequence[UUID | None]], Awaitable[Sequence[object]]], key: str, text: str
) -> StrawberryField:
    """Declare a relation that leads to one object at most, whose id the parents hold.

    Args:
        find: returns what the relation shows for each id, in their order; its annotation says of what type that is.
        key: the parents' attribute with the id, or a dotted path of attributes.
        text: the description of the field.
    """
    id_of = attrgetter(key)

    async def relation(parents: Sequence[object], info: BatchInfo[ApiContext]) -> Sequence[object]:
        return await find(info, list(map(id_of, parents)))

    relation.__annotations__["return"] = get_type_hints(find)["return"]
    declared: StrawberryField = batch_field(cost=2, description=text)(relation)
    return declared


def in_order(found: Mapping[UUID, Any], ids: Iterable[UUID | None]) -> list[Any]:
    """Return what was found for each id, in the order of the ids; None where there is nothing.

    Args:
        found: records of the domain, or lists of them, which stand for the types that they back.
        ids: None where an object leads nowhere.
    """
    return [None if key is None else found.get(key) for key in ids]
