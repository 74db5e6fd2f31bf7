"""Relay's ``node(id:)``: any object by its global id, found by the loader of its type."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import strawberry

from wardship.core.errors import InvalidInputError, NotFoundError
from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.identifiers import split_id
from wardship.graphql.engine import GlobalId, field, root_field

NodeLoader = Callable[[ApiInfo, UUID], Awaitable[Any]]

_LOADERS: dict[str, NodeLoader] = {}


@strawberry.interface(description="An object with a globally unique id.")
class Node:
    """What can be fetched again by its id."""

    id: strawberry.ID = field(description="Opaque, globally unique identifier.")


def global_id_field(type_name: str, description: str = "Opaque, globally unique identifier.") -> Any:  # noqa: ANN401 (an annotated attribute's default)
    """Declare the ``id`` of a type whose objects are records of the domain."""
    return field(description=description, source="id", convert=GlobalId.encoder(type_name))


def node_loader(type_name: str) -> Callable[[NodeLoader], NodeLoader]:
    """Register how an object of a type is found: decorates ``async def load(info, identifier) -> object | None``."""

    def register(loader: NodeLoader) -> NodeLoader:
        _LOADERS[type_name] = loader
        return loader

    return register


@strawberry.type
class NodeQueries:
    """The root field that finds any object."""

    @root_field(cost=2)
    async def node(self, info: ApiInfo, id: strawberry.ID) -> Node | None:
        """Any object that you may see, by its id; null when it is absent or not yours to see."""
        try:
            kind, identifier = split_id(id)
            loader = _LOADERS.get(kind)
            found: Node | None = await loader(info, identifier) if loader else None
        except (NotFoundError, InvalidInputError):
            return None
        return found
