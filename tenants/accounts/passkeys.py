"""The caller's own passkeys: the same commands as below `/auth`, for who has just shown the factor.

They are made there alone, because a browser makes them for the pages of this address.
"""

from __future__ import annotations

from uuid import UUID

from wardship.core.sign_in import passkey_changes
from wardship.tenants.access import Access
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.accounts.own import AccountRecord, own_account, own_call, require_own_account


async def rename_own_passkey(access: Access, passkey_id: UUID, name: str) -> AccountRecord | None:
    """Give one of the caller's passkeys another name, and return the account.

    Raises:
        SessionRequiredError: the caller showed a token.
        StepUpRequiredError: the second factor was not shown a moment ago.
        NotFoundError: the caller has no such passkey.
        InvalidInputError: the name is empty, too long, or holds signs that nobody sees.
    """
    account_id = _require(access)
    async with in_directory(access):
        await passkey_changes.rename_passkey(access.transaction, own_call(access), account_id, passkey_id, name)
    return await own_account(access)


async def remove_own_passkey(access: Access, passkey_id: UUID) -> AccountRecord | None:
    """Remove one of the caller's passkeys, and return the account; all other sessions end.

    Raises:
        SessionRequiredError: the caller showed a token.
        StepUpRequiredError: the second factor was not shown a moment ago.
        NotFoundError: the caller has no such passkey.
        LastSecondFactorError: it is the only second factor.
    """
    account_id, session_id = _require(access), access.actor.credential_id
    async with in_directory(access):
        await passkey_changes.remove_passkey(
            access.transaction, own_call(access), account_id, passkey_id, session_id=session_id
        )
    return await own_account(access)


def _require(access: Access) -> UUID:
    account_id = require_own_account(access)
    access.require_step_up()
    return account_id
