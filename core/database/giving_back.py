"""Give a connection back to asyncpg's pool at once.

``Pool.release`` runs a task for it, shielded from cancellation, because a connection may have to be reset first. That
costs more processor time than a statement does, and one that was left in order needs no reset: then a few synchronous
assignments do, which nothing can cancel. They are asyncpg's own, from ``PoolConnectionHolder.release``; whatever is out
of the ordinary is left to that.
"""

from __future__ import annotations

from typing import Any


async def give_back(pool: Any, connection: Any) -> None:  # noqa: ANN401 - asyncpg has no types
    """Return a connection to its pool, in order or not; cancelling the caller does not keep it."""
    if not is_in_order(pool, connection):
        await pool.release(connection)  # shields itself
        return
    holder = connection._holder  # noqa: SLF001 - see the module
    connection._con._on_release()  # noqa: SLF001 - likewise
    holder._timeout = None  # noqa: SLF001 - likewise
    holder._release()  # noqa: SLF001 - likewise
    holder._setup_inactive_callback()  # noqa: SLF001 - likewise


def is_in_order(pool: Any, connection: Any) -> bool:  # noqa: ANN401 - asyncpg has no types
    """Return whether a connection was left so that it can be used again as it is."""
    inner, holder = connection._con, connection._holder  # noqa: SLF001 - see the module
    if inner is None or holder._pool is not pool or inner.is_closed():  # noqa: SLF001 - likewise
        return False
    protocol = inner._protocol  # noqa: SLF001 - likewise
    return not (
        protocol._is_cancelling()  # noqa: SLF001 - likewise
        or protocol.is_in_transaction()
        or inner._top_xact is not None  # noqa: SLF001 - likewise
        or inner._listeners  # noqa: SLF001 - likewise
        or inner._log_listeners  # noqa: SLF001 - likewise
        or protocol.queries_count >= holder._max_queries  # noqa: SLF001 - likewise
        or holder._generation != pool._generation  # noqa: SLF001 - likewise
    )
