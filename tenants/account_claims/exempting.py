"""Want nothing of an account that was claimed: an administrator's act."""

from __future__ import annotations

from uuid import UUID

from wardship.core.notices import tell_account
from wardship.tenants.access import Access
from wardship.tenants.account_claims.notices import ACCOUNT_CLAIM_OVER
from wardship.tenants.account_claims.read import account_claim_by_id, account_claim_not_found, find_account_claim
from wardship.tenants.account_claims.records import AccountClaimRecord, AccountClaimState
from wardship.tenants.account_claims.write import transition_account_claim
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.organisations.read import own_organisation
from wardship.tenants.permissions import Permission


async def exempt_account(access: Access, claim_id: UUID) -> AccountClaimRecord:
    """Leave an account alone that waits for its owner's choice: it is not asked for again.

    Raises:
        NotFoundError: no such claim, or not the caller's to see.
        PermissionDeniedError: the caller does not manage domains.
        StepUpRequiredError: the second factor was not shown a moment ago.
        AccountClaimStateError: it does not wait for the owner's choice.
    """
    await account_claim_by_id(access, claim_id)
    access.require(Permission.DOMAINS_MANAGE)
    access.require_step_up()
    claim = await find_account_claim(access, claim_id, lock="for no key update")
    if claim is None:
        raise account_claim_not_found()
    exempted = await transition_account_claim(access, claim, AccountClaimState.EXEMPT)
    if claim.account_id is not None:
        organisation = (await own_organisation(access)).name
        async with in_directory(access):
            await tell_account(
                access.transaction,
                access.services,
                claim.account_id,
                ACCOUNT_CLAIM_OVER,
                once=str(claim.id),
                organisation=organisation,
            )
    return exempted
