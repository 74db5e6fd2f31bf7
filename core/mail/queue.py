"""Queue a mail in the transaction that causes it, so that it is sent exactly if that commits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wardship.core.database.engine import Transaction
from wardship.core.identifiers import uuid7


async def queue_mail(  # noqa: PLR0913 - what makes a mail, each needed
    transaction: Transaction, account_id: UUID | None, recipient: str, subject: str, body: str, *, at: datetime
) -> UUID:
    """Queue one mail and return its identifier, which also becomes its Message-ID.

    Works in a transaction of any scope: the database opens the queue for it by a function of its own.

    Args:
        transaction: the transaction of the deed that the mail is about.
        account_id: whose mail it is, so that it goes with the account; None when there is none.
        recipient: the address, in canonical form.
        subject: one line.
        body: plain text; ``render`` makes both from a template.
        at: the present moment: from then on it may be sent.
    """
    mail_id = uuid7()
    await transaction.execute(
        "select queue_mail($1, $2, $3, $4, $5, $6)", mail_id, at, account_id, recipient, subject, body
    )
    return mail_id
