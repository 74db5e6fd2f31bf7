"""Relay's connections, as generic Strawberry types, and the one way to fill them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import strawberry

from wardship.graphql.engine.cursors import CursorValue, encode_cursor
from wardship.graphql.engine.errors import PageSizeError
from wardship.graphql.engine.fields import field

NodeT = TypeVar("NodeT")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Relay's page info."""

    has_next_page: bool = field(cost=0, description="Whether more follow after this page.")
    has_previous_page: bool = field(cost=0, description="Whether there are some before this page.")
    start_cursor: str | None = field(cost=0, description="The cursor of the first of the page.")
    end_cursor: str | None = field(cost=0, description="The cursor of the last of the page; pass it as `after`.")


@strawberry.type(description="One place in a list.")
class Edge(Generic[NodeT]):
    """Relay's edge."""

    cursor: str = field(cost=0, description="The place in the list; pass it as `after` to go on from here.")
    node: NodeT = field(cost=0, description="What stands there.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[NodeT]):
    """Relay's connection; ``total_count`` is only worked out when it is selected, and null where it is dear."""

    edges: list[Edge[NodeT]] = field(cost=0, description="The page's places, in order.")
    page_info: PageInfo = field(cost=0, description="Where the page stands in the list.")
    total_count: int | None = field(
        cost=10, description="How many the whole list has; null where counting costs too much.", default=None
    )


def connection_of(
    rows: Sequence[NodeT],
    *,
    first: int,
    cursor: Callable[[NodeT], Sequence[CursorValue]],
    has_previous_page: bool = False,
    total_count: int | None = None,
) -> Connection[NodeT]:
    """Return a page from rows of which one more than ``first`` were asked for, to know whether more follow.

    Args:
        rows: at most ``first + 1`` nodes, in order.
        first: the wanted length of the page.
        cursor: gives the values of a node's sort columns.
        has_previous_page: whether the page starts after a cursor.
        total_count: the length of the list, when it was selected.
    """
    edges = [Edge(cursor=encode_cursor(cursor(node)), node=node) for node in rows[:first]]
    page_info = PageInfo(
        has_next_page=len(rows) > first,
        has_previous_page=has_previous_page,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges=edges, page_info=page_info, total_count=total_count)


def checked_page(first: int, most: int = 100) -> int:
    """Return the wanted length of a page, for callers that the handler's own check doesn't cover.

    Raises:
        PageSizeError: it is negative or above ``most``.
    """
    if not 0 <= first <= most:
        raise PageSizeError(f"`first` is {first}: ask for 0 to {most} at a time, and page on with the cursor.")
    return first
