"""The time after a membership has ended, as the API shows it, and coming back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import strawberry

from wardship.graphql.api.command import command
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.relations import extends, in_order
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, GlobalId, batch_field, field, root_field
from wardship.graphql.members.model import Member
from wardship.graphql.members.mutations import MemberInput, MemberPayload
from wardship.tenants.access import Access
from wardship.tenants.members.records import MemberRecord
from wardship.tenants.requests.ended_memberships import reactivate_my_membership
from wardship.tenants.requests.grace import GraceCause, GraceRecord, GraceState, grace_of

strawberry.enum(GraceCause, name="GraceCause", description="How a membership ended.")
strawberry.enum(GraceState, name="GraceState", description="Where the time after the end of a membership stands.")


@object_type(GraceRecord)
class GracePeriod:
    """The time after a membership has ended: nothing is shared, and at its end an erasure is asked for."""

    member_id: strawberry.ID = field("The membership.", source="member_id", convert=GlobalId.encoder("Member"))
    cause: GraceCause = field("How the membership ended.")
    state: GraceState = field("Where it stands.")
    ends_at: datetime = field("When an erasure is asked for.")
    warnings: int = field("How many warnings were mailed: 30, 7 and 2 days before.")
    can_reactivate: bool = field("Whether the person can come back without an administrator.")
    request_id: strawberry.ID | None = field(
        "The request for the erasure; null before.", source="request_id", convert=GlobalId.encoder("DataRequest")
    )


@extends(Member)
class MemberGrace:
    """The time after a member has left."""

    @batch_field(cost=2)
    @staticmethod
    async def grace_period(
        parents: Sequence[MemberRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[GracePeriod | None]:
        """When an erasure is asked for; null for active members, and where you don't see the details."""
        keys = [parent.id for parent in parents]
        return in_order(await grace_of(info.context.access, keys), keys)


@strawberry.type
class GraceQueries:
    """The own time after a membership has ended."""

    @root_field(cost=2)
    async def my_grace_period(self, info: ApiInfo) -> GracePeriod | None:
        """How long your data is kept after your membership has ended; null while you are an active member."""
        access = info.context.access
        access.require_scope("read")
        member_id = access.actor.member_id
        found = {} if member_id is None else await grace_of(access, [member_id])
        return cast("GracePeriod | None", found.get(member_id) if member_id else None)


@strawberry.type
class GraceMutations:
    """Back again."""

    @command()
    async def reactivate_my_membership(self, access: Access, input: MemberInput) -> MemberPayload:
        """Come back to your membership, if it was deactivated at your own request; `myGracePeriod` tells its id."""
        own = await reactivate_my_membership(access, input.member_id)
        return MemberPayload(member_key=own.id, own=own)
