"""The caller's own addresses: the same commands as below `/auth`, for who has just shown the factor."""

from __future__ import annotations

from uuid import UUID

from wardship.core.sign_in import addresses
from wardship.tenants.access import Access
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.accounts.own import AccountRecord, own_account, own_call, require_own_account


async def add_own_address(access: Access, email: str) -> AccountRecord | None:
    """Mail a link that adds an address, and return the account; see ``addresses.add_address``.

    Raises:
        SessionRequiredError: the caller showed a token.
        StepUpRequiredError: the second factor was not shown a moment ago.
    """
    account_id = _require(access)
    async with in_directory(access):
        await addresses.add_address(access.transaction, own_call(access), account_id, email)
    return await own_account(access)


async def verify_own_address(access: Access, token: str) -> AccountRecord | None:
    """Use the mailed link, and return the account; see ``addresses.verify_added_address``.

    Raises:
        SessionRequiredError: the caller showed a token.
        LinkRefusedError: the link does not work for this account.
    """
    account_id = require_own_account(access)
    async with in_directory(access):
        await addresses.verify_added_address(access.transaction, own_call(access), account_id, token)
    return await own_account(access)


async def make_own_address_primary(access: Access, address_id: UUID) -> AccountRecord | None:
    """Send mail to another of the caller's addresses, and return the account.

    Raises:
        SessionRequiredError: the caller showed a token.
        StepUpRequiredError: the second factor was not shown a moment ago.
        NotFoundError: the caller has no such address.
    """
    account_id = _require(access)
    async with in_directory(access):
        await addresses.make_primary(access.transaction, own_call(access), account_id, address_id)
    return await own_account(access)


async def remove_own_address(access: Access, address_id: UUID) -> AccountRecord | None:
    """Remove one of the caller's addresses, and return the account; all other sessions end.

    Raises:
        SessionRequiredError: the caller showed a token.
        StepUpRequiredError: the second factor was not shown a moment ago.
        NotFoundError: the caller has no such address.
        LastAddressError: mail goes to it.
    """
    account_id, session_id = _require(access), access.actor.credential_id
    async with in_directory(access):
        await addresses.remove_address(
            access.transaction, own_call(access), account_id, address_id, session_id=session_id
        )
    return await own_account(access)


def _require(access: Access) -> UUID:
    account_id = require_own_account(access)
    access.require_step_up()
    return account_id
