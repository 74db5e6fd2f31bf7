"""The worker of a deployment: obligations, and the clocks that ring beside them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from wardship.core.mail.delivery import deliver_due
from wardship.core.sign_in.sweep import sweep_sign_in
from wardship.tenants.obligations.worker import Sweep, Worker
from wardship.tenants.requests.sweeps import SWEEPS as REQUEST_SWEEPS
from wardship.tenants.services import Services


async def deliver_mail(services: Services) -> None:
    """Send what mail is due."""
    await deliver_due(services.database, services.settings, services.clock, services.keys)


async def end_sign_ins(services: Services) -> None:
    """Remove sessions, links, counters and tokens that are over."""
    await sweep_sign_in(services)


SWEEPS: tuple[Sweep, ...] = (deliver_mail, end_sign_ins, *REQUEST_SWEEPS)
"""What a worker does by the clock, besides obligations and their deadlines."""


def make_worker(services: Services) -> Worker:
    """Return a worker with every sweep of this deployment."""
    return Worker(services, sweeps=SWEEPS)


@asynccontextmanager
async def working(services: Services) -> AsyncIterator[None]:
    """Run a worker in this process for as long as the context lasts."""
    stopping = asyncio.Event()
    task = asyncio.create_task(make_worker(services).run(stopping), name="wardship-worker")
    try:
        yield
    finally:
        stopping.set()
        await task
