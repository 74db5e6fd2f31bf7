"""Collect what is held on a person: every column that the registry says an export shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from piccolo.columns import JSONB

from wardship.core.database.personal_data import Controller, Personal, Source, TableEntry
from wardship.core.database.tables import TenantRows
from wardship.tenants.access import Access
from wardship.tenants.erasure.registry import columns, select_sql

PORTABLE = frozenset({Source.PERSON, Source.AUTOMATIC})
"""What the person gave or caused (GDPR article 20): the sources of a portable copy."""


class ColumnOrigin(msgspec.Struct, frozen=True):
    """Category (Fides key) and source of one column."""

    name: str
    category: str
    source: str


class Section(msgspec.Struct, frozen=True):
    """The person's rows of one table; ``origins`` say what each column holds and where it came from, ``ids`` which."""

    table: str
    origins: tuple[ColumnOrigin, ...]
    rows: tuple[dict[str, Any], ...]
    ids: tuple[UUID, ...] = ()


async def gather(
    access: Access,
    member_id: UUID,
    account_id: UUID | None,
    sources: Collection[Source] | None = None,
    controller: Controller | None = None,
) -> list[Section]:
    """Return what is held on a member, and on the account behind where the transaction reaches the directory.

    Args:
        access: the system's own.
        member_id: the person in this organisation.
        account_id: the person's account; None when the tie is cut.
        sources: only columns of these sources; None means all.
        controller: only data on which this one decides; None means all.
    """
    found = []
    for entry in access.services.nouns.held:
        shown = {
            name: held
            for name, held in entry.personal.items()
            if held.exported and (sources is None or held.source in sources)
        }
        is_wanted = controller is None or entry.controller is controller
        if entry.subject is not None and shown and is_wanted:
            found.append(await _section(access, entry, shown, member_id, account_id))
    return [section for section in found if section.rows]


async def _section(
    access: Access, entry: TableEntry, shown: Mapping[str, Personal], member_id: UUID, account_id: UUID | None
) -> Section:
    is_tenants = issubclass(entry.table, TenantRows)
    arguments: tuple[object, ...] = (access.organisation_id, member_id) if is_tenants else (account_id,)
    rows = await access.transaction.fetch(
        select_sql(entry, ("id", "created_at", *shown), "order by created_at, id"), *arguments
    )
    documents = {name for name, column in columns(entry).items() if isinstance(column, JSONB)}
    named = ("created_at", *shown)
    plain = [{name: _plain(row[name], is_document=name in documents) for name in named} for row in rows]
    origins = tuple(ColumnOrigin(name, held.category, held.source.value) for name, held in shown.items())
    return Section(entry.name, origins, tuple(plain), tuple(row["id"] for row in rows))


def _plain(value: object, *, is_document: bool = False) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str) and is_document:
        return msgspec.json.decode(value)
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
