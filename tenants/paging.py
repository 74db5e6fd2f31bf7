"""Keyset paging: what a caller asks of a list, and what one page of it holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar
from uuid import UUID

from wardship.core.errors import InvalidInputError
from wardship.tenants.parameters import Parameters

LONGEST_PAGE = 100
DEFAULT_PAGE = 20

_CEILINGS = (2, 6, 11, 21, 51, LONGEST_PAGE + 1)

SortValue: TypeAlias = datetime | str | int
Keyset: TypeAlias = tuple[SortValue, UUID]
"""The sort column's value and the id of the last row that was seen."""

RowT = TypeVar("RowT")
ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Ask for the rows after one that was seen.

    Attributes:
        first: how many, 1 to 100.
        after: the sort value and id of the last row seen; None starts at the beginning.
    """

    first: int = DEFAULT_PAGE
    after: Keyset | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.first <= LONGEST_PAGE:
            raise InvalidInputError(f"Ask for 1 to {LONGEST_PAGE} at a time, and page on.", path=("first",))

    @property
    def limit(self) -> int:
        """Return how many rows to fetch: one more than asked tells whether there are more."""
        return self.first + 1

    @property
    def ceiling(self) -> int:
        """Return ``limit`` rounded up to one of a few numbers, to be written into a statement as a literal.

        A plan made once for all arguments takes a limit that is a parameter for a tenth of the table, and sorts what an
        index has in order; a literal for each length would fill the cache of prepared statements.
        """
        return next(size for size in _CEILINGS if size >= self.limit)


class Page(NamedTuple, Generic[ItemT]):
    """One page of a list.

    Attributes:
        items: at most as many as were asked for, in order.
        has_next: whether more follow.
    """

    items: list[ItemT]
    has_next: bool = False


def page_sql(
    page: PageRequest, parameters: Parameters, conditions: Sequence[str], *, by: str = "created_at, id"
) -> str:
    """Return the end of a statement: `` where … order by … limit …``, from the row that was seen last.

    Args:
        page: what was asked for.
        parameters: of the statement; gets the place in the list.
        conditions: besides that place; constants of our own source.
        by: sort column and id, which an index has in this order.
    """
    return f" where {' and '.join(conditions)}{rest_sql(page, parameters, by)}"


def rest_sql(page: PageRequest, parameters: Parameters, by: str) -> str:
    """Return the end of a statement that has its conditions: `` and … order by … limit …``; see ``page_sql``."""
    end = f" order by {by} limit {page.ceiling}"
    if page.after is None:
        return end
    value, identifier = page.after
    return f" and ({by}) > ({parameters.add(value)}, {parameters.add(identifier)}){end}"


def newest_sql(page: PageRequest, parameters: Parameters) -> str:
    """Return the end of a statement on a table `n` that has its conditions, the newest first; see ``rest_sql``."""
    end = f" order by n.created_at desc, n.id desc limit {page.ceiling}"
    if page.after is None:
        return end
    value, identifier = page.after
    return f" and (n.created_at, n.id) < ({parameters.add(value)}, {parameters.add(identifier)}){end}"


def each_page_sql(select: str, parent: str, condition: str = "true") -> str:
    """Return a statement for a page of each parent's rows, the oldest first; all parts are constants of our own source.

    Its parameters are the organisation, the parents' ids, the moment and the id of the last row seen, and the limit.
    """
    return (
        f"select each.* from unnest($2::uuid[]) as parent cross join lateral ({select}"  # noqa: S608 - constants
        f" where organisation_id = $1 and {parent} = parent and {condition}"
        " and ($3::timestamptz is null or (created_at, id) > ($3, $4::uuid)) order by created_at, id limit $5) each"
    )


def page_of_rows(rows: Sequence[ItemT], request: PageRequest) -> Page[ItemT]:
    """Return the page of rows that were fetched with ``request.limit``, as they stand."""
    first = request.first
    return Page(list(rows[:first]), len(rows) > first)


def rows_by_parent(parents: Collection[UUID], rows: Iterable[ItemT], parent: str) -> dict[UUID, list[ItemT]]:
    """Return the rows of each parent, in the order in which they were fetched; ``parent`` is the column with its id."""
    found: dict[UUID, list[Any]] = {each: [] for each in parents}
    for key, theirs in groupby(rows, itemgetter(parent)):  # type: ignore[arg-type]  # rows have columns
        found[key] += theirs
    return found


def pages_by_parent(
    parents: Collection[UUID], rows: Iterable[ItemT], parent: str, request: PageRequest
) -> dict[UUID, Page[ItemT]]:
    """Return a page for each parent, of rows that were fetched for all of them.

    Args:
        parents: ids of the parents.
        rows: those of each parent in order, best one parent after the other, ``request.limit`` of them or a few more.
        parent: the column that holds the parent's id.
        request: what was asked for.
    """
    found = rows_by_parent(parents, rows, parent)
    first = request.first
    return {
        each: Page(items[:first], has_next=True) if len(items) > first else Page(items) for each, items in found.items()
    }


def page_of_states_sql(  # noqa: PLR0913 - the parts of a statement
    select: str,
    page: PageRequest,
    parameters: Parameters,
    conditions: Sequence[str],
    states: Iterable[str],
    *,
    by: str = "created_at, id",
) -> str:
    """Return a statement for a page of what is in some states.

    It looks for each state by itself, because an index holds the rows of one state in order, and not those of several.

    Args:
        select: `` select … from …``; constants of our own source, as the other texts.
        page: what was asked for.
        parameters: of the statement; gets the states and the place in the list.
        conditions: besides state and place.
        states: of the column ``state``.
        by: sort column and id, which an index has in this order behind ``state``.
    """
    wanted = parameters.add([str(state) for state in states])
    of_one = select + page_sql(page, parameters, [*conditions, "state = s.wanted"], by=by)
    return (
        f"select found.* from unnest({wanted}::text[]) as s (wanted) cross join lateral ({of_one}) found"  # noqa: S608 - constants
        f" order by {by} limit {page.ceiling}"
    )


def page_of(rows: Sequence[RowT], request: PageRequest, make: Callable[[RowT], ItemT]) -> Page[ItemT]:
    """Return the page made of the rows that were fetched with ``request.limit``."""
    return Page([make(row) for row in rows[: request.first]], len(rows) > request.first)
