"""One statement for a page of resources and their number; one for a single resource."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from scim2_models import InvalidPathException, Resource, ScimFilter, SearchRequest
from scim2_server.utils import parametrize

from wardship.core.database.engine import Record
from wardship.tenants.access import Access
from wardship.tenants.parameters import Parameters
from wardship.tenants.scim.attributes import Attributes, Column, Elements, Kind
from wardship.tenants.scim.filters import FilterTranslator

_SELECT: Final = "select"
_FURTHEST: Final = 2**31
_UTC: Final = "to_char({} at time zone 'UTC', 'YYYYMMDDHH24MISSUS')"


@dataclass(frozen=True, slots=True)
class Tables:
    """Where resources of one kind are found.

    Attributes:
        model: their class.
        name: of the first table in a statement, such as ``m``.
        main: the table itself.
        joined: what is joined to it, row by row.
        condition: which rows are resources.
        attributes: where the attributes stand.
        seeds: what an index finds; see ``FilterTranslator``.
    """

    model: type[Resource[Any]]
    name: str
    main: str
    joined: str
    condition: str
    attributes: Attributes
    seeds: Mapping[str, str]

    def rows(self, columns: str, which: str) -> str:
        """Return the statement for columns of resources."""
        place = f"{self.main} {self.name} {self.joined}"
        return f"{_SELECT} {columns} from {place} where {self.condition} and {self.name}.{which}"

    def lock(self) -> str:
        """Return the statement that locks a resource, ``$2``, until the transaction ends."""
        return f"{_SELECT} from {self.main} where organisation_id = $1 and id = $2 for no key update"


@dataclass(frozen=True, slots=True)
class Found:
    """A page of rows, and how many there are of all."""

    total: int
    rows: list[Record]


async def find(access: Access, tables: Tables, resource_id: UUID, columns: str, *, is_locked: bool) -> Record | None:
    """Return the row of one resource, locked where it is to be changed; None where there is none.

    It is read by a statement after that which locks it: one that waited would show what was there before it waited.
    """
    if is_locked:
        await access.execute(tables.lock(), resource_id)
    return await access.fetchrow(tables.rows(columns, "id = $2"), resource_id)


async def find_many(access: Access, tables: Tables, ids: Collection[UUID], columns: str) -> list[Record]:
    """Return the rows of several resources, each looked up by itself."""
    parameters = Parameters(access.organisation_id)
    sql = parameters.for_each(ids, tables.rows(columns, "id = w.id"))
    return await access.transaction.fetch(sql, *parameters.values)


async def search(access: Access, tables: Tables, request: SearchRequest[Any], columns: str) -> Found:
    """Return the page that is asked for, and the number of all: in one statement.

    Raises:
        InvalidFilterException: the filter can't be evaluated.
        InvalidPathException: nothing can be sorted so.
    """
    parameters = Parameters(access.organisation_id)
    page = _page([tables], request, parameters)
    shown = tables.rows(columns, "id = page.id limit 1")
    sql = f"{page} {_SELECT} page.*, shown.* from page left join lateral ({shown}) shown on true order by page.place"
    rows = await access.transaction.fetch(sql, *parameters.values)
    return Found(rows[0]["total"], [row for row in rows if row["id"] is not None])


async def search_all(
    access: Access, kinds: Sequence[Tables], request: SearchRequest[Any]
) -> tuple[int, list[tuple[int, UUID]]]:
    """Return the number of all that match of several kinds, and those of the page: which kind, by its place, and id.

    Raises:
        InvalidFilterException, InvalidPathException: as above.
    """
    parameters = Parameters(access.organisation_id)
    sql = f"{_page(kinds, request, parameters)} {_SELECT} page.* from page order by page.place"
    rows = await access.transaction.fetch(sql, *parameters.values)
    return rows[0]["total"], [(row["kind"], row["found_id"]) for row in rows if row["found_id"] is not None]


def _page(kinds: Sequence[Tables], request: SearchRequest[Any], parameters: Parameters) -> str:
    """Return the beginning of a statement: what matches, and ``page`` of it, which has a row even where it is empty."""
    found = " union all ".join(_found(number, tables, request, parameters) for number, tables in enumerate(kinds))
    is_turned = request.sort_order is SearchRequest.SortOrder.descending
    order = f"is_last {'desc' if is_turned else ''}, sorted {'desc' if is_turned else ''}, created_at, id"
    rest = f"offset {parameters.add(min(request.start_index_0 or 0, _FURTHEST))}"
    if request.count is not None:
        rest += f" limit {parameters.add(request.count)}"
    return (
        f"with found as materialized ({found}), listed as ({_SELECT} kind, id,"
        f" row_number() over (order by {order}) as place from found order by {order} {rest}),"
        f" page as ({_SELECT} ({_SELECT} count(*) from found) as total, listed.kind, listed.id as found_id,"
        " coalesce(listed.place, 0) as place, listed.id from (values (true)) as always left join listed on true)"
    )


def _found(number: int, tables: Tables, request: SearchRequest[Any], parameters: Parameters) -> str:
    """Return the statement for the ids of all resources of one kind that match, and by what they are sorted."""
    key = _sort_key(tables, request)
    listed = f"{_SELECT} {number} as kind, {tables.name}.id, {tables.name}.created_at, {key} as sorted, {key} is null"
    place = f"{tables.main} {tables.name} {tables.joined}"
    if request.filter is None:
        plain = place if request.sort_by is not None else f"{tables.main} {tables.name}"
        return f"{listed} as is_last from {plain} where {tables.condition}"
    bound = parametrize(ScimFilter, tables.model)(str(request.filter))
    translated = FilterTranslator(bound, tables.attributes, tables.seeds, parameters).translate()
    if translated.seed:
        # Each is looked up by itself: a plan for all arguments may read a whole organisation for `id in (…)`.
        each = f"{_SELECT} * from {tables.main} x where x.organisation_id = $1 and x.id = seed.id limit 1"
        place = f"({translated.seed}) as seed (id) cross join lateral ({each}) {tables.name} {tables.joined}"
    return f"{listed} as is_last from {place} where {tables.condition} and {translated.condition}"


def _sort_key(tables: Tables, request: SearchRequest[Any]) -> str:
    """Return a text by which resources are sorted; NULL for those that lack what they are to be sorted by."""
    binding = request.sort_binding(tables.model) if request.sort_by is not None else None
    if binding is None:
        return "null::text"
    urn = binding.urn.lower()
    found = tables.attributes.get(urn)
    if isinstance(found, Column):
        return _sorted(found, is_exact=binding.case_exact)
    several, part = tables.attributes.get(urn.rpartition(".")[0]), urn.rpartition(".")[2]
    if not isinstance(several, Elements) or part not in several.parts:
        raise InvalidPathException(detail=f"{urn} can't be sorted by: use another attribute.")
    first = _sorted(several.parts[part], is_exact=binding.case_exact)
    return f"({_SELECT} {first} from {several.source} order by {several.order} limit 1)"


def _sorted(column: Column, *, is_exact: bool) -> str:
    match column.kind:
        case Kind.TEXT:
            text = column.text(is_exact=is_exact)
        case Kind.BOOLEAN:
            text = f"{column.sql}::text"
        case Kind.MOMENT:
            text = _UTC.format(column.sql)
    return f'({text} collate "C")'
