"""Tell which integrations hold data of whom at this moment (requirement D7)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.tenants.access import Access
from wardship.tenants.installations.records import SELECT_PLACES, InstallationRecord, PlaceRecord, find_installations
from wardship.tenants.paging import Page, PageRequest, each_page_sql, pages_by_parent
from wardship.tenants.permissions import Permission


class LinkState(StrEnum):
    """What the vendor of an installation is taken to hold of a member."""

    SHARED = "shared"
    RESTRICTED = "restricted"
    REVOKED = "revoked"
    ERASED = "erased"


HELD: Final = frozenset({LinkState.SHARED, LinkState.RESTRICTED})
"""The states in which the vendor may hold something."""


class HoldingState(StrEnum):
    """Whether what is held may be used."""

    SHARED = "shared"
    RESTRICTED = "restricted"


class HoldingRecord(Row):
    """A hold on one member's data at one place of an installation; ``created_at`` is when it first received some."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    member_id: UUID = column("member_id")
    installation_id: UUID = column("installation_id")
    place_id: UUID = column("place_id")
    recipient: str = column("recipient")
    state: str = column("state")


_SELECT_EACH = each_page_sql(
    "select id, created_at, member_id, installation_id, place_id, state, (select p.recipient from installation_place p"
    " where p.organisation_id = subject_link.organisation_id and p.id = subject_link.place_id) as recipient"
    " from subject_link",
    "member_id",
    "state in ('shared', 'restricted')",
)


async def set_links(
    access: Access, installation_id: UUID, place_id: UUID, member_id: UUID | None, state: LinkState
) -> int:
    """Note what is now held of a member, or of everybody, at a place; what is erased is never again merely revoked.

    Returns of how many that is new.
    """
    return await access.execute(
        "update subject_link set state = $5"
        " where organisation_id = $1 and installation_id = $2 and place_id = $3 and state <> $5"
        " and ($4::uuid is null or member_id = $4) and (state <> 'erased' or $5 <> 'revoked')",
        installation_id,
        place_id,
        member_id,
        state.value,
    )


async def hold_again(access: Access, place_id: UUID, member_id: UUID | None, *, but: UUID) -> None:
    """Let count as held, not to be used, what an obligation was wrongly said to have taken back from a place.

    What another one has taken back since the last delivery stays so.
    """
    await access.execute(
        "update subject_link l set state = 'restricted' where l.organisation_id = $1 and l.place_id = $2"
        " and ($3::uuid is null or l.member_id = $3) and l.state in ('erased', 'revoked')"
        " and exists (select from disclosure d where d.organisation_id = $1 and d.place_id = $2"
        "  and d.member_id = l.member_id and d.state in ('sending', 'delivered', 'unknown')"
        "  and not exists (select from obligation o where o.organisation_id = $1 and o.place_id = $2 and o.id <> $4"
        "   and o.verb in ('erase', 'revoke') and o.state = 'completed'"
        "   and (o.member_id = l.member_id or o.member_id is null)"
        "   and o.ended_at >= coalesce(d.settled_at, d.created_at)))",
        place_id,
        member_id,
        but,
    )


async def keep_links(access: Access, member_id: UUID, place_ids: Collection[UUID], *, is_kept: bool) -> None:
    """Note that places keep what they have of an erased member for a while, or no longer."""
    await access.execute(
        "update subject_link set is_kept = $4"
        " where organisation_id = $1 and member_id = $2 and place_id = any($3::uuid[])",
        member_id,
        list(place_ids),
        is_kept,
    )


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
    rows = await access.fetch_as(HoldingRecord, _SELECT_EACH, asked, *(page.after or (None, None)), page.limit)
    return pages_by_parent(asked, rows, "member_id", page)


@dataclass(frozen=True, slots=True)
class HeldPlace:
    """A place of an installation where data of a member may be."""

    installation: InstallationRecord
    place: PlaceRecord


_HELD_AT = (
    " join subject_link l on l.organisation_id = p.organisation_id and l.installation_id = p.installation_id"
    " and l.place_id = p.id where p.organisation_id = $1 and l.member_id = $2 and l.state = any($3::text[])"
    " and p.state <> 'left' order by p.created_at, p.id"
)


async def places_holding(access: Access, member_id: UUID, *, states: Collection[LinkState] = HELD) -> list[HeldPlace]:
    """Return the places that may hold data of a member, oldest first, for code that has checked who may.

    Args:
        access: the caller.
        member_id: whose data.
        states: what they are taken to hold; with others than ``HELD`` also those that have known the member.
    """
    places = await access.fetch_as(PlaceRecord, SELECT_PLACES + _HELD_AT, member_id, [state.value for state in states])
    found = await find_installations(access, {place.installation_id for place in places}) if places else {}
    return [HeldPlace(found[place.installation_id], place) for place in places]
