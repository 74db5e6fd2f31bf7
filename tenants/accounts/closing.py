"""Close the caller's own account, as below `/auth`."""

from __future__ import annotations

from wardship.core.sign_in.closing import close_account
from wardship.tenants.access import Access
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.accounts.own import AccountRecord, own_account, own_call, require_own_account


async def close_own_account(access: Access, email: str) -> AccountRecord | None:
    """Close the caller's account, which belongs to no organisation, and return it; see ``close_account``.

    Raises:
        SessionRequiredError: the caller showed a token.
        StepUpRequiredError: the second factor was not shown a moment ago.
        AccountInUseError: it belongs to an organisation, or to the staff.
    """
    account_id = require_own_account(access)
    access.require_step_up()
    async with in_directory(access):
        await close_account(access.transaction, own_call(access), account_id, email)
    return await own_account(access)
