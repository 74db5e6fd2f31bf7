"""Who looked at or changed whose data: for the person concerned, and the whole log for those who may read it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from wardship.core.database.rows import Row, column
from wardship.core.database.scope import Scope
from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.data_access.audit_filter import AuditFilter, audit_conditions
from wardship.tenants.paging import Page, PageRequest, page_of, page_of_rows
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission

_EVERYTHING: Final = AuditFilter()
# What a membership was called before it became one with another.
_EARLIER: Final = """
    with recursive earlier (id) as (
        select $1::uuid union select d.from_id from merged_membership d join earlier e on d.to_id = e.id
    )
    select id from earlier
"""


class DataAccessRecord(Row):
    """That somebody saw categories of a member's data.

    Attributes:
        id: of what was seen at once, perhaps of others too; unique among the entries of one member.
        actor_id: the member who looked; for the provider's staff, the account.
        actor_kind: ``member``, ``token`` (a member's program) or ``privacy_team``.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    member_id: UUID = column("member_id")
    actor_id: UUID = column("actor_id")
    actor_kind: str = column("actor_kind")
    categories: tuple[str, ...] = column("categories", tuple)


class AuditActor(msgspec.Struct, frozen=True):
    """Who acted, as the entry names it."""

    kind: str
    account: UUID | None
    member: UUID | None


class AuditTarget(msgspec.Struct, frozen=True):
    """What was acted on."""

    kind: str
    id: UUID | None


class AuditRecord(msgspec.Struct, frozen=True):
    """An entry of the audit chain; identifiers, codes and names of fields only."""

    id: UUID
    at: datetime
    actor: AuditActor
    action: str
    target: AuditTarget
    purpose: str
    outcome: str
    request: str
    details: dict[str, Any]
    sequence: int = 0


async def own_data_access(access: Access, page: PageRequest) -> Page[DataAccessRecord]:
    """Return a page of who looked at the caller's own data, latest first: in order of the entries' identifiers.

    Who has left sees it too: the privacy team looks at those above all.
    """
    member_id = access.require_person("read")
    parameters = Parameters(access.organisation_id, member_id)
    sql = """select d.id, d.created_at, p.member_id, d.actor_id, d.actor_kind, d.categories from data_access_person p
        join data_access d on d.organisation_id = p.organisation_id and d.id = p.id
        where p.organisation_id = $1 and p.member_id = $2"""
    if page.after is not None:
        sql += f" and p.id < {parameters.add(page.after[1])}"
    sql += f" order by p.id desc limit {page.ceiling}"
    return page_of_rows(await access.transaction.fetch_as(DataAccessRecord, sql, *parameters.values), page)


async def audit_log(
    access: Access,
    first: int,
    *,
    before: int | None = None,
    merger_id: UUID | None = None,
    wanted: AuditFilter = _EVERYTHING,
) -> Page[AuditRecord]:
    """Return the entries of an audit chain before a sequence number, latest first.

    Args:
        access: who may read the organisation's chain.
        first: how many.
        before: the sequence number.
        merger_id: by which another became part of the organisation, to read the other's chain; None for the own.
        wanted: narrows the list.

    Raises:
        PermissionDeniedError: the caller may not read audit chains.
        NotFoundError: no such merger was carried out into this organisation.
    """
    access.require(Permission.AUDIT_READ)
    async with chain_of(access, merger_id) as there:
        return await _entries(there, PageRequest(first), before, None, wanted)


async def own_changes(
    access: Access, first: int, *, before: int | None = None, merger_id: UUID | None = None
) -> Page[AuditRecord]:
    """Return the entries of the audit chain whose target is the caller, latest first; see ``audit_log``."""
    member_id = access.require_person("read")
    async with chain_of(access, merger_id) as there:
        if merger_id is None:
            return await _entries(there, PageRequest(first), before, [member_id])
        earlier = await there.transaction.fetch(_EARLIER, member_id)
        return await _entries(there, PageRequest(first), before, [row["id"] for row in earlier])


@asynccontextmanager
async def chain_of(access: Access, merger_id: UUID | None) -> AsyncIterator[Access]:
    """Reach the rows of the organisation that became part of the caller's by a merger; the own where none is named.

    Raises:
        NotFoundError: no such merger was carried out into this organisation.
    """
    if merger_id is None:
        yield access
        return
    former = await access.transaction.fetchval("select former_organisation($1)", merger_id)
    if former is None:
        raise NotFoundError("No such merger was carried out into your organisation: list its mergers.")
    async with access.transaction.reaching(Scope(former, directory=True)):
        yield replace(access, actor=replace(access.actor, organisation_id=former))


async def _entries(
    access: Access,
    page: PageRequest,
    before: int | None,
    targets: Sequence[UUID] | None,
    wanted: AuditFilter = _EVERYTHING,
) -> Page[AuditRecord]:
    parameters = Parameters(access.organisation_id)
    sql = "select e.sequence, e.entry from audit_entry e where e.organisation_id = $1"
    sql += audit_conditions(wanted, parameters)
    if targets is not None:
        named = ", ".join(parameters.add(target) for target in targets)
        sql += f" and e.target_id = {named}" if len(targets) == 1 else f" and e.target_id in ({named})"
    if before is not None:
        sql += f" and e.sequence < {parameters.add(before)}"
    sql += f" order by e.sequence desc limit {page.ceiling}"
    rows = await access.transaction.fetch(sql, *parameters.values)
    return page_of(rows, page, _audit_record)


def _audit_record(row: Mapping[str, Any]) -> AuditRecord:
    return msgspec.structs.replace(msgspec.json.decode(row["entry"], type=AuditRecord), sequence=row["sequence"])
