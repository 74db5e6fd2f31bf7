"""The caller's own identities at providers of the deployment, unlinked by who has just shown the second factor.

They are linked there alone, because the browser goes to the provider and comes back.
"""

from __future__ import annotations

from uuid import UUID

from wardship.core.sign_in.providers import unlink_identity
from wardship.tenants.access import Access
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.accounts.own import AccountRecord, own_account, own_call, require_own_account


async def unlink_own_identity(access: Access, identity_id: UUID) -> AccountRecord | None:
    """Let a provider of the deployment vouch for the caller no more, and return the account; other sessions end.

    Raises:
        SessionRequiredError: the caller showed a token.
        StepUpRequiredError: the second factor was not shown a moment ago.
        NotFoundError: the caller has no such identity; those of organisations are theirs to end.
        LastWayInError: it is the only way in besides mail.
    """
    account_id, session_id = require_own_account(access), access.actor.credential_id
    access.require_step_up()
    async with in_directory(access):
        await unlink_identity(access.transaction, own_call(access), account_id, identity_id, session_id=session_id)
    return await own_account(access)
