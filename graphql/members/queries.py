"""What may be asked about members."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from uuid import UUID

import strawberry

from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError
from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.identifiers import parse_id, parse_optional
from wardship.graphql.api.paging import PLACE, connection, page_request
from wardship.graphql.api.types import input_type
from wardship.graphql.engine import Connection, field, root_field, selection_of
from wardship.graphql.members.access_recording import note_members
from wardship.graphql.members.model import Member, load_member
from wardship.tenants.members.read import MemberFilter, MemberOrder, count_members, list_members
from wardship.tenants.members.records import MemberRecord, MemberState
from wardship.tenants.members.search import checked_search
from wardship.tenants.members.visibility import visible_members
from wardship.tenants.paging import Keyset

_IDENTIFIER: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@input_type
class MemberFilterInput:
    """Which members a list holds; what is not given does not narrow it."""

    states: list[MemberState] | None = field(
        "Where the membership stands; otherwise active and deactivated. For administrators.", default=None
    )
    name_prefix: str | None = field("How the display name starts, letter case included.", default=None)
    search: str | None = field(
        "What the display name, or its last word, starts with, in any letter case and without marks on letters; with an"
        " @, how the address starts; or the member's id, as pasted. Found ones come by what was found.",
        default=None,
    )
    group_id: strawberry.ID | None = field("Present members of this group.", default=None)
    role: Role | None = field("Those who hold this role. For administrators.", default=None)

    def parsed(self) -> MemberFilter:
        """Return the domain's filter."""
        group_id = parse_optional("Group", self.group_id, path=("where", "groupId"))
        sought = checked_search(self.search or "")
        member_id = _pasted(sought)
        return MemberFilter(
            frozenset(self.states or ()),
            self.name_prefix or "",
            "" if member_id else sought,
            member_id,
            group_id,
            self.role,
        )


def _pasted(text: str) -> UUID | None:
    """Return the member's id that a text is, as the API or an export of the audit chain writes it; None if none."""
    try:
        return parse_id("Member", text)
    except InvalidInputError:
        return UUID(text) if _IDENTIFIER.fullmatch(text) else None


@strawberry.type
class MemberQueries:
    """Members in lists, and one by one."""

    @root_field(cost=5)
    async def members(
        self,
        info: ApiInfo,
        first: int = 20,
        after: str | None = None,
        where: MemberFilterInput | None = None,
        order_by: MemberOrder | None = None,
    ) -> Connection[Member]:
        """The members whom you may see, by the time of entry, or by name where that is sought."""
        selection = selection_of(info)
        reach, wanted = visible_members(info.context.access), (where or MemberFilterInput()).parsed()
        order = order_by or (MemberOrder.NAME if wanted.name_prefix or wanted.search else MemberOrder.CREATED)
        request = page_request(first, after, str if order is MemberOrder.NAME else datetime)
        page = await list_members(reach, wanted, request, order=order, columns=selection.fields("edges.node"))
        note_members(info.context, page.items)
        total = await count_members(reach, wanted) if selection.has("total_count") else None
        named = _found if wanted.search else _named
        return connection(page, request, place=named if order is MemberOrder.NAME else PLACE, total_count=total)

    @root_field(cost=2)
    async def member(self, info: ApiInfo, id: strawberry.ID) -> Member | None:
        """One member by id; null when absent or not yours to see."""
        return await load_member(info, parse_id("Member", id, path=("id",)))


def _named(record: MemberRecord) -> Keyset:
    return record.display_name or "", record.id


def _found(record: MemberRecord) -> Keyset:
    return record.found_at, record.id
