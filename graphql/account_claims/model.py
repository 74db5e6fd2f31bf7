"""Policies, groupings and claims of accounts, as the organisation that makes them sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import strawberry

from wardship.core.errors import NotFoundError
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import parse_id
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.paging import connection, connections, page_request
from wardship.graphql.api.relations import extends, in_order, reference
from wardship.graphql.api.types import object_type
from wardship.graphql.domains.model import Domain
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field, root_field
from wardship.graphql.members.model import related_members
from wardship.tenants.account_claims.groupings import grouping_by_id, groupings_of_domains
from wardship.tenants.account_claims.policies import policies_of
from wardship.tenants.account_claims.read import account_claim_by_id, claimed_addresses, list_account_claims
from wardship.tenants.account_claims.records import (
    AccountClaimRecord,
    AccountClaimState,
    Enrolment,
    GroupingRecord,
    GroupingState,
    PolicyRecord,
)
from wardship.tenants.domains.read import claims_by_ids
from wardship.tenants.domains.records import ClaimRecord

strawberry.enum(Enrolment, name="Enrolment", description="What a policy wants of accounts at a domain.")
strawberry.enum(AccountClaimState, name="AccountClaimState", description="Where the claim of an account stands.")
strawberry.enum(GroupingState, name="GroupingState", description="How far a grouping has come.")


async def related_domains(info: BatchInfo[ApiContext], ids: Sequence[UUID | None]) -> Sequence[Domain | None]:
    """Return the domain of each id that the caller may see."""
    found = await claims_by_ids(info.context.access, [key for key in ids if key is not None])
    return in_order(found, ids)


@object_type(PolicyRecord)
class DomainPolicy:
    """What the organisation wants of accounts at a domain that it holds. All that it ever gives is membership."""

    enrolment: Enrolment = field("What it wants.")
    is_for_subtree: bool = field("Whether of accounts at the names below the domain, too.")
    changed_at: datetime = field("When it was said last.")


@object_type(GroupingRecord)
class Grouping(Node):
    """A grouping of the accounts at a domain: first a preview, which counts them, then what was begun from it."""

    id: strawberry.ID = global_id_field("Grouping")
    created_at: datetime = field("When it was counted; who has proven an address since is not in it.")
    state: GroupingState = field("How far it has come.")
    state_since: datetime = field("Since when.")
    state_until: datetime | None = field("When the clock ends it: a preview after an hour, what runs after a week.")
    matching: int = field("Accounts of people who were never members: they are asked to belong to the organisation.")
    members: int = field("Of members of the organisation: they are not asked.")
    former_members: int = field("Of former members: they are asked, too; what they did before is theirs to show.")
    claimed: int = field("Asked before, or wanting nothing of it: they are not asked again.")
    unproven: int = field("Whose mailbox was not proven since the domain is the organisation's: they are not asked.")
    elsewhere: int = field("For whose addresses another holder of a name below answers.")
    seen: int = field("Addresses that were looked at so far.")
    notified: int = field("Accounts that were asked so far.")
    domain = reference(related_domains, "domain_id", "The domain.")


@object_type(AccountClaimRecord)
class AccountClaim(Node):
    """A claim of an account at a domain of the organisation: no more than address and state, until its owner stays."""

    id: strawberry.ID = global_id_field("AccountClaim")
    created_at: datetime = field("When it was made.")
    state: AccountClaimState = field("Where it stands.")
    state_since: datetime = field("Since when.")
    decide_until: datetime | None = field("Until when its owner chooses; null when that is over.")
    domain = reference(related_domains, "domain_id", "The domain.")
    member = reference(related_members, "member_id", "The member that its owner became; null before.")

    @batch_field(cost=2)
    @staticmethod
    async def address(parents: Sequence[AccountClaimRecord], info: BatchInfo[ApiContext]) -> Sequence[str | None]:
        """The account's address at the domain; null when it has none there any more."""
        ids = [parent.id for parent in parents]
        return in_order(await claimed_addresses(info.context.access, ids), ids)


@extends(Domain)
class DomainGroupings:
    """What the holder of a domain wants of the accounts there."""

    @batch_field(cost=2)
    @staticmethod
    async def policy(parents: Sequence[ClaimRecord], info: BatchInfo[ApiContext]) -> Sequence[DomainPolicy | None]:
        """What the organisation wants of accounts there; null where it has not said. In force while it is VERIFIED."""
        ids = [parent.id for parent in parents]
        return in_order(await policies_of(info.context.access, ids), ids)

    @batch_field(cost=2)
    @staticmethod
    async def groupings(
        parents: Sequence[ClaimRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[Grouping]]:
        """The groupings of the accounts there, previews among them, by the time they were counted."""
        request = page_request(first, after)
        found = await groupings_of_domains(info.context.access, [parent.id for parent in parents], request)
        return connections(parents, found, request)


@strawberry.type
class AccountClaimQueries:
    """Claims of accounts, and groupings."""

    @root_field(cost=3)
    async def account_claims(
        self,
        info: ApiInfo,
        states: list[AccountClaimState] | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[AccountClaim]:
        """Accounts at domains of the organisation that it has claimed, by the time of that; in any of the states."""
        request = page_request(first, after)
        return connection(await list_account_claims(info.context.access, request, states or ()), request)

    @root_field(cost=2)
    async def account_claim(self, info: ApiInfo, id: strawberry.ID) -> AccountClaim | None:
        """One claim of an account by id; null when absent or not yours to see."""
        try:
            found = await account_claim_by_id(info.context.access, parse_id("AccountClaim", id, path=("id",)))
        except NotFoundError:
            return None
        return cast("AccountClaim", found)

    @root_field(cost=2)
    async def grouping(self, info: ApiInfo, id: strawberry.ID) -> Grouping | None:
        """One grouping by id; null when absent or not yours to see."""
        try:
            found = await grouping_by_id(info.context.access, parse_id("Grouping", id, path=("id",)))
        except NotFoundError:
            return None
        return cast("Grouping", found)
