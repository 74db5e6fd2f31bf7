"""Connections over the domain's pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import TypeVar, cast
from uuid import UUID

from wardship.graphql.engine import Connection, decode_cursor
from wardship.tenants.paging import Keyset, Page, PageRequest

PLACE = attrgetter("created_at", "id")
"""Where an item stands in a list that is ordered by time of creation."""

ItemT = TypeVar("ItemT")
NodeT = TypeVar("NodeT")


def page_request(first: int, after: str | None, sort: type = datetime) -> PageRequest:
    """Return what the domain is asked for.

    Args:
        first: how many.
        after: the cursor of the last one seen.
        sort: the type of the sort column.

    Raises:
        InvalidInputError: ``first`` is out of bounds.
        MalformedCursorError: the cursor is not one of this list.
    """
    if after is None:
        return PageRequest(first)

    return PageRequest(first, cast("Keyset", decode_cursor(after, sort, UUID)))


def connection(
    page: Page[ItemT],
    request: PageRequest,
    *,
    node: Callable[[ItemT], NodeT],
    place: Callable[[ItemT], Keyset],
    total_count: int | None = None,
) -> Connection[NodeT]:
    """Return a page of the domain as a connection.

    Args:
        page: what the domain answered.
        request: what it was asked for.
        node: makes the node of an item.
        place: gives the sort value and id of an item.
        total_count: the length of the whole list, where it was selected.
    """
    return Connection(
        nodes=[node(item) for item in page.items],
        items=page.items,
        place=place,
        has_next_page=page.has_next,
        has_previous_page=request.after is not None,
        total_count=total_count,
    )
