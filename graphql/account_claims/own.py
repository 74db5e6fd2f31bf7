"""Claims of one's own account, as its owner sees and answers them."""

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
from wardship.tenants.account_claims.choices import close_instead, move_away, share_earlier, stay
from wardship.tenants.account_claims.read import OwnClaimRecord, own_claims
from wardship.tenants.account_claims.records import AccountClaimState
from wardship.tenants.accounts.own import AccountRecord


@object_type(OwnClaimRecord)
class MyAccountClaim:
    """An organisation that holds the domain of your address asks for your account: you choose."""

    id: strawberry.ID = global_id_field("AccountClaim")
    created_at: datetime = field("When it began.")
    organisation_name: str = field("The organisation.")
    domain: str = field("The domain that it holds, as people of its script read it.", source="shown_domain")
    state: AccountClaimState = field("Where it stands.")
    state_since: datetime = field("Since when.")
    decide_until: datetime | None = field("Until when you can choose before you have to at a sign-in; null otherwise.")
    managed_at: datetime | None = field("Since when the organisation sees what you do there; null when it does not.")
    earlier_shared_at: datetime | None = field("Since when it sees what you did before, too; null when it does not.")


@extends(Account)
class AccountWithClaims:
    """What organisations want of one's own account."""

    @batch_field(cost=2, size=3)
    @staticmethod
    async def claims(parents: Sequence[AccountRecord], info: BatchInfo[ApiContext]) -> Sequence[list[MyAccountClaim]]:
        """Organisations that ask for your account because of the domain of your address, the latest first."""
        found = await own_claims(info.context.access)
        return cast("list[list[MyAccountClaim]]", [found for _ in parents])


@input_type
class MyAccountClaimInput:
    """A claim of your account."""

    claim_id: UUID = id_argument("AccountClaim", "The claim's id.")


@input_type
class ShareEarlierActivityInput:
    """Whether administrators may see what you did before."""

    claim_id: UUID = id_argument("AccountClaim", "The claim by which you are a member.")
    is_shared: bool = field("Whether they may.")


@input_type
class MoveAwayInput:
    """A claim of your account, and where you move."""

    claim_id: UUID = id_argument("AccountClaim", "The claim's id.")
    address_id: UUID = id_argument("AccountAddress", "An address of your account that is not at the domain.")


@input_type
class CloseInsteadInput:
    """A claim of your account, and that you mean it."""

    claim_id: UUID = id_argument("AccountClaim", "The claim's id.")
    email: str = field("Your primary address, typed again.")


MyAccountClaimPayload = object_payload("MyAccountClaimPayload", "claim", MyAccountClaim)


@strawberry.type
class OwnClaimMutations:
    """The choices of who is asked."""

    @command(MyAccountClaimPayload)
    async def stay_with_account_claim(self, access: Access, input: MyAccountClaimInput) -> OwnClaimRecord:
        """Become a member of the organisation that asks for your account, or remain one after it lost the domain."""
        return await stay(access, input.claim_id)

    @command(MyAccountClaimPayload)
    async def share_earlier_activity(self, access: Access, input: ShareEarlierActivityInput) -> OwnClaimRecord:
        """Let administrators see what you did before you joined by your address, or let them see it no more."""
        return await share_earlier(access, input.claim_id, is_shared=input.is_shared)

    @command(MyAccountClaimPayload)
    async def move_away_from_account_claim(self, access: Access, input: MoveAwayInput) -> OwnClaimRecord:
        """Keep your account and all in it, with an address of your own and none at the domain. Needs step-up."""
        return await move_away(access, input.claim_id, input.address_id)

    @command(MyAccountClaimPayload)
    async def close_account_instead(self, access: Access, input: CloseInsteadInput) -> OwnClaimRecord:
        """Close your account, as `closeMyAccount` does; ask for the copy of your data before. Needs step-up."""
        return await close_instead(access, input.claim_id, input.email)
