"""Wake the workers at the commit of what gives them something to do."""

from __future__ import annotations

from wardship.tenants.access import Access

CHANNEL = "wardship_sweeps"


async def wake_workers(access: Access) -> None:
    """Let a worker sweep as soon as this transaction commits; PostgreSQL merges repeated calls."""
    await access.transaction.execute("select pg_notify($1, '')", CHANNEL)
