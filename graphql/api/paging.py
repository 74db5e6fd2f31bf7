"""Connections over the domain's pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar, cast
from uuid import UUID

from wardship.graphql.engine import Connection, Selection, decode_cursor, page_of
from wardship.tenants.paging import Keyset, Page, PageRequest

_CURSORS = frozenset({"start_cursor", "end_cursor"})
PLACE = attrgetter("created_at", "id")
"""Where an item stands in a list that is ordered by time of creation."""

ItemT = TypeVar("ItemT")


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


def asks_places(selection: Selection) -> bool:
    """Return whether a connection's selection shows where its nodes stand, so that this has to be read."""
    return selection.has("edges.cursor") or bool(selection.fields("page_info") & _CURSORS)


def connections(
    parents: Sequence[Any],
    found: Mapping[UUID, Page[Any]],
    request: PageRequest,
    place: Callable[[Any], Keyset] = PLACE,
) -> list[Connection[Any]]:
    """Return the connection of each parent, of pages that were found by the parents' ids.

    Args:
        parents: records of the domain.
        found: a page for each of them.
        request: what the domain was asked for.
        place: gives the sort value and id of an item.
    """
    pages = [found[parent.id] for parent in parents]
    has_previous = request.after is not None
    return [page_of(page.items, place, has_next=page.has_next, has_previous=has_previous) for page in pages]


def connection(
    page: Page[ItemT],
    request: PageRequest,
    *,
    place: Callable[[ItemT], Keyset] = PLACE,
    total_count: int | None = None,
) -> Connection[Any]:
    """Return a page of the domain as a connection.

    Args:
        page: what the domain answered.
        request: what it was asked for.
        place: gives the sort value and id of an item.
        total_count: the length of the whole list, where it was selected.
    """
    has_previous = request.after is not None
    return page_of(page.items, place, has_next=page.has_next, has_previous=has_previous, total_count=total_count)
