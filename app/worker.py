"""The worker of a deployment: obligations, and the clocks that ring beside them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from wardship.app.nouns import domain_nouns
from wardship.tenants.access import Services
from wardship.tenants.obligations.worker import Worker

_PAUSE_S = 5.0
_log = structlog.get_logger(__name__)


async def work_until(stopping: asyncio.Event, services: Services, *, pause_s: float = _PAUSE_S) -> None:
    """Work until told to stop; a worker that ends by a fault is followed by another after a pause.

    The database may be away for a while, and what is owed must not stay undone for that.
    """
    while not stopping.is_set():
        try:
            await Worker(services, duties=domain_nouns().duties).run(stopping)
        except Exception as error:  # noqa: BLE001 - whatever ended it, the next one may fare better
            _log.exception("worker.ended", error=type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await stopping.wait()


@asynccontextmanager
async def running_worker(services: Services) -> AsyncIterator[None]:
    """Run a worker in this process for as long as the context lasts."""
    stopping = asyncio.Event()
    task = asyncio.create_task(work_until(stopping, services), name="wardship-worker")
    try:
        yield
    finally:
        stopping.set()
        await task
