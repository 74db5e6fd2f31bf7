"""The texts of an organisation that may name a person: which columns hold them, and how one asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from wardship.core.database.personal_data import Erasure, Personal, RowErasure, TableEntry
from wardship.core.database.tables import TenantRows
from wardship.tenants.erasure.plan import NOTHING_KEPT, UnplannableError, but_items, kept_columns
from wardship.tenants.erasure.registry import columns
from wardship.tenants.limitations.limits import Limits
from wardship.tenants.matching.candidates import condition

_AS_TEXT: Final = {"TEXT": "{name}", "VARCHAR": "{name}", "JSONB": "{name}::text", "TEXT[]": "to_jsonb({name})::text"}
_FROM_TEXT: Final = {
    "TEXT": "{value}",
    "VARCHAR": "{value}",
    "JSONB": "{value}::jsonb",
    "TEXT[]": "array(select jsonb_array_elements_text({value}::jsonb))",
}
_COUNT: Final = "select count(*) from {table} where organisation_id = $1"
_TAKEN: Final = (
    "select {column} as text from {table} where organisation_id = $1 and {column} = any($2::text[])"
    " and id <> all($3::uuid[])"
)
_SHOWN: Final = "case when row_number() over () <= 2000 then {text} end as {name}"
_SEARCH: Final = (
    "select id, row_number() over () <= 2000 as is_shown, {shown} from {table}"
    " where organisation_id = $1 and ({found}){but}"
)
_SINCE: Final = " and age({table}.xmin) <= age($5::text::xid8::xid)"
_READ: Final = (
    "select found.* from unnest($2::uuid[]) as w (id) cross join lateral (select id, true as is_shown, {shown}"
    " from {table} where organisation_id = $1 and id = w.id limit 1) found"
)
_WRITE: Final = (
    "update {table} t set {placed} from unnest($2::uuid[], {arrays}) as w (id, {names})"
    " where t.organisation_id = $1 and t.id = w.id and {same} returning t.id"
)


@dataclass(frozen=True, slots=True)
class TextColumn:
    """One column in which an erasure rewrites what names the person.

    Attributes:
        name: its name.
        held: what the registry says of it.
        kind: its type in the database.
    """

    name: str
    held: Personal
    kind: str

    @property
    def as_text(self) -> str:
        """Return the SQL that reads it as one text."""
        return _AS_TEXT[self.kind].format(name=self.name)

    def as_text_of(self, alias: str) -> str:
        """Return the SQL that reads it as one text, of a table by its alias."""
        return _AS_TEXT[self.kind].format(name=f"{alias}.{self.name}")

    def from_text(self, value: str) -> str:
        """Return the SQL that makes a value of one text."""
        return _FROM_TEXT[self.kind].format(value=value)

    def texts(self, value: str) -> Iterator[str]:
        """Return the texts inside a value that was read as one."""
        yield from texts_in(value if self.kind in _PLAIN else msgspec.json.decode(value))

    def replaced(self, value: str, replace: Callable[[str], str]) -> str:
        """Return a value in which each text is replaced; its structure stays, and its longest length is kept."""
        if self.kind in _PLAIN:
            return replace(value)[: self.held.longest]
        return msgspec.json.encode(_replaced(msgspec.json.decode(value), replace)).decode()


_PLAIN: Final = frozenset({"TEXT", "VARCHAR"})


@dataclass(frozen=True, slots=True)
class TextTable:
    """One table with such columns, and the SQL by which its rows are read and rewritten.

    Attributes:
        name: its name.
        columns: those that are read, in a stable order.
        but: `` and …``: which rows are left as they are.
    """

    name: str
    columns: tuple[TextColumn, ...]
    but: str = ""

    @property
    def categories(self) -> tuple[str, ...]:
        """Return the categories of what the columns hold, sorted."""
        return tuple(sorted({column.held.category for column in self.columns}))

    @property
    def count_sql(self) -> str:
        """Return the SQL that counts its rows: $1 organisation."""
        return _COUNT.format(table=self.name)

    def taken_sql(self, column: TextColumn) -> str:
        """Return the SQL that reads which of some values other rows have: $1 organisation, $2 values, $3 own ids."""
        return _TAKEN.format(table=self.name, column=column.name)

    @property
    def search_sql(self) -> str:
        """Return the SQL that finds candidates: $1 organisation, and the three arguments of candidates.

        The values of the first rows come along; of the others only the ids, so that no more than that is held at once.
        """
        found = " or ".join(condition(column.as_text, 2) for column in self.columns)
        shown = ", ".join(_SHOWN.format(text=column.as_text, name=column.name) for column in self.columns)
        return _SEARCH.format(table=self.name, shown=shown, found=found, but=self.but)

    @property
    def search_since_sql(self) -> str:
        """Return the SQL that finds candidates among the rows written since a moment, which is $5.

        It is the number of a transaction: rows of older ones were seen by all who looked at that moment.
        """
        return self.search_sql + _SINCE.format(table=self.name)

    @property
    def read_sql(self) -> str:
        """Return the SQL that reads rows by id: $1 organisation, $2 ids."""
        shown = ", ".join(f"{column.as_text} as {column.name}" for column in self.columns)
        return _READ.format(table=self.name, shown=shown)

    @property
    def write_sql(self) -> str:
        """Return the SQL that writes values where they still are what was read, and returns the ids of those rows.

        $1 organisation, $2 ids, then for each column the values that were read and the new ones, as texts.
        """
        count = len(self.columns)
        return _WRITE.format(
            table=self.name,
            placed=", ".join(f"{column.name} = {column.from_text(f'w.n{n}')}" for n, column in enumerate(self.columns)),
            arrays=", ".join(f"${place}::text[]" for place in range(3, 3 + 2 * count)),
            names=", ".join(f"o{n}, n{n}" for n in range(count)),
            same=" and ".join(
                f"{column.as_text_of('t')} is not distinct from w.o{n}" for n, column in enumerate(self.columns)
            ),
        )


def text_tables(held: Sequence[TableEntry], limits: Limits = NOTHING_KEPT) -> list[TextTable]:
    """Return the tables of tenants whose texts an erasure rewrites, but for what limitations keep.

    Raises:
        UnplannableError: a column's type holds no text.
    """
    return _tables_of((entry for entry in held if entry.rows is not RowErasure.DELETE), limits)


def copied_texts(held: Sequence[TableEntry], limits: Limits = NOTHING_KEPT) -> list[TextTable]:
    """Return the tables whose rows go with their reader, and may name others: copies of what is asked about elsewhere.

    Raises:
        UnplannableError: a column's type holds no text.
    """
    return _tables_of((entry for entry in held if entry.rows is RowErasure.DELETE), limits)


def _tables_of(held: Iterable[TableEntry], limits: Limits) -> list[TextTable]:
    found = (_text_table(entry, limits) for entry in held if issubclass(entry.table, TenantRows))
    return [table for table in found if table.columns]


def _text_table(entry: TableEntry, limits: Limits) -> TextTable:
    kept = kept_columns(entry, limits)
    named = [
        _column(entry, name, held)
        for name, held in entry.personal.items()
        if held.erasure is Erasure.MODIFY and name not in kept
    ]
    return TextTable(entry.name, tuple(named), but_items(entry, limits))


def _column(entry: TableEntry, name: str, held: Personal) -> TextColumn:
    kind = str(columns(entry)[name].column_type).upper()
    if kind not in _AS_TEXT:
        raise UnplannableError(f"{entry.name}.{name}: a {kind} can't be rewritten.")
    return TextColumn(name, held, kind)


def texts_in(value: object) -> Iterator[str]:
    """Return every text in a JSON value, the names of its fields too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield str(name)
            yield from texts_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts_in(item)


def _replaced(value: object, replace: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return replace(value)
    if isinstance(value, dict):
        return {replace(name): _replaced(item, replace) for name, item in value.items()}
    return [_replaced(item, replace) for item in value] if isinstance(value, list) else value
