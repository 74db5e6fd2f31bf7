"""Workers to be killed: a small process that has imported everything forks a worker each time a line comes in.

``python worker_process.py '{"database": …, "secret": …}'`` prints the process id of each worker that it forked. It ends
when its standard input closes.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from tests.fakes import vendor_plugin
from wardship.app.nouns import domain_nouns
from wardship.core.clock import SystemClock
from wardship.core.database.database import Database
from wardship.core.keys import KeyRing
from wardship.core.outbound.network import NetworkPolicy, verified_tls
from wardship.core.settings import Settings
from wardship.plugins.host.call import DispatchLimits
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.registry import Registry
from wardship.tenants.access import Services
from wardship.tenants.account_claims import grouping_job
from wardship.tenants.account_claims.grouping_job import run_groupings
from wardship.tenants.exports.vendor_exports import expire_exports
from wardship.tenants.installation_lifecycle.upgrades import look_after_installations
from wardship.tenants.installations.paces import PlaceBreakers, PlacePaces
from wardship.tenants.obligations.reconcile import reconcile_due
from wardship.tenants.obligations.reminders import remind
from wardship.tenants.obligations.worker import Duties, Worker, WorkerLimits

NOUNS = domain_nouns()
DUTIES = Duties(at_start=(look_after_installations,), sweeps=(remind, reconcile_due, expire_exports, run_groupings))
LIMITS = WorkerLimits(lease=timedelta(seconds=3), batch=2, installations=2, poll_s=0.05, sweep_s=60)


def make_services(database: dict[str, object], secret: str, folder: Path) -> Services:
    """Return services by the machine's clock, with the strict vendor's integration."""
    registry, clock = Registry.load(()), SystemClock()
    registry.register(vendor_plugin, vendor_plugin.KEY)
    keys = KeyRing(secret)
    settings = Settings(data_dir=folder, secret_key=secret, development=True)
    pool = Database(database, tables=NOUNS.tables, maximum=6)
    limits = DispatchLimits(network=NetworkPolicy.development(), paces=PlacePaces(pool), breakers=PlaceBreakers(pool))
    dispatcher = Dispatcher(registry, clock, limits, digest=keys.keyed_digest("exchange"))
    return Services(settings, pool, clock, keys, registry, dispatcher, NOUNS)


async def work_for_ever(services: Services) -> None:
    await services.database.open()
    await Worker(services, duties=DUTIES, limits=LIMITS).run(asyncio.Event())


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def main() -> None:
    told = json.loads(sys.argv[1])
    grouping_job.BATCH = told.get("grouping_batch", grouping_job.BATCH)
    verified_tls()  # reading the certificate store in each worker would outlast its life
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            _die_with_parent()
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the log would stand among the process ids
            services = make_services(told["database"], told["secret"], Path(told["folder"]))
            asyncio.run(work_for_ever(services))
            os._exit(1)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
