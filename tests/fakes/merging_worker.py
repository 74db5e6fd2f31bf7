"""A worker to be killed, with all that the product's do: ``python -m tests.fakes.merging_worker '{…}'``."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path

from tests.fakes.worker_process import NOUNS, make_services
from wardship.tenants.obligations.worker import Worker, WorkerLimits

LIMITS = WorkerLimits(lease=timedelta(seconds=3), poll_s=0.05, sweep_s=0.2)


async def work(told: dict[str, str]) -> None:
    """Work until it is killed."""
    services = make_services(told["database"], told["secret"], Path(told["folder"]))
    await services.database.open()
    await Worker(services, duties=NOUNS.duties, limits=LIMITS).run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(work(json.loads(sys.argv[1])))
