"""What an erasure means for the account behind the membership: access ends; with the last membership it goes."""

from __future__ import annotations

from uuid import UUID

from wardship.core.accounts.accounts import mark_erased
from wardship.core.accounts.tombstones import suppress
from wardship.core.mail import forget_mail
from wardship.core.sign_in.sessions import end_every_sign_in
from wardship.core.tokens.tokens import remove_tokens
from wardship.tenants.access import Access
from wardship.tenants.erasure.identifiers import Identifiers
from wardship.tenants.erasure.plan import account_steps


async def end_access(access: Access, account_id: UUID) -> None:
    """End every session and link of the account, and its tokens for this organisation."""
    await end_every_sign_in(access.transaction, account_id)
    await remove_tokens(access.transaction, account_id, access.organisation_id)


async def erase_account_if_last(access: Access, account_id: UUID, known: Identifiers) -> bool:
    """Erase the account unless the person is a member elsewhere or of the provider's staff; return whether it went.

    Its row stays, empty, because the audit names it; its addresses are suppressed for every organisation.
    """
    is_needed = await access.transaction.fetchval(
        "select account_has_membership($1) or exists (select from staff where account_id = $1)", account_id
    )
    if is_needed:
        return False
    addresses = sorted(known.emails)
    await suppress(access.transaction, access.services.keys, addresses, organisation_id=None, at=access.now)
    for step in account_steps():
        arguments: tuple[object, ...] = (account_id, addresses) if "$2" in step.sql else (account_id,)
        await access.transaction.execute(step.sql, *arguments)
    await mark_erased(access.transaction, account_id, at=access.now)
    for address in addresses:
        await forget_mail(access.transaction, access.services.settings, access.services.keys, address)
    return True
