"""Restrictions of members' data as the API shows them, and what may be done about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import strawberry

from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.node import global_id_field
from wardship.graphql.api.relations import extends, in_order
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.engine import BatchInfo, GlobalId, batch_field, field, root_field
from wardship.graphql.members.model import Member
from wardship.tenants.access import Access
from wardship.tenants.grants.restrictions import RestrictionCause, RestrictionRecord, RestrictionState, restrictions_of
from wardship.tenants.members.records import MemberRecord
from wardship.tenants.permissions import Permission
from wardship.tenants.requests.lifting import announce_lift, keep_restriction, lift_my_restriction

strawberry.enum(RestrictionCause, name="RestrictionCause", description="Why a member's data is restricted.")
strawberry.enum(
    RestrictionState,
    name="RestrictionState",
    description="Where a restriction stands; with its lift announced it still holds.",
)
_CHOICES = frozenset({"user.privacy_preferences"})


@object_type(RestrictionRecord)
class Restriction:
    """A span of time in which a member's data is kept and shared with nobody."""

    id: strawberry.ID = global_id_field("Restriction")
    created_at: datetime = field("Since when.")
    cause: RestrictionCause = field("Why.")
    category: str = field("Key of the category; empty for everything.")
    state: RestrictionState = field("Where it stands.")
    lift_at: datetime | None = field("When it ends, once that was decided; null while it was not.")
    lifted_at: datetime | None = field("When it ended; null while it holds.")
    lifted_reason: str = field("Why it ends, or ended; may be empty.")
    request_id: strawberry.ID | None = field(
        "The request that it belongs to; null for none.", source="request_id", convert=GlobalId.encoder("DataRequest")
    )


@input_type
class RestrictionInput:
    """A restriction to act on."""

    restriction_id: UUID = id_argument("Restriction", "The restriction's id.")


@input_type
class LiftRestrictionInput(RestrictionInput):
    """A restriction that is to end."""

    reason: str = field("Why, in words that the person sees.")


RestrictionPayload = object_payload("RestrictionPayload", "restriction", Restriction)


@extends(Member)
class MemberRestrictions:
    """What is restricted of a member."""

    @batch_field(cost=2, size=3)
    @staticmethod
    async def restrictions(
        parents: Sequence[MemberRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[list[Restriction] | None]:
        """What is, or was, restricted of this person's data, oldest first; null where you don't see requests."""
        access, keys = info.context.access, [parent.id for parent in parents]
        found = await restrictions_of(access, keys)
        for member_id, restrictions in found.items():
            if restrictions and member_id != access.actor.member_id:
                as_staff = access.is_staff_without(Permission.REQUESTS_READ)
                info.context.note_seen(member_id, _CHOICES, as_staff=as_staff)
        return in_order(found, keys)


@strawberry.type
class RestrictionQueries:
    """Restrictions in lists."""

    @root_field(cost=2, size=10)
    async def my_restrictions(self, info: ApiInfo) -> list[Restriction]:
        """What is, or was, restricted of your own data, oldest first; also after you have left."""
        access = info.context.access
        access.require_scope("read")
        member_id = access.actor.member_id
        found = {} if member_id is None else await restrictions_of(access, [member_id])
        return cast("list[Restriction]", found.get(member_id, []) if member_id else [])


@strawberry.type
class RestrictionMutations:
    """Ended, or kept."""

    @command(RestrictionPayload)
    async def lift_my_restriction(self, access: Access, input: RestrictionInput) -> RestrictionRecord:
        """Lift a restriction of your own data at once."""
        return await lift_my_restriction(access, input.restriction_id)

    @command(RestrictionPayload)
    async def lift_restriction(self, access: Access, input: LiftRestrictionInput) -> RestrictionRecord:
        """Decide that a restriction ends: the person is told, and 72 hours later it does; needs step-up."""
        return await announce_lift(access, input.restriction_id, input.reason)

    @command(RestrictionPayload)
    async def keep_restriction(self, access: Access, input: RestrictionInput) -> RestrictionRecord:
        """Take back that a restriction ends, and tell the person; needs step-up."""
        return await keep_restriction(access, input.restriction_id)
