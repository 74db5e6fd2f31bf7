"""Encrypt again, for the other organisation, what is encrypted for one: it opens in no other than that it was made for.

Which columns these are stands in the registry, beside the tables. A few values at a time are held in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from wardship.core.database.personal_data import DeclaredTable, Sealed
from wardship.core.keys import UnreadableSecretError
from wardship.tenants.access import Access

_READ: Final = (
    "select t.id, t.{column} as content, array[{bound}] as earlier, array[{carried}] as later from {table} t"
    " where t.organisation_id = $1 and t.{column} is not null and ($3::uuid is null or t.id > $3) and $2::uuid is not"
    " null order by t.id limit {most}"
)
_CARRIED: Final = (
    "coalesce((select d.to_id from merged_membership d where d.merger_id = $2 and d.from_id = t.{name}), t.{name})"
)
_WRITE: Final = (
    "update {table} t set {column} = n.content from unnest($2::uuid[], $3::bytea[]) as n (id, content)"
    " where t.organisation_id = $1 and t.id = n.id"
)


async def reseal(here: Access, merger_id: UUID, target_id: UUID) -> None:
    """Encrypt everything of the organisation again, so that it opens once its rows are the other's.

    What can't be read any more, because its key is gone, stays as it is.

    Args:
        here: the system's own, in the organisation that goes, whose deliveries stand still; reaches the directory.
        merger_id: which says who had a membership in both.
        target_id: the organisation for which it is encrypted.
    """
    for entry in here.services.nouns.held:
        table: type = entry.table
        if issubclass(table, DeclaredTable):
            for column in table.encrypted:
                await _reseal_column(here, entry.name, column, (merger_id, target_id))


async def _reseal_column(here: Access, table: str, column: Sealed, going: tuple[UUID, UUID]) -> None:
    merger_id, target_id = going
    bound = [f"t.{name}" for name in column.bound_to]
    carried = [_CARRIED.format(name=name) for name in column.bound_to]
    sql = _READ.format(
        column=column.column, table=table, bound=", ".join(bound), carried=", ".join(carried), most=column.at_once
    )
    after: UUID | None = None
    while rows := await here.fetch(sql, merger_id, after):
        after = rows[-1]["id"]
        await _write(here, table, column, _opened(here, column, rows, target_id))


def _opened(here: Access, column: Sealed, rows: Sequence[Any], target_id: UUID) -> list[tuple[UUID, bytes]]:
    """Return rows and their values, encrypted for the other organisation."""
    keys, again = here.services.keys, []
    for row in rows:
        try:
            plain = keys.decrypt(
                column.purpose, row["content"], bound_to=_binding(here.organisation_id, row["earlier"])
            )
        except UnreadableSecretError:
            continue
        again.append((row["id"], keys.encrypt(column.purpose, plain, bound_to=_binding(target_id, row["later"]))))
    return again


async def _write(here: Access, table: str, column: Sealed, values: Sequence[tuple[UUID, bytes]]) -> None:
    if values:
        ids, contents = zip(*values, strict=True)
        await here.execute(_WRITE.format(table=table, column=column.column), list(ids), list(contents))


def _binding(organisation_id: UUID, identifiers: Sequence[UUID]) -> bytes:
    return b"".join(identifier.bytes for identifier in (organisation_id, *identifiers))
