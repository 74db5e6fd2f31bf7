"""What the API asks of each of its nouns, and the answers put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from wardship.core.nouns import NounManager, hookspec, once, once_by_key
from wardship.graphql.api.node import NodeLoader

Types: TypeAlias = Sequence[type]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiParts:
    """What one noun, or all of them, brings to the API.

    Attributes:
        queries: types of query fields, as the others made with ``strawberry.type``.
        mutations: types of mutation fields.
        subscriptions: types of subscription fields.
        extensions: what is added to the types of nouns below it: see ``relations``.
        node_loaders: what finds an object by its identifier, by the name of the object's type.
    """

    queries: Types = ()
    mutations: Types = ()
    subscriptions: Types = ()
    extensions: Types = ()
    node_loaders: Mapping[str, NodeLoader] = field(default_factory=dict)


class ApiHooks(Protocol):
    """What the API asks of each of its nouns."""

    @hookspec
    def wardship_api(self) -> ApiParts:
        """Return the noun's part of the API."""
        ...


def api_parts(names: Sequence[str]) -> ApiParts:
    """Return the parts of the API's nouns, in their order.

    Args:
        names: dotted names of their folders below ``wardship``.

    Raises:
        RegisteredTwiceError: two of them bring the same.
    """
    parts: list[ApiParts] = NounManager([f"wardship.{name}" for name in names], ApiHooks).ask("wardship_api")
    return ApiParts(
        queries=once(part.queries for part in parts),
        mutations=once(part.mutations for part in parts),
        subscriptions=once(part.subscriptions for part in parts),
        extensions=once(part.extensions for part in parts),
        node_loaders=once_by_key([part.node_loaders for part in parts]),
    )
