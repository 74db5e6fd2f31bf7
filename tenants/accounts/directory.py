"""Let a transaction of an organisation reach the directory of accounts for a moment."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from wardship.tenants.access import Access


@asynccontextmanager
async def in_directory(access: Access) -> AsyncIterator[None]:
    """Let what runs inside reach accounts, addresses and credentials, besides the organisation's rows.

    For acts on an account, whose commands the core has: each names the account whose rows it touches. A transaction
    that reaches the directory already stays as it is.
    """
    transaction = access.transaction
    if transaction.scope.directory:
        yield
        return
    await transaction.execute("set local wardship.directory = 'on'")
    yield
    # After an exception the transaction is rolled back, and the setting with it.
    await transaction.execute("set local wardship.directory = 'off'")
