"""Opaque global identifiers: a type name and a UUID, as Relay has them."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.core.errors import InvalidInputError
from wardship.graphql.engine import MalformedGlobalIdError, decode_global_id, encode_global_id


def global_id(type_name: str, identifier: UUID) -> strawberry.ID:
    """Return the global id of an object."""
    return strawberry.ID(encode_global_id(type_name, str(identifier)))


def parse_id(type_name: str, value: str, *, path: tuple[str, ...] = ()) -> UUID:
    """Return the UUID in a global id of the given type.

    Raises:
        InvalidInputError: it isn't one that this API gave out, or belongs to another type of object.
    """
    kind, identifier = split_id(value, path=path)
    if kind != type_name:
        raise InvalidInputError(f"This is the id of a {kind}: give the id of a {type_name}.", path=path)
    return identifier


def split_id(value: str, *, path: tuple[str, ...] = ()) -> tuple[str, UUID]:
    """Return type name and UUID of a global id.

    Raises:
        InvalidInputError: it isn't one that this API gave out.
    """
    try:
        kind, identifier = decode_global_id(value)
        return kind, UUID(identifier)
    except (MalformedGlobalIdError, ValueError):
        raise InvalidInputError(
            "This isn't an id that this API gave out: use an `id` of an answer.", path=path
        ) from None
