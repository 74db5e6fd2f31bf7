"""Install integrations in tests, and work off what is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.builders import NOW, Person, access_for
from tests.fixed_clock import FixedClock
from wardship.plugins.api import Holder, Verb
from wardship.tenants.access import Services
from wardship.tenants.declarations import declaration_digest
from wardship.tenants.exports.vendor_exports import expire_exports, keep_export
from wardship.tenants.grants.granting import Grantable
from wardship.tenants.installation_lifecycle.install import InstallRequest, install
from wardship.tenants.installations.records import InstallationRecord, find_installations
from wardship.tenants.obligations.by_hand import complete_manual_task
from wardship.tenants.obligations.reconcile import reconcile_due
from wardship.tenants.obligations.reminders import remind
from wardship.tenants.obligations.worker import Duties, Worker, WorkerLimits
from wardship.tenants.paging import PageRequest
from wardship.tenants.tasks.tasks import TaskState, list_tasks

DUTIES = Duties(sweeps=(remind, reconcile_due, expire_exports), follow_ups={Verb.EXPORT: keep_export})
"""Of those that the composition root hands a worker, what concerns obligations."""


def everything_of(services: Services, key: str) -> list[Grantable]:
    """Return all that an integration declares, to be granted."""
    manifest, _ = services.integrations.require(key).declaration
    return [Grantable(entry.category, entry.purpose) for entry in manifest.receives]


async def run_until_idle(worker: Worker) -> int:
    """Serve batch after batch until nothing is due; return how many obligations were served."""
    served = 0
    while count := await worker.run_once():
        served += count
    return served


def install_request(services: Services, key: str = "recorder", **changes: Any) -> InstallRequest:
    """Return a request for the whole organisation that accepts the declaration and grants all of it."""
    manifest, plan = services.integrations.require(key).declaration
    values: dict[str, Any] = {
        "integration": key,
        "declaration_digest": declaration_digest(manifest, plan).hex(),
        "holder": Holder.ORGANISATION,
        "grants": everything_of(services, key),
    }
    return InstallRequest(**(values | changes))


@dataclass
class Connections:
    """An administrator's hands on the integrations of one organisation."""

    services: Services
    admin: Person
    at: datetime = NOW

    async def install(self, key: str = "recorder", **changes: Any) -> InstallationRecord:
        """Install, without working off what follows."""
        async with access_for(self.services, self.admin.actor(at=self.at)) as access:
            return await install(access, install_request(self.services, key, **changes))

    async def connect(self, key: str = "recorder", **changes: Any) -> InstallationRecord:
        """Install, check and share."""
        installation = await self.install(key, **changes)
        await self.work()
        return await self.read(installation.id)

    async def read(self, installation_id: UUID) -> InstallationRecord:
        async with access_for(self.services, self.admin.actor(at=self.at)) as access:
            return (await find_installations(access, [installation_id]))[installation_id]

    def worker(self, **limits: Any) -> Worker:
        return Worker(self.services, duties=DUTIES, limits=WorkerLimits(**limits))

    async def work(self) -> int:
        """Work off all that is due now."""
        return await run_until_idle(self.worker())

    async def pass_time(self, **span: float) -> int:
        """Let time pass, run the sweeps, and work off what is due then."""
        clock = self.services.clock
        assert isinstance(clock, FixedClock)
        clock.advance(timedelta(**span))
        worker = self.worker()
        await worker.sweep()
        return await run_until_idle(worker)

    async def complete_all(self, word: str) -> list[str]:
        """Complete every open task with a word, until none is left; return their instructions."""
        done: list[str] = []
        while True:
            async with access_for(self.services, self.admin.actor(at=self.services.clock.now())) as access:
                tasks = (await list_tasks(access, PageRequest(50), states=[TaskState.OPEN])).items
                for task in tasks:
                    await complete_manual_task(access, task.id, word)
            if not tasks:
                return done
            done += [task.instructions for task in tasks]
            await self.work()
