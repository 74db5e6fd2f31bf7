"""Remove what is over: sessions, links, counters, tokens long expired."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from wardship.core.sign_in.deployment import Deployment
from wardship.core.sign_in.sessions import IDLE

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
        await transaction.execute(
            "delete from access_token where least(expires_at, revoked_at) <= $1", now - _TOKENS_KEPT
        )
