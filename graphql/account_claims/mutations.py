"""What an organisation may do about the accounts at its domains."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.account_claims.model import AccountClaim, DomainPolicy, Grouping
from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.types import input_type
from wardship.graphql.domains.mutations import DomainInput
from wardship.graphql.engine import field
from wardship.tenants.access import Access
from wardship.tenants.account_claims.exempting import exempt_account
from wardship.tenants.account_claims.groupings import cancel_grouping, preview_grouping, start_grouping
from wardship.tenants.account_claims.policies import set_policy
from wardship.tenants.account_claims.records import AccountClaimRecord, Enrolment, GroupingRecord, PolicyRecord


@input_type
class SetDomainPolicyInput:
    """What the organisation wants of accounts at a domain."""

    domain_id: UUID = id_argument("Domain", "The domain's id.")
    enrolment: Enrolment = field("What it wants.")
    is_for_subtree: bool = field("Whether of accounts at the names below, too; they have to be proven.", default=False)


@input_type
class GroupingInput:
    """A grouping of the organisation's."""

    grouping_id: UUID = id_argument("Grouping", "The grouping's id.")


@input_type
class AccountClaimInput:
    """A claim of an account."""

    claim_id: UUID = id_argument("AccountClaim", "The claim's id.")


DomainPolicyPayload = object_payload("DomainPolicyPayload", "policy", DomainPolicy)
GroupingPayload = object_payload("GroupingPayload", "grouping", Grouping)
AccountClaimPayload = object_payload("AccountClaimPayload", "claim", AccountClaim)


@strawberry.type
class AccountClaimMutations:
    """Policies, groupings and exemptions."""

    @command(DomainPolicyPayload)
    async def set_domain_policy(self, access: Access, input: SetDomainPolicyInput) -> PolicyRecord:
        """Say what the organisation wants of accounts at a domain that it holds. Needs step-up."""
        return await set_policy(access, input.domain_id, input.enrolment, is_for_subtree=input.is_for_subtree)

    @command(GroupingPayload, cost=100)
    async def preview_grouping(self, access: Access, input: DomainInput) -> GroupingRecord:
        """Count the accounts at a domain by what a grouping would do; nobody is named or told. Needs step-up."""
        return await preview_grouping(access, input.domain_id)

    @command(GroupingPayload)
    async def start_grouping(self, access: Access, input: GroupingInput) -> GroupingRecord:
        """Ask the accounts that a preview has counted, within its hour: each has 14 days to choose. Needs step-up."""
        return await start_grouping(access, input.grouping_id)

    @command(GroupingPayload)
    async def cancel_grouping(self, access: Access, input: GroupingInput) -> GroupingRecord:
        """Stop a grouping: who was not told yet is left alone. Needs step-up."""
        return await cancel_grouping(access, input.grouping_id)

    @command(AccountClaimPayload)
    async def exempt_account(self, access: Access, input: AccountClaimInput) -> AccountClaimRecord:
        """Leave an account alone that waits for its owner's choice; it is not asked for again. Needs step-up."""
        return await exempt_account(access, input.claim_id)
