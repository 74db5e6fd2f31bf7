"""Provisioning as the API shows it: tokens, what was refused, and what the directory says of a member."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.relations import extends, in_order, reference
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field, root_field
from wardship.graphql.members.model import Member, related_members
from wardship.tenants.members.records import MemberRecord
from wardship.tenants.provisioning.entries import Contact, DirectoryUserRecord, entries_of
from wardship.tenants.provisioning.failures import FailureRecord, list_failures
from wardship.tenants.provisioning.noun import DirectoryUser as DirectoryRow
from wardship.tenants.provisioning.tokens import ProvisioningTokenRecord, list_provisioning_tokens


@object_type(ProvisioningTokenRecord)
class ProvisioningToken(Node):
    """A token by which the organisation's directory is known. The token itself is told once, when it is made."""

    id: strawberry.ID = global_id_field("ProvisioningToken")
    created_at: datetime = field("When it was made.")
    name: str = field("By which administrators recognise it.")
    expires_at: datetime = field("When it ends by itself.")
    last_used_at: datetime | None = field("When the directory used it last, to five minutes; null if it never did.")
    revoked_at: datetime | None = field("When somebody ended it; null while nobody has.")
    created_by = reference(related_members, "created_by", "Who made it; null for the operator, and when not seen.")


@object_type(FailureRecord)
class ProvisioningFailure:
    """What the directory asked for and was refused: why somebody is not provisioned."""

    operation: str = field("What was asked for: `create`, `replace`, `patch`, `delete`, `search` or `bulk`.")
    resource: str = field("`User` or `Group`; empty where it was about neither.")
    subject: str = field("Whom or what it was about, as the directory names it.")
    code: str = field("By which one reason is told from another.")
    message: str = field("What happened, and what to do.")
    status: int = field("Status of the answer; 200 where the rest was done.")
    first_at: datetime = field("When it was refused first.", source="created_at")
    last_at: datetime = field("When it was refused last.")
    times: int = field("How often.")


@object_type(Contact)
class DirectoryContact:
    """An address or number that the directory has of somebody."""

    value: str = field("The address or number.")
    type: str = field("What it is for, such as `work`; empty where the directory does not say.")
    primary: bool | None = field("Whether it is the preferred one; null where the directory does not say.")


@object_type(DirectoryUserRecord)
class DirectoryUser:
    """What the organisation's directory says of a member, besides the profile that it keeps up."""

    user_name: str = field("By what the directory knows the person.")
    external_id: str = field("The directory's own identifier; empty where it told none.")
    display_name: str = field("The name, as the directory shows it.")
    formatted_name: str = field("The whole name, as the directory writes it.")
    emails: list[DirectoryContact] = field("E-mail addresses.")
    phone_numbers: list[DirectoryContact] = field("Telephone numbers.")
    preferred_language: str = field("The language that the person prefers.")
    employee_number: str = field("The number of the employee.")
    cost_center: str = field("The cost centre.")
    organization: str = field("The organisation in which the person works.")
    division: str = field("The division.")
    department: str = field("The department.")
    manager: str = field("Whom the person reports to: a member's identifier, or as the directory says it.")
    changed_at: datetime = field("When the directory said something else last.")


@extends(Member)
class MemberInDirectory:
    """A member in the organisation's directory."""

    @batch_field(cost=2)
    @staticmethod
    async def directory_user(
        parents: Sequence[MemberRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[DirectoryUser | None]:
        """What the directory says of the person; null where it says nothing, and where you don't see the details."""
        keys = [parent.id for parent in parents]
        found = await entries_of(info.context.access, keys)
        _note(info.context, found)
        return in_order(found, keys)


_CATEGORIES: Final = frozenset(held.category for held in DirectoryRow.held.personal.values())


def _note(context: ApiContext, member_ids: Iterable[UUID]) -> None:
    """Note that what the directory says of other members was shown."""
    for member_id in member_ids:
        if member_id != context.access.actor.member_id:
            context.note_seen(member_id, _CATEGORIES)


@strawberry.type
class ProvisioningQueries:
    """How an organisation's people are provisioned."""

    @root_field(cost=3)
    async def provisioning_tokens(
        self, info: ApiInfo, first: int = 20, after: str | None = None
    ) -> Connection[ProvisioningToken]:
        """The tokens of the organisation's directory, ended ones among them, by the time they were made."""
        request = page_request(first, after)
        return connection(await list_provisioning_tokens(info.context.access, request), request)

    @root_field(cost=3)
    async def provisioning_failures(
        self, info: ApiInfo, first: int = 20, after: str | None = None
    ) -> Connection[ProvisioningFailure]:
        """What the directory was refused within the last 30 days, the latest first."""
        request = page_request(first, after)
        page = await list_failures(info.context.access, request)
        return connection(page, request, place=lambda item: (item.last_at, item.id))
