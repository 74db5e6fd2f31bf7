"""Tell which integrations hold data of whom at this moment (requirement D7)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.paging import Page, PageRequest, page_of
from wardship.tenants.permissions import Permission


class HoldingState(StrEnum):
    """Whether what is held may be used."""

    SHARED = "shared"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class HoldingRecord:
    """One installation's hold on one member's data; ``created_at`` is when it first received some."""

    id: UUID
    created_at: datetime
    member_id: UUID
    installation_id: UUID
    state: HoldingState


async def holdings_of_members(
    access: Access, member_ids: Collection[UUID], page: PageRequest
) -> dict[UUID, Page[HoldingRecord]]:
    """Return, for each member, a page of the installations that hold data of him or her, the first to receive it first.

    Members whose holdings the caller may not see are left out: everybody sees his or her own, readers of the ledger
    see all.
    """
    sees_all = access.may(Permission.LEDGER_READ)
    asked = [member_id for member_id in member_ids if sees_all or member_id == access.actor.member_id]
    if not asked:
        return {}
    at, identifier = page.after or (None, None)
    rows = await access.transaction.fetch(
        "select l.* from unnest($2::uuid[]) as parent cross join lateral ("
        " select id, created_at, member_id, installation_id, state from subject_link"
        " where organisation_id = $1 and member_id = parent and state in ('shared', 'restricted')"
        " and ($3::timestamptz is null or (created_at, id) > ($3, $4::uuid))"
        " order by created_at, id limit $5) l",
        access.organisation_id,
        asked,
        at,
        identifier,
        page.limit,
    )
    found: dict[UUID, list[Mapping[str, Any]]] = {member_id: [] for member_id in asked}
    for row in rows:
        found[row["member_id"]].append(row)
    return {member_id: page_of(items, page, _holding) for member_id, items in found.items()}


def _holding(row: Mapping[str, Any]) -> HoldingRecord:
    return HoldingRecord(
        row["id"], row["created_at"], row["member_id"], row["installation_id"], HoldingState(row["state"])
    )
