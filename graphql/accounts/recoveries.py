"""Recoveries of accounts from a lost second factor, as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import strawberry

from wardship.core.sign_in.recovery_states import RecoveryState
from wardship.graphql.accounts.model import Account
from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.node import global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.relations import extends, reference
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field, root_field
from wardship.graphql.members.model import Member, related_members
from wardship.tenants.access import Access
from wardship.tenants.accounts.own import AccountRecord, own_account
from wardship.tenants.accounts.recoveries import approve_recovery, begin_recovery, cancel_own_recovery, decline_recovery
from wardship.tenants.accounts.recovery_records import RecoveryRecord, list_recoveries, own_recovery
from wardship.tenants.permissions import Permission

strawberry.enum(RecoveryState, name="RecoveryState", description="Where a recovery of an account stands.")


async def _members(info: BatchInfo[ApiContext], ids: Sequence[UUID | None]) -> Sequence[Member | None]:
    if not info.context.access.may(Permission.MEMBERS_READ):
        return [None for _ in ids]
    return await related_members(info, ids)


@object_type(RecoveryRecord)
class AccountRecovery:
    """A way back for who has lost the second factor: two people approve, then it waits, then a link is mailed."""

    id: strawberry.ID = global_id_field("AccountRecovery")
    created_at: datetime = field("When it was asked for.")
    state: RecoveryState = field("Where it stands.")
    state_since: datetime = field("Since when.")
    acts_at: datetime = field("When the clock leads on: hands it to the privacy team, mails the link, or ends it.")
    ended_at: datetime | None = field("When it ended.")
    reason: str = field("Why it ended without a new factor, as a code.")
    is_asked_by_owner: bool = field("Whether the person asked, rather than an administrator.")
    approvals: int = field("How many have approved it: two are needed.")
    replaces_password: bool = field("Whether the password is replaced too.")
    address: str = field("At the provider, while it is under way: whose account it is; empty elsewhere.")
    member = reference(_members, "member_id", "Whose account it is, in an organisation; null at the provider.")


@extends(Account)
class AccountWithRecovery:
    """The recovery of one's own account."""

    @batch_field(cost=2)
    @staticmethod
    async def recovery(
        parents: Sequence[AccountRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[AccountRecovery | None]:
        """The recovery of your account that is under way; call it off if you have lost nothing."""
        return cast("list[AccountRecovery | None]", [await own_recovery(info.context.access)] * len(parents))


@strawberry.type
class RecoveryQueries:
    """Recoveries in lists."""

    @root_field(cost=3)
    async def account_recoveries(
        self, info: ApiInfo, first: int = 20, after: str | None = None, *, states: list[RecoveryState] | None = None
    ) -> Connection[AccountRecovery]:
        """The recoveries on which you decide, the oldest first: as administrator, or as the provider's privacy team."""
        request = page_request(first, after)
        return connection(await list_recoveries(info.context.access, request, states), request)


@input_type
class BeginAccountRecoveryInput:
    """Whose account gets a new second factor."""

    member_id: UUID = id_argument("Member", "The member, whose account belongs to no other organisation.")


@input_type
class ApproveAccountRecoveryInput:
    """A recovery that you approve, having made sure who asks."""

    recovery_id: UUID = id_argument("AccountRecovery", "The recovery.")
    replaces_password: bool = field(
        "Whether the password is lost too: for the privacy team, and only if both say so.", default=False
    )


@input_type
class AccountRecoveryInput:
    """A recovery."""

    recovery_id: UUID = id_argument("AccountRecovery", "The recovery.")


AccountRecoveryPayload = object_payload("AccountRecoveryPayload", "recovery", AccountRecovery)
KeptAccountPayload = object_payload("KeptAccountPayload", "account", Account)


@strawberry.type
class RecoveryMutations:
    """Recoveries of accounts."""

    @command(AccountRecoveryPayload)
    async def begin_account_recovery(self, access: Access, input: BeginAccountRecoveryInput) -> RecoveryRecord:
        """Ask for a new second factor for a member, which is the first of two approvals; needs step-up."""
        return await begin_recovery(access, input.member_id)

    @command(AccountRecoveryPayload)
    async def approve_account_recovery(self, access: Access, input: ApproveAccountRecoveryInput) -> RecoveryRecord:
        """Approve a recovery; after the second approval it waits for 48 hours; needs step-up."""
        return await approve_recovery(access, input.recovery_id, replaces_password=input.replaces_password)

    @command(AccountRecoveryPayload)
    async def decline_account_recovery(self, access: Access, input: AccountRecoveryInput) -> RecoveryRecord:
        """End a recovery that is under way, approved or not; needs step-up."""
        return await decline_recovery(access, input.recovery_id)

    @command(KeptAccountPayload)
    async def cancel_my_account_recovery(self, access: Access, input: AccountRecoveryInput) -> AccountRecord | None:
        """Call off the recovery of your own account: the second factor stays."""
        await cancel_own_recovery(access, input.recovery_id)
        return await own_account(access)
