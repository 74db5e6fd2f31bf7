"""The worker of a deployment: obligations, and the clocks that ring beside them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog

from wardship.core.mail.delivery import deliver_due
from wardship.core.sign_in.sweep import sweep_sign_in
from wardship.plugins.api import Verb
from wardship.tenants.access import Services
from wardship.tenants.exports.vendor_exports import expire_exports, keep_export
from wardship.tenants.fulfilment.due import sweep_requests
from wardship.tenants.installation_lifecycle.upgrades import look_after_installations
from wardship.tenants.obligations.worker import Duties, Worker

_PAUSE_S = 5.0
_log = structlog.get_logger(__name__)


async def deliver_mail(services: Services) -> None:
    """Send what mail is due."""
    await deliver_due(services.database, services.settings, services.clock, services.keys)


async def end_sign_ins(services: Services) -> None:
    """Remove sessions, links, counters and tokens that are over."""
    await sweep_sign_in(services)


DUTIES: Final = Duties(
    at_start=(look_after_installations,),
    sweeps=(expire_exports, deliver_mail, end_sign_ins, sweep_requests),
    follow_ups={Verb.EXPORT: keep_export},
)
"""What a worker does besides obligations and their deadlines."""


async def work_until(stopping: asyncio.Event, services: Services, *, pause_s: float = _PAUSE_S) -> None:
    """Work until told to stop; a worker that ends by a fault is followed by another after a pause.

    The database may be away for a while, and what is owed must not stay undone for that.
    """
    while not stopping.is_set():
        try:
            await Worker(services, duties=DUTIES).run(stopping)
        except Exception as error:  # noqa: BLE001 - whatever ended it, the next one may fare better
            _log.exception("worker.ended", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), pause_s)


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
