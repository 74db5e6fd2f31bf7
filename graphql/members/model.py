"""Members as the API shows them: what the caller may not see of one is null."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry

from wardship.core.actor import Role
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.relations import in_order
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, batch_field, field, selection_of
from wardship.graphql.members.access_recording import note_members, note_roles
from wardship.tenants.groups.read import MemberOfGroup
from wardship.tenants.members.read import MemberOrder, members_by_ids
from wardship.tenants.members.records import MemberRecord, MemberState, RoleRecord
from wardship.tenants.members.roles import roles_of
from wardship.tenants.members.tombstones import Reassignable
from wardship.tenants.members.visibility import VisibleMembers, may_see_members, visible_members

strawberry.enum(Role, name="Role", description="A role in the organisation; the contacts see, and decide nothing.")
strawberry.enum(
    MemberState,
    name="MemberState",
    description="Where a membership stands. Deactivated, removed and erased are three different things.",
)
strawberry.enum(MemberOrder, name="MemberOrder", description="What a list of members is ordered by.")


strawberry.enum(
    Reassignable,
    name="Reassignable",
    description="What a person was known by and, after an erasure, another may be known by.",
)


def reassigned_field() -> list[Reassignable]:
    """Declare the field of an input that says what an erased person was known by and somebody else is now."""
    declared: list[Reassignable] = field(
        "What an erased person was known by, and this one is now; otherwise refused as `IDENTIFIER_ERASED`. It is noted"
        " in the audit. For `EMAIL`, another sub-address of the same mailbox: the very address is its owner's to free.",
        default_factory=list,
    )
    return declared


@strawberry.enum(description="How much of a member the caller sees; each includes what stands before it.")
class MemberDetail(Enum):
    """The GraphQL name of ``Detail``."""

    NAME = 1
    CONTACT = 2
    FULL = 3


@object_type(RoleRecord)
class RoleAssignment:
    """A role that a member holds."""

    role: Role = field("The role.")
    since: datetime = field("When it was given.", source="created_at")

    @batch_field(cost=2)
    @staticmethod
    async def granted_by(parents: Sequence[RoleRecord], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Who gave it; null for the system, and for whom you may not see."""
        return await related_members(info, [parent.granted_by for parent in parents])


@object_type(MemberRecord, MemberOfGroup)
class Member(Node):
    """A person in the organisation, as far as you may see."""

    id: strawberry.ID = global_id_field("Member")
    visibility: MemberDetail = field(
        "How much of this member you see; the rest is null.", source="detail", convert=MemberDetail
    )
    created_at: datetime = field("When the membership was entered.")
    display_name: str | None = field("The name that is shown; after an erasure a pseudonym.")
    title: str | None = field("Title, as in a letter.")
    first_name: str | None = field("First name.")
    last_name: str | None = field("Last name.")
    job_title: str | None = field("Job title.")
    company: str | None = field("Company.")
    username: str | None = field("Username.")
    email: str | None = field("E-mail address.")
    phone: str | None = field("Telephone number.")
    picture_url: str | None = field("Address of a picture.")
    postal_address: str | None = field("Postal address.")
    state: MemberState | None = field("Where the membership stands.")
    joined_at: datetime | None = field("When the person joined.")
    last_seen_at: datetime | None = field("When the person last used the service here.")
    left_at: datetime | None = field("When the membership ended.")

    @batch_field(cost=2, size=4)
    @staticmethod
    async def roles(
        parents: Sequence[MemberRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[list[RoleAssignment] | None]:
        """Roles in the organisation; null where you don't see the details."""
        found = await roles_of(visible_members(info.context.access), [parent.id for parent in parents])
        note_roles(info.context, found)
        return in_order(found, (parent.id for parent in parents))


async def load_members(
    context: ApiContext, reach: VisibleMembers, ids: Sequence[UUID | None], fields: frozenset[str]
) -> dict[UUID, MemberRecord]:
    """Return the visible ones of these members by id, reading only these fields, and note what was seen."""
    wanted = {member_id for member_id in ids if member_id is not None}
    if not wanted:
        return {}
    found = await members_by_ids(reach, wanted, fields)
    note_members(context, list(found.values()))
    return found


async def optional_members(
    context: ApiContext, reach: VisibleMembers, ids: Sequence[UUID | None], fields: frozenset[str]
) -> list[Member | None]:
    """Return the member for each id, in order; None where there is none or it is not the caller's to see."""
    return in_order(await load_members(context, reach, ids, fields), ids)


async def related_members(info: BatchInfo[ApiContext], ids: Sequence[UUID | None]) -> list[Member | None]:
    """Return the member for each id as a relation shows them; None for whom the caller may not see.

    Somebody whose membership has ended sees the own records, and no member in them; the privacy team sees the person
    about whom it decides.
    """
    if not may_see_members(info.context.access):
        return [None for _ in ids]
    reach = visible_members(info.context.access)
    return await optional_members(info.context, reach, ids, info.selection.fields())


async def named_members(info: BatchInfo[ApiContext], ids: Sequence[UUID | None]) -> list[Member | None]:
    """Return the member for each id, at least by name: for members whom readable content or a log names."""
    if not may_see_members(info.context.access):
        return [None for _ in ids]
    reach = visible_members(info.context.access, named_in_content=[key for key in ids if key is not None])
    return await optional_members(info.context, reach, ids, info.selection.fields())


async def load_member(info: ApiInfo, identifier: UUID) -> Member | None:
    """Return one by its identifier; None when it is absent or not the caller's to see."""
    reach = visible_members(info.context.access)
    (found,) = await optional_members(info.context, reach, [identifier], selection_of(info).fields())
    return found
