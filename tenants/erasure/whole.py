"""Turn the registry of personal data into the statements that erase a whole organisation, in batches and in order.

Nothing is listed by hand: a table goes unless it says that it outlasts its organisation, and which goes first is read
from the database's own references. Rows that a row which stays refers to stay too, emptied, until that has gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from wardship.core.database.personal_data import DeclaredTable, Erasure, Outlasting, TableEntry
from wardship.core.database.tables import TenantRows
from wardship.tenants.access import Access
from wardship.tenants.erasure.plan import emptied, kept_columns
from wardship.tenants.erasure.registry import columns
from wardship.tenants.erasure.remainders import unsealed
from wardship.tenants.erasure.search import rows_naming
from wardship.tenants.erasure.texts import text_tables
from wardship.tenants.limitations.limits import Limits

BATCH: Final = 5_000
"""Rows of one statement: what it locks and writes stays small, and a process that dies loses little."""

_REFERENCES: Final = """
select c.conrelid::regclass::text as child, c.confrelid::regclass::text as parent,
    (select array_agg(a.attname::text order by k.place) from unnest(c.conkey) with ordinality as k (number, place)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number) as columns,
    (select array_agg(a.attname::text order by k.place) from unnest(c.confkey) with ordinality as k (number, place)
        join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number) as of_parent
from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace
"""

_DELETE: Final = "delete from {table}"
_EMPTY: Final = "update {table} set {changes}"
_TYPED: Final = " and $2::uuid[] is not null and $3::uuid[] is not null"
_CALL: Final = "select {function}({most}) where $1::uuid is not null" + _TYPED
_CHOSEN: Final = "select {table}.ctid from {table} where {conditions} limit {most}"
_FREE: Final = "not exists (select from {child} c where {same})"
_OF_REQUEST: Final = (
    "{column} not in (select id from data_request where organisation_id = $1 and member_id = any($2::uuid[]))"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key between two tables of tenants: pairs of the child's and the parent's column."""

    child: str
    parent: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What limitations of erasures keep of an organisation.

    Attributes:
        members: whose rows stay; they are erased but for what is kept.
        rows: further rows that stay, by table.
    """

    members: Sequence[UUID] = ()
    rows: Mapping[str, Sequence[UUID]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One statement, to be run until it touches nothing: $1 organisation, $2 members that are kept, $3 rows that are.

    Attributes:
        table: which table it is about; names the rows that are kept.
        sql: deletes or empties at most a batch.
        is_call: whether it calls a function, which answers how many it has deleted.
    """

    table: str
    sql: str
    is_call: bool = False


async def read_references(access: Access) -> list[Reference]:
    """Return the references between tables of tenants, from the catalogue."""
    return [
        Reference(row["child"], row["parent"], tuple(zip(row["columns"], row["of_parent"], strict=True)))
        for row in await access.transaction.fetch(_REFERENCES)
        if row["child"] != row["parent"]
    ]


def first_steps(held: Sequence[TableEntry], references: Sequence[Reference]) -> list[Step]:
    """Return what erases everything but what is still owed, what is kept, and proofs."""
    going = {entry.name: entry for entry in _of_tenants(held) if _outlasting(entry) is Outlasting.NOTHING}
    order = [name for group in deletion_order(going, references) for name in group]
    deletions = [_deletion(going[name], references) for name in order]
    return [*deletions, *_emptyings(held, references)]


def last_steps(held: Sequence[TableEntry], references: Sequence[Reference]) -> list[tuple[Step, ...]]:
    """Return what erases the rest but proofs, once nothing is owed or kept; those in one group in one transaction."""
    going = {entry.name: entry for entry in _of_tenants(held) if _outlasting(entry) is not Outlasting.PROOF}
    return [
        tuple(_whole(going[name], is_alone=len(group) == 1) for name in group)
        for group in deletion_order(going, references)
    ]


def deletion_order(tables: Collection[str], references: Sequence[Reference]) -> Iterator[tuple[str, ...]]:
    """Yield tables so that what refers to a table comes before it; those that refer to one another in one group."""
    left = set(tables)
    while left:
        children = {name: {r.child for r in references if r.parent == name} & left for name in left}
        below = {name: _reached(name, children) for name in left}
        first = min(sorted(left), key=lambda name: len(below[name]))
        group = {first, *below[first]}
        yield tuple(sorted(group))
        left -= group


async def what_is_kept(access: Access, limits: Mapping[UUID, tuple[UUID, Limits]]) -> Kept:
    """Return what open remainders keep of an organisation.

    Args:
        access: the system's own.
        limits: by remainder, the member and what is kept.
    """
    rows: dict[str, set[UUID]] = {}
    entries = {entry.name: entry for entry in access.services.nouns.held}
    for remainder_id, (_, limited) in limits.items():
        known = (await unsealed(access, remainder_id)).known
        for name in entries:
            rows.setdefault(name, set()).update(limited.items(name))
        for table in text_tables(access.services.nouns.held):
            kept = kept_columns(entries[table.name], limited)
            if any(column.name in kept for column in table.columns):
                rows[table.name].update(await rows_naming(access, known, table))
    found = {name: sorted(ids) for name, ids in rows.items() if ids}
    return Kept(sorted({member_id for member_id, _ in limits.values()}), found)


def _of_tenants(held: Sequence[TableEntry]) -> list[TableEntry]:
    return [entry for entry in held if issubclass(entry.table, TenantRows)]


def _outlasting(entry: TableEntry) -> Outlasting:
    table: type = entry.table
    return table.outlasting if issubclass(table, DeclaredTable) else Outlasting.NOTHING


def _reached(name: str, following: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = following.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _deletion(entry: TableEntry, references: Sequence[Reference]) -> Step:
    free = [
        _FREE.format(
            child=each.child, same=" and ".join(f"c.{ours} = {entry.name}.{theirs}" for ours, theirs in each.pairs)
        )
        for each in references
        if each.parent == entry.name
    ]
    conditions = " and ".join([f"{entry.name}.organisation_id = $1", *free, *_but_kept(entry)])
    return Step(entry.name, _batched(_DELETE.format(table=entry.name), entry.name, conditions))


def _emptyings(held: Sequence[TableEntry], references: Sequence[Reference]) -> Iterator[Step]:
    """Yield what empties the personal columns of rows that stay: of what is owed, and of what that refers to."""
    entries = _of_tenants(held)
    parents = {entry.name: {each.parent for each in references if each.child == entry.name} for entry in entries}
    owed = [entry.name for entry in entries if _outlasting(entry) is Outlasting.DUTIES]
    staying = {*owed, *(name for each in owed for name in _reached(each, parents))}
    for entry in entries:
        treated = {name: kept for name, kept in entry.personal.items() if kept.retained is None}
        if not treated or entry.name not in staying:
            continue
        placed = {name: _empty(entry, name) for name in treated}
        if entry.subject == "id":
            placed["state"] = "'erased'"
        differs = " or ".join(f"{name} is distinct from {value}" for name, value in placed.items())
        conditions = " and ".join([f"{entry.name}.organisation_id = $1", f"({differs})", *_but_kept(entry)])
        changes = ", ".join(f"{name} = {value}" for name, value in placed.items())
        yield Step(entry.name, _batched(_EMPTY.format(table=entry.name, changes=changes), entry.name, conditions))


def _empty(entry: TableEntry, name: str) -> str:
    held = entry.personal[name]
    if held.is_unique:
        return "id::text"
    # A text that others wrote, too, has no reader left.
    erasure = Erasure.REMOVE if held.erasure is Erasure.MODIFY else held.erasure
    return emptied(entry, name, erasure).replace("$3", "pseudonym")


def _but_kept(entry: TableEntry) -> Iterator[str]:
    if entry.subject is not None and entry.subject != "id" and entry.subject_kind == "member":
        yield f"{entry.name}.{entry.subject} <> all($2::uuid[])"
    elif entry.subject_kind == "request" and entry.subject is not None:
        yield _OF_REQUEST.format(column=f"{entry.name}.{entry.subject}")
    if "id" in columns(entry):
        yield f"{entry.name}.id <> all($3::uuid[])"


def _whole(entry: TableEntry, *, is_alone: bool) -> Step:
    table: type = entry.table
    if issubclass(table, DeclaredTable) and table.forgotten_by:
        return Step(entry.name, _CALL.format(function=table.forgotten_by, most=BATCH), is_call=True)
    conditions = f"{entry.name}.organisation_id = $1"
    sql = _DELETE.format(table=entry.name)
    return Step(entry.name, _batched(sql, entry.name, conditions) if is_alone else f"{sql} where {conditions}{_TYPED}")


def _batched(act: str, table: str, conditions: str) -> str:
    """Return a statement that touches at most a batch; every one takes the same three arguments."""
    chosen = _CHOSEN.format(table=table, conditions=conditions, most=BATCH)
    return f"{act} where {table}.ctid = any(array({chosen})){_TYPED}"
