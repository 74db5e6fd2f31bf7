"""Relay's ``node(id:)``: any object by its global id, found by the loader of its type."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias, cast
from uuid import UUID

import strawberry

from wardship.core.errors import InvalidInputError, NotFoundError
from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.identifiers import split_id
from wardship.graphql.engine import GlobalId, field, root_field
from wardship.tenants.access import Access

NodeLoader: TypeAlias = Callable[[ApiInfo, UUID], Awaitable[object]]
"""Finds an object by its identifier: an object or record that stands for a ``Node``; None when there is none."""


def found_by(find: Callable[[Access, Sequence[UUID]], Awaitable[Mapping[UUID, object]]]) -> NodeLoader:
    """Return a loader that asks the domain for what it finds by identifiers."""

    async def load(info: ApiInfo, identifier: UUID) -> object:
        return (await find(info.context.access, [identifier])).get(identifier)

    return load


@strawberry.interface(description="An object with a globally unique id.")
class Node:
    """What can be fetched again by its id."""

    id: strawberry.ID = field("Opaque, globally unique identifier.")


def global_id_field(type_name: str, description: str = "Opaque, globally unique identifier.") -> strawberry.ID:
    """Declare the ``id`` of a type whose objects are records of the domain."""
    declared: strawberry.ID = field(description, source="id", convert=GlobalId.encoder(type_name))
    return declared


def node_queries(loaders: Mapping[str, NodeLoader]) -> type:
    """Return the type with the root field that finds any object.

    Args:
        loaders: by the name of the type of object.
    """

    @strawberry.type
    class NodeQueries:
        """Any object by its id."""

        @root_field(cost=2)
        async def node(self, info: ApiInfo, id: strawberry.ID) -> Node | None:
            """Any object that you may see, by its id; null when it is absent or not yours to see."""
            try:
                kind, identifier = split_id(id)
                loader = loaders.get(kind)
                found = await loader(info, identifier) if loader else None
            except (NotFoundError, InvalidInputError):
                return None
            return cast("Node | None", found)

    return NodeQueries
