"""Security notices: mail to the owner of an account about a change of what protects it."""

from __future__ import annotations

from uuid import UUID

from wardship.core.accounts.accounts import verified_addresses
from wardship.core.database.engine import Transaction
from wardship.core.mail import queue_mail, render
from wardship.core.sign_in.call import Call

PASSWORD_CHANGED = "Your password was changed"  # noqa: S105 - a sentence about one
SECOND_FACTOR_CHANGED = "Your second factor was set up"
RECOVERY_CODE_USED = "A recovery code was used to sign in"
RECOVERY_CODES_RENEWED = "Your recovery codes were renewed"
TOKEN_CREATED = "An access token was created for your account"  # noqa: S105 - a sentence about one


async def notify(transaction: Transaction, call: Call, account_id: UUID, what: str) -> None:
    """Queue a security notice to the account's primary address, in the transaction of the change."""
    text = render(
        "security_notice",
        what=what,
        site=call.settings.public_url,
        when=f"{call.now:%Y-%m-%d %H:%M}",
        network=call.client.shown_network,
    )
    for address in (await verified_addresses(transaction, account_id))[:1]:
        await queue_mail(transaction, account_id, address, text.subject, text.body, at=call.now)
