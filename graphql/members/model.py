"""Members as the API shows them: what the caller may not see of one is null."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, TypeAlias, cast
from uuid import UUID

import strawberry

from wardship.core.actor import Role
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.node import Node, global_id_field, node_loader
from wardship.graphql.api.paging import asks_places, connection, connections, page_request
from wardship.graphql.engine import BatchInfo, Connection, backed_by, batch_field, field, selection_of
from wardship.graphql.members.enums import MemberDetail
from wardship.graphql.members.seen import note_members, note_roles
from wardship.tenants.egress.holdings import holdings_of_members
from wardship.tenants.groups.read import MemberOfGroup, groups_of_members, memberships_of_members
from wardship.tenants.groups.visibility import visible_groups
from wardship.tenants.members.read import members_by_ids
from wardship.tenants.members.records import MemberRecord, MemberState, RoleRecord
from wardship.tenants.members.roles import roles_of
from wardship.tenants.members.visibility import VisibleMembers, visible_members

if TYPE_CHECKING:
    from wardship.graphql.groups.model import Group, GroupMembership
    from wardship.graphql.integrations.holdings import Holding

LazyGroup: TypeAlias = Annotated["Group", strawberry.lazy("wardship.graphql.groups.model")]
LazyGroupMembership: TypeAlias = Annotated["GroupMembership", strawberry.lazy("wardship.graphql.groups.model")]
LazyHolding: TypeAlias = Annotated["Holding", strawberry.lazy("wardship.graphql.integrations.holdings")]


@strawberry.type(description="A role that a member holds.")
@backed_by(RoleRecord)
class RoleAssignment:
    """A role of one member."""

    role: Role = field(description="The role.")
    since: datetime = field(description="When it was given.", source="created_at")

    @batch_field(cost=2, description="Who gave it; null for the system, and for whom you may not see.")
    @staticmethod
    async def granted_by(parents: Sequence[RoleRecord], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Return the members who gave these roles."""
        givers = [parent.granted_by for parent in parents]
        return await optional_members(
            info.context, visible_members(info.context.access), givers, info.selection.fields()
        )


@strawberry.type(description="A person in the organisation, as far as you may see.")
@backed_by(MemberRecord, MemberOfGroup)
class Member(Node):
    """A member."""

    id: strawberry.ID = global_id_field("Member")
    visibility: MemberDetail = field(
        description="How much of this member you see; the rest is null.",
        source="detail",
        convert=MemberDetail,
    )
    created_at: datetime = field(description="When the membership was entered.")
    display_name: str | None = field(description="The name that is shown; after an erasure a pseudonym.")
    title: str | None = field(description="Title, as in a letter.")
    first_name: str | None = field(description="First name.")
    last_name: str | None = field(description="Last name.")
    job_title: str | None = field(description="Job title.")
    company: str | None = field(description="Company.")
    username: str | None = field(description="Username.")
    email: str | None = field(description="E-mail address.")
    phone: str | None = field(description="Telephone number.")
    picture_url: str | None = field(description="Address of a picture.")
    postal_address: str | None = field(description="Postal address.")
    state: MemberState | None = field(description="Where the membership stands.")
    joined_at: datetime | None = field(description="When the person joined.")
    last_seen_at: datetime | None = field(description="When the person last used the service here.")
    left_at: datetime | None = field(description="When the membership ended.")

    @batch_field(cost=2, size=4, description="Roles in the organisation; null where you don't see the details.")
    @staticmethod
    async def roles(
        parents: Sequence[MemberRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[list[RoleAssignment] | None]:
        """Return the roles of these members."""
        found = await roles_of(visible_members(info.context.access), [parent.id for parent in parents])
        note_roles(info.context, found)
        return cast("list[list[RoleAssignment] | None]", [found.get(parent.id) for parent in parents])

    @batch_field(cost=2, description="Groups of which the person is a member now, as far as you see them.")
    @staticmethod
    async def groups(
        parents: Sequence[MemberRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[LazyGroup]]:
        """Return the groups of these members."""
        request = page_request(first, after)
        found = await groups_of_members(
            visible_groups(info.context.access),
            [parent.id for parent in parents],
            request,
            columns=info.selection.fields("edges.node"),
            with_places=asks_places(info.selection),
        )
        return connections(parents, found, request, attrgetter("place"))

    @batch_field(cost=2, description="The person's present memberships in groups, as far as you see them.")
    @staticmethod
    async def memberships(
        parents: Sequence[MemberRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[LazyGroupMembership]]:
        """Return the memberships of these members."""
        request = page_request(first, after)
        found = await memberships_of_members(
            visible_groups(info.context.access), [parent.id for parent in parents], request
        )
        return connections(parents, found, request)

    @batch_field(
        cost=2, description="Integrations that hold data of the person now; null for those whose you may not see."
    )
    @staticmethod
    async def holdings(
        parents: Sequence[MemberRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[LazyHolding] | None]:
        """Return who holds data of these members."""
        request = page_request(first, after)
        found = await holdings_of_members(info.context.access, [parent.id for parent in parents], request)
        return [connection(found[parent.id], request) if parent.id in found else None for parent in parents]


async def load_members(
    context: ApiContext, reach: VisibleMembers, ids: Sequence[UUID | None], fields: frozenset[str]
) -> dict[UUID, Member]:
    """Return the visible ones of these members by id, reading only these fields, and note what was seen."""
    wanted = {member_id for member_id in ids if member_id is not None}
    if not wanted:
        return {}
    found = await members_by_ids(reach, wanted, fields)
    note_members(context, list(found.values()))
    return cast("dict[UUID, Member]", found)


async def optional_members(
    context: ApiContext, reach: VisibleMembers, ids: Sequence[UUID | None], fields: frozenset[str]
) -> list[Member | None]:
    """Return the member for each id, in order; None where there is none or it is not the caller's to see."""
    found = await load_members(context, reach, ids, fields)
    return [None if member_id is None else found.get(member_id) for member_id in ids]


@node_loader("Member")
async def _load(info: ApiInfo, identifier: UUID) -> Member | None:
    reach = visible_members(info.context.access)
    (found,) = await optional_members(info.context, reach, [identifier], selection_of(info).fields())
    return found
