"""When an account is closed, as its owner asked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wardship.core.database.engine import Transaction


async def set_closing(transaction: Transaction, account_id: UUID, closes_at: datetime) -> None:
    """Note when an account is to be erased."""
    await transaction.execute(
        "update account set closes_at = $2 where id = $1 and state = 'active'", account_id, closes_at
    )


async def end_closing(transaction: Transaction, account_id: UUID) -> bool:
    """Keep an account that was to be erased; return whether it was."""
    kept = await transaction.execute(
        "update account set closes_at = null where id = $1 and closes_at is not null and state = 'active'", account_id
    )
    return kept > 0


async def lock_closing(transaction: Transaction, account_id: UUID, *, at: datetime) -> bool:
    """Lock an account that is to be erased by now; return False when it is not, or not any more.

    Who joins an organisation locks the account too, so that of the two one comes first.
    """
    found = await transaction.fetchval(
        "select id from account where id = $1 and state = 'active' and closes_at <= $2 for update", account_id, at
    )
    return found is not None
