"""Close one's own account: at once nobody is signed in any more, and after two weeks its data is erased.

Signing in, or the link in the mail, keeps it. What organisations hold of a person is theirs to erase, so an account
that belongs to one is not closed but left there first.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.accounts.accounts import verified_addresses
from wardship.core.accounts.address import canonical_address
from wardship.core.accounts.closing import end_closing, set_closing
from wardship.core.accounts.events import EventKind
from wardship.core.database.engine import Transaction
from wardship.core.errors import ConflictError, InvalidInputError
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.links import LinkPurpose, LinkRefusedError, NewLink, make_account_link, use_link
from wardship.core.sign_in.notices import ACCOUNT_CLOSES
from wardship.core.sign_in.sessions import end_every_sign_in
from wardship.core.tokens.tokens import revoke_all_tokens

COOLING_OFF: Final = timedelta(days=14)
"""How long a closed account can be kept by signing in, or by the mailed link."""


class AccountInUseError(ConflictError):
    """The account belongs to an organisation or to the provider's staff: leave there first, as the message says."""

    code: ClassVar[str] = "ACCOUNT_IN_USE"


async def close_account(transaction: Transaction, call: Call, account_id: UUID, email: str) -> None:
    """Close an account that belongs to nobody's organisation: all sessions, tokens and links end now, its data later.

    The caller has shown the second factor.

    Args:
        transaction: it reaches the directory.
        call: who asks, of which deployment, when.
        account_id: whose account.
        email: its primary address, typed again: that confirms it.

    Raises:
        InvalidInputError: that is not its primary address.
        AccountInUseError: it belongs to an organisation, or to the staff.
    """
    addresses = await verified_addresses(transaction, account_id)
    if canonical_address(email, call.settings.internal_domains) not in addresses[:1]:
        raise InvalidInputError("Type your primary address to confirm it.", path=("email",))
    await transaction.execute("select from account where id = $1 for update", account_id)
    await require_unused(transaction, account_id)
    closes_at = call.now + COOLING_OFF
    await set_closing(transaction, account_id, closes_at)
    await end_every_sign_in(transaction, account_id)
    await revoke_all_tokens(transaction, account_id, at=call.now)
    link = await make_account_link(transaction, call, NewLink(account_id, LinkPurpose.KEEP_ACCOUNT, closes_at))
    await call.record(transaction, account_id, EventKind.CLOSING_BEGUN)
    for address in addresses:
        await call.mail(
            transaction,
            ACCOUNT_CLOSES,
            address,
            account_id,
            link=link,
            closes_at=closes_at,
        )


async def keep_account(call: Call, token: str) -> None:
    """Keep a closed account by the link that was mailed of it.

    Raises:
        LinkRefusedError: the account was kept before, or is gone.
    """
    async with call.database.directory() as transaction:
        link = await use_link(transaction, token, LinkPurpose.KEEP_ACCOUNT, at=call.now)
        if link.account_id is None or not await end_closing(transaction, link.account_id):
            raise LinkRefusedError
        await call.record(transaction, link.account_id, EventKind.CLOSING_ENDED)
        await call.notify_all(transaction, link.account_id, "Your account is kept")


async def require_unused(transaction: Transaction, account_id: UUID) -> None:
    """Refuse unless an account belongs to no organisation and not to the staff, in a transaction of any scope.

    Raises:
        AccountInUseError: with what to do, by organisation.
    """
    rows = await transaction.fetch("select name, state from organisations_of($1)", account_id)
    left = [f"{row['name']} (ask there for the erasure of your data)" for row in rows]
    if await transaction.fetchval("select exists (select from staff where account_id = $1)", account_id):
        left.append("the provider's staff (have that ended)")
    if left:
        raise AccountInUseError(
            f"Your account belongs to {', '.join(left)}. Who owns an organisation passes the ownership on first. With"
            " the last of them the account is erased too."
        )
