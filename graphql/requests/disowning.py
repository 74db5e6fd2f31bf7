"""Memberships that were made without the person, as their owner sees and disowns them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import strawberry

from wardship.graphql.accounts.model import Account
from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.context import ApiContext
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.node import global_id_field
from wardship.graphql.api.relations import extends
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.engine import BatchInfo, batch_field, field
from wardship.tenants.access import Access
from wardship.tenants.accounts.own import AccountRecord
from wardship.tenants.requests.disowning import MadeMembership as Record
from wardship.tenants.requests.disowning import disown_membership, made_memberships


@object_type(Record)
class MadeMembership:
    """A membership that somebody else made for an address of yours, without you."""

    id: strawberry.ID = global_id_field("Member")
    created_at: datetime = field("When it was made.")
    organisation_name: str = field("In which organisation.")
    address: str = field("For which of your addresses.")
    is_joined: bool = field("Whether you are a member by it already, because your account was new.")


@extends(Account)
class AccountWithMadeMemberships:
    """What others made for one's own addresses."""

    @batch_field(cost=2, size=3)
    @staticmethod
    async def made_memberships(
        parents: Sequence[AccountRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[list[MadeMembership]]:
        """Memberships that others made for your addresses, and you never agreed to: you may disown them."""
        found = await made_memberships(info.context.access)
        return cast("list[list[MadeMembership]]", [found for _ in parents])


@input_type
class DisownMembershipInput:
    """A membership that was made without you."""

    membership_id: UUID = id_argument("Member", "The membership's id, as `madeMemberships` tells it.")


MadeMembershipPayload = object_payload("MadeMembershipPayload", "membership", MadeMembership)


@strawberry.type
class DisowningMutations:
    """Memberships that were made without the person."""

    @command(MadeMembershipPayload)
    async def disown_membership(self, access: Access, input: DisownMembershipInput) -> Record:
        """End a membership that was made without you, and have what was entered erased. Needs step-up."""
        return await disown_membership(access, input.membership_id)
