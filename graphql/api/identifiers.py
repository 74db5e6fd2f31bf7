"""Global ids as the domain's UUIDs: malformed ones become typed refusals of the field that held them."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import strawberry
from strawberry.types import get_object_definition

from wardship.core.errors import InvalidInputError
from wardship.graphql.engine import GlobalId, MalformedGlobalIdError

_IDENTIFIES = "wardship.graphql.api.identifies"


def global_id(type_name: str, identifier: UUID) -> strawberry.ID:
    """Return the global id of an object."""
    return strawberry.ID(str(GlobalId(type_name, str(identifier))))


def parse_id(type_name: str, value: str, *, path: tuple[str, ...] = ()) -> UUID:
    """Return the UUID in a global id of the given type.

    Raises:
        InvalidInputError: it isn't one that this API gave out, or belongs to another type of object.
    """
    try:
        return GlobalId.parse(value, type_name).uuid
    except MalformedGlobalIdError as error:
        raise InvalidInputError(error.message, path=path) from None


def parse_optional(type_name: str, value: str | None, *, path: tuple[str, ...] = ()) -> UUID | None:
    """Return the UUID in a global id that may be left out.

    Raises:
        InvalidInputError: as of ``parse_id``.
    """
    return None if value is None else parse_id(type_name, value, path=path)


def id_argument(type_name: str, description: str) -> UUID:
    """Declare a field of a command's input that holds the id of an object: the command reads it as a UUID."""
    metadata = {_IDENTIFIES: type_name}
    declared: UUID = strawberry.field(description=description, graphql_type=strawberry.ID, metadata=metadata)
    return declared


def optional_id(type_name: str, description: str) -> UUID | None:
    """Declare a field of a command's input that may hold the id of an object; None when it is left out."""
    metadata, shown = {_IDENTIFIES: type_name}, strawberry.ID | None
    declared: UUID | None = strawberry.field(
        default=None, description=description, graphql_type=shown, metadata=metadata
    )
    return declared


def ids_argument(type_name: str, description: str) -> list[UUID]:
    """Declare a field of a command's input that holds the ids of several objects."""
    metadata, shown = {_IDENTIFIES: type_name}, list[strawberry.ID]
    declared: list[UUID] = strawberry.field(description=description, graphql_type=shown, metadata=metadata)
    return declared


def ids_of(input_type: type) -> Mapping[str, str]:
    """Return the names of the fields of an input that hold ids, and the types of object that these are of."""
    fields = get_object_definition(input_type, strict=True).fields
    return {item.python_name: item.metadata[_IDENTIFIES] for item in fields if _IDENTIFIES in item.metadata}


def parse_ids(given: object, ids: Mapping[str, str]) -> None:
    """Put UUIDs in the place of the ids that an input holds.

    Raises:
        InvalidInputError: as of ``parse_id``.
    """
    for name, type_name in ids.items():
        value = getattr(given, name)
        if isinstance(value, list):
            found = [parse_id(type_name, item, path=(name, str(place))) for place, item in enumerate(value)]
            setattr(given, name, found)
        elif value is not None:
            setattr(given, name, parse_id(type_name, value, path=(name,)))


def split_id(value: str) -> tuple[str, UUID]:
    """Return type name and UUID of a global id.

    Raises:
        InvalidInputError: it isn't one that this API gave out.
    """
    try:
        parsed = GlobalId.parse(value)
        identifier = parsed.uuid
    except MalformedGlobalIdError as error:
        raise InvalidInputError(error.message) from None
    return parsed.type_name, identifier
