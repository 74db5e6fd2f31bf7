"""Remove what is over: sessions, links, counters, tokens long expired."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from wardship.core.nouns import Deployment
from wardship.core.sign_in.sessions import IDLE
from wardship.core.tokens.tokens import remove_ended_tokens

_KEPT: Final = timedelta(days=1)
_TOKENS_KEPT: Final = timedelta(days=90)


async def sweep_sign_in(deployment: Deployment) -> None:
    """Remove sessions that are over, links and counters a day after, tokens 90 days after; the worker calls it."""
    now = deployment.clock.now()
    async with deployment.database.directory() as transaction:
        await transaction.execute("delete from session where expires_at <= $1 or last_seen_at <= $2", now, now - IDLE)
        await transaction.execute("delete from sign_in_link where expires_at <= $1", now - _KEPT)
        await transaction.execute(
            "delete from sign_in_attempt where window_started_at <= $1 and coalesce(locked_until, $1) <= $1",
            now - _KEPT,
        )
        await remove_ended_tokens(transaction, before=now - _TOKENS_KEPT)
