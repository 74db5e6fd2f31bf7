"""Global ids as the domain's UUIDs: malformed ones become typed refusals of the field that held them."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.core.errors import InvalidInputError
from wardship.graphql.engine import GlobalId, MalformedGlobalIdError


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
