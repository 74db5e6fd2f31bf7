"""Relay's connections, as generic Strawberry types that make nothing but what is selected.

A connection holds the nodes and how to tell their places. Edges, cursors and page info are worked out when they are
read; generated code renders edges straight from the nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import strawberry

from wardship.graphql.engine.schema.cursors import CursorValue, encode_cursor
from wardship.graphql.engine.schema.fields import field

NodeT = TypeVar("NodeT")
Place = Callable[[Any], Sequence[CursorValue]]

PAGE_ARGUMENTS = ("first", "last")
"""The arguments of a list that bound its length."""


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Relay's page info, read off the connection."""

    connection: strawberry.Private[Any]
    has_next_page: bool = field("Whether more follow after this page.", source="connection.has_next_page")
    has_previous_page: bool = field("Whether there are some before this page.", source="connection.has_previous_page")
    start_cursor: str | None = field("The cursor of the first of the page.", source="connection.start_cursor")
    end_cursor: str | None = field(
        "The cursor of the last of the page; pass it as `after`.", source="connection.end_cursor"
    )


@strawberry.type(description="One place in a list.")
class Edge(Generic[NodeT]):
    """Relay's edge."""

    connection: strawberry.Private[Any]
    index: strawberry.Private[int]
    cursor: str = field("The place in the list; pass it as `after` to go on from here.", source="own_cursor")
    node: NodeT = field("What stands there.")

    @property
    def own_cursor(self) -> str:
        """Return the cursor, worked out when it is read."""
        cursor: str = self.connection.cursor(self.index)
        return cursor


@strawberry.type(description="A page of a list.")
class Connection(Generic[NodeT]):
    """Relay's connection; ``total_count`` is only worked out when it is selected, and null where it is dear.

    Attributes:
        nodes: what is on the page, in order.
        place: gives the values of a node's sort columns.
    """

    nodes: strawberry.Private[Sequence[NodeT]]
    place: strawberry.Private[Place]
    has_next_page: strawberry.Private[bool] = False
    has_previous_page: strawberry.Private[bool] = False
    edges: list[Edge[NodeT]] = field("The page's places, in order.", source="every_edge")
    page_info: PageInfo = field("Where the page stands in the list.", source="whereabouts")
    total_count: int | None = field(
        "How many the whole list has; null where counting costs too much.", cost=10, default=None
    )

    def cursor(self, index: int) -> str:
        """Return the cursor of the node at an index of the page."""
        return encode_cursor(self.place(self.nodes[index]))

    @property
    def every_edge(self) -> list[Edge[NodeT]]:
        """Return new edges, one for each node."""
        return [Edge(connection=self, index=index, node=node) for index, node in enumerate(self.nodes)]

    @property
    def whereabouts(self) -> PageInfo:
        """Return a new page info."""
        return PageInfo(connection=self)

    @property
    def start_cursor(self) -> str | None:
        """Return the cursor of the first node; None on an empty page."""
        return self.cursor(0) if self.nodes else None

    @property
    def end_cursor(self) -> str | None:
        """Return the cursor of the last node; None on an empty page."""
        return self.cursor(len(self.nodes) - 1) if self.nodes else None


def page_of(
    nodes: Sequence[NodeT], place: Place, *, has_next: bool, has_previous: bool = False, total_count: int | None = None
) -> Connection[NodeT]:
    """Return a connection of nodes that are exactly its page; see ``Connection`` for the rest.

    A page of a list has one for each of its nodes, so it is made without the constructor that Strawberry generates.
    """
    made: Connection[NodeT] = Connection.__new__(Connection)
    made.__dict__ = {
        "nodes": nodes,
        "place": place,
        "has_next_page": has_next,
        "has_previous_page": has_previous,
        "total_count": total_count,
    }
    return made
