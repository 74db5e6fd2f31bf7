"""The organisation, offers of its ownership, and the caller, as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.relations import reference
from wardship.graphql.api.staff_roles import StaffRole
from wardship.graphql.api.types import object_type
from wardship.graphql.content.model import Post
from wardship.graphql.data_access.model import (
    AuditEntry,
    DataAccess,
    LookCount,
    merger_argument,
    sequence_before,
)
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field, root_field
from wardship.graphql.members.model import Member, related_members
from wardship.tenants.content.own import own_content
from wardship.tenants.data_access.looks import LookPeriod, own_looks
from wardship.tenants.data_access.read import own_changes, own_data_access
from wardship.tenants.organisations.read import OrganisationRecord, own_organisation
from wardship.tenants.organisations.settings import OrganisationSettings as Settings
from wardship.tenants.organisations.transfer import TransferRecord, open_transfer
from wardship.tenants.permissions import Permission

strawberry.enum(Permission, name="Permission", description="What a role allows.")


@object_type(TransferRecord)
class OwnershipTransfer:
    """An offer of ownership from the owner to another member."""

    id: strawberry.ID = global_id_field(
        "OwnershipTransfer", "Opaque identifier, with which the offer is accepted or declined."
    )
    created_at: datetime = field("When it was made.")
    expires_at: datetime = field("Until when it can be accepted.")
    decided_at: datetime | None = field("When it was accepted, declined or cancelled.")
    state: str = field("`offered`, `accepted`, `declined` or `cancelled`.")
    from_member = reference(
        related_members, "from_member_id", "The owner who offers; null when you may not see him or her."
    )
    to_member = reference(
        related_members, "to_member_id", "The member to whom it is offered; null when you may not see him or her."
    )


@object_type(Settings)
class OrganisationSettings:
    """What an organisation decides for itself."""

    members_may_install: bool = field("Whether members install integrations for themselves.")
    forbidden_countries: list[str] = field("ISO 3166 codes of countries to which no integration may carry data.")
    grievance_contact: str = field("Whom a person turns to, besides the authority.")
    legal_entity: str = field("Who is the controller of its data, by the legal name; empty where it is not said.")
    dpdp_days: int = field(
        "Days in which requests under the DPDP Act of India are promised to be answered; 0: the law's own time."
    )


@object_type(OrganisationRecord)
class Organisation(Node):
    """The organisation of this call."""

    id: strawberry.ID = global_id_field("Organisation")
    created_at: datetime = field("When it was made.")
    slug: str = field("Its short name, as in the header X-Wardship-Organisation.")
    name: str = field("Its name.")
    state: str = field("`active`, `suspended` or `leaving`.")
    state_reason: str = field("Why it is suspended or leaves, as was said; empty otherwise.")
    state_until: datetime | None = field("When everything of it is erased, while it leaves; null otherwise.")
    settings: OrganisationSettings = field("What it decides for itself.")

    @batch_field(cost=2)
    @staticmethod
    async def ownership_transfer(
        parents: Sequence[OrganisationRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[OwnershipTransfer | None]:
        """The open offer of ownership that you made or that is made to you, if any."""
        return cast("list[OwnershipTransfer | None]", [await open_transfer(info.context.access)] * len(parents))


@object_type()
class Viewer:
    """You, as this call knows you."""

    permissions: list[Permission] = field("What your roles and your credential allow here.")
    is_privacy_team: bool = field("Whether you belong to the provider's privacy team.")
    staff_roles: list[StaffRole] = field("What you are among the provider's own people.")
    key: strawberry.Private[UUID | None]

    @batch_field(cost=2)
    @staticmethod
    async def member(parents: Sequence[Viewer], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Your membership; null for the provider's staff, and where you have none yet."""
        return await related_members(info, [parent.key for parent in parents])

    @batch_field(cost=2)
    @staticmethod
    async def organisation(parents: Sequence[Viewer], info: BatchInfo[ApiContext]) -> Sequence[Organisation]:
        """The organisation of this call."""
        return cast("list[Organisation]", [await own_organisation(info.context.access)] * len(parents))

    @batch_field(cost=10)
    @staticmethod
    async def content(
        parents: Sequence[Viewer],
        info: BatchInfo[ApiContext],
        first: int = 20,
        after: str | None = None,
        text: str = "",
    ) -> Sequence[Connection[Post]]:
        """Posts that contain information on you: yours, mentions, your address or name."""
        request = page_request(first, after)
        page = await own_content(info.context.access, request, text=text)
        found = connection(page, request)
        return [found for _ in parents]

    @batch_field(cost=2)
    @staticmethod
    async def data_accesses(
        parents: Sequence[Viewer], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[DataAccess]]:
        """Who looked at your data, latest first."""
        request = page_request(first, after)
        page = await own_data_access(info.context.access, request)
        found = connection(page, request)
        return [found for _ in parents]

    @batch_field(cost=10, size=60)
    @staticmethod
    async def looks(
        parents: Sequence[Viewer], info: BatchInfo[ApiContext], by: LookPeriod = LookPeriod.WEEK
    ) -> Sequence[list[LookCount]]:
        """Who looked at your data within a year, by week or day, the latest first; also after you have left."""
        found = cast("list[LookCount]", await own_looks(info.context.access, by))
        return [found for _ in parents]

    @batch_field(cost=2)
    @staticmethod
    async def changes(
        parents: Sequence[Viewer],
        info: BatchInfo[ApiContext],
        first: int = 20,
        after: str | None = None,
        merger_id: strawberry.ID | None = None,
    ) -> Sequence[Connection[AuditEntry]]:
        """What was done to your membership and data, latest first; with a merger, in the organisation that joined."""
        request = page_request(first, after, int)
        merger = merger_argument(merger_id)
        page = await own_changes(info.context.access, first, before=sequence_before(request), merger_id=merger)
        found = connection(page, request, place=lambda item: (item.sequence, item.id))
        return [found for _ in parents]


async def load_organisation(info: ApiInfo, identifier: UUID) -> Organisation | None:
    """Return one by its identifier; None when it is absent or not the caller's to see."""
    if identifier != info.context.access.organisation_id:
        return None
    return cast("Organisation", await own_organisation(info.context.access))


@strawberry.type
class OrganisationQueries:
    """The organisation and the caller."""

    @root_field(cost=1)
    async def viewer(self, info: ApiInfo) -> Viewer:
        """You, as this call knows you."""
        access = info.context.access
        allowed = [permission for permission in sorted(access.permissions) if access.may(permission)]
        actor = access.actor
        roles = sorted(actor.staff_roles)
        return Viewer(
            permissions=allowed, is_privacy_team=actor.is_privacy_team, staff_roles=roles, key=actor.member_id
        )

    @root_field(cost=2)
    async def organisation(self, info: ApiInfo) -> Organisation:
        """The organisation of this call."""
        return cast("Organisation", await own_organisation(info.context.access))
