"""An integration that holds data of many people is uninstalled: shares are under way, and the vendor is away later.

`python -m bench leaving` runs it, on a durable database.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bench import nothing, ours, steps, vendor
from bench.data import Caller
from bench.ours import database_place
from bench.place import BUILD, Place, make_place, scratch_folder
from bench.processor import resident_megabytes
from bench.vendor import Vendor, running_vendor
from bench.writing import people
from tools.prepare.steps import say
from wardship.app.deployment import make_services
from wardship.app.deployment import running as services_running
from wardship.core.actor import Role
from wardship.core.clock import Clock
from wardship.core.identifiers import uuid7
from wardship.plugins.host.registry import Registry
from wardship.tenants.access import Services
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.obligations.for_member import bring_in_line
from wardship.tenants.obligations.progress import installation_progress
from wardship.tenants.obligations.worker import Worker

_MINUTE, _TICK = timedelta(minutes=1), timedelta(microseconds=1)
_AWAY_FOR = 60
"""Minutes for which the vendor does not listen."""
_LATE, _TOO_LATE = 4, 20
"""Shares that are under way at the moment of the uninstallation, as many as are called together, and that only wait."""
_MOST_MINUTES = 60 * 24
_BATCHES = 25
"""Batches after which it is looked whether all is done."""
_PATIENCE_S = 60.0


class NotEndedError(RuntimeError):
    """The end of the installation is not as it has to be; the message says in what respect."""


@dataclass(slots=True)
class SteppedClock:
    """A clock that hardly moves until it is moved on: what has to wait an hour is not waited for."""

    at: datetime = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the next moment."""
        self.at += _TICK
        return self.at

    def advance(self, span: timedelta) -> None:
        """Move on."""
        self.at += span


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What it took, once all was seen to be as it has to be.

    Attributes:
        members: of whom the vendor held something.
        obligations: that ended: erasures, their proofs, and the end of the access.
        seconds: from the uninstallation to the end of the last, the hour in which the vendor was away not counted.
        uninstalled_s: of which the command took so much.
        late: shares that were under way; what they brought is taken back too.
        leases: of what was taken back, in all; one for each obligation is the least.
        leases_away: leases of the hour in which the vendor was away; ``requests_away`` requests that got nowhere.
        memory: megabytes of the worker's process: before the uninstallation, the most, and at the end.
        progress: how many were done, each time that somebody looked.
        grade: of the installation's end.
    """

    members: int
    obligations: int
    seconds: float
    uninstalled_s: float
    late: int
    leases: int
    leases_away: int
    memory: tuple[float, float, float]
    progress: tuple[int, ...]
    grade: str

    @property
    def rate(self) -> float:
        """Return obligations per second."""
        return self.obligations / self.seconds


@asynccontextmanager
async def services_with_vendor(place: Place, clock: Clock) -> AsyncIterator[Services]:
    """Yield the deployment's services, by another clock, with the vendor on loopback and the one that is nobody."""
    registry = Registry.load(())
    registry.register(vendor, vendor.KEY)
    registry.register(nothing, nothing.KEY)
    # Development may call a server on loopback.
    settings = place.settings().model_copy(update={"development": True})
    services = make_services(settings, database_place(place), clock=clock, registry=registry)
    async with services_running(services, database_place(place)):
        yield services


@dataclass(slots=True)
class _Scene:
    """One organisation with one installation, and what is noted while it ends."""

    services: Services
    clock: SteppedClock
    connection: Any
    vendor: Vendor
    admin: Caller
    installation_id: UUID
    worker: Worker
    memory: list[float] = field(default_factory=list)
    progress: list[int] = field(default_factory=list)

    async def look(self) -> None:
        """Note what an administrator sees, and how much memory the worker holds."""
        self.memory.append(resident_megabytes(os.getpid()))
        async with steps.acting(self.services, self.admin, Role.ORG_ADMIN) as access:
            self.progress.append((await installation_progress(access, self.installation_id)).done)

    async def work(self) -> None:
        """Do all that is due now."""
        while await self.worker.run_once():
            pass

    async def work_until(self, sql: str, wanted: int, *, look_every: int = 0) -> None:
        """Work, moving on by the minute where nothing may be called, until a count is reached."""
        served = minutes = 0
        while await self.connection.fetchval(sql, self.installation_id) < wanted:
            # What is counted is the whole table: that is not done for every batch.
            for _ in range(_BATCHES):
                count = await self.worker.run_once()
                if not count:
                    self.clock.advance(_MINUTE)
                    minutes += 1
                    break
                served += count
                if look_every and served >= look_every:
                    served = 0
                    await self.look()
            if minutes > _MOST_MINUTES:
                left = [tuple(row) for row in await self.connection.fetch(_LEFT_OPEN, self.installation_id)]
                raise NotEndedError(f"After {minutes} minutes with nothing due {sql} is not {wanted}: open are {left}.")


_SHARED = "select count(*) from obligation where installation_id = $1 and verb = 'share' and state = 'completed'"
_ERASED = "select count(*) from obligation where installation_id = $1 and verb = 'erase' and state = 'completed'"
_TAKEN_BACK = (
    "select count(*) from obligation where installation_id = $1 and verb in ('erase', 'revoke', 'attest')"
    " and state = 'completed'"
)
_REMOVED = "select count(*) from installation where id = $1 and state = 'removed'"
_LEFT_OPEN = (
    "select verb, state, failures, outcome ->> 'code', detail, count(*) from obligation"
    " where installation_id = $1 and ended_at is null group by 1, 2, 3, 4, 5 order by 6 desc limit 10"
)
_LEASES = "select coalesce(sum(attempt), 0) from obligation where installation_id = $1"
_LEASES_TO_TAKE_BACK = f"{_LEASES} and verb in ('erase', 'revoke', 'attest')"


async def measure_leaving(place: Place, members: int) -> Left:
    """Uninstall an integration that holds data of so many people, and see that it ends as it has to.

    Raises:
        NotEndedError: it does not.
    """
    clock = SteppedClock()
    with running_vendor(place.folder) as serving:
        async with services_with_vendor(place, clock) as services, place.superuser() as connection:
            scene = await _connected(services, clock, connection, serving, members)
            return await _leave(scene, members)


async def _connected(
    services: Services,
    clock: SteppedClock,
    connection: Any,  # noqa: ANN401 - asyncpg has no types
    serving: Vendor,
    members: int,
) -> _Scene:
    """Share with the vendor what there is of so many people, and owe it some more."""
    organisation_id = uuid7()
    owner, chief = people(2, first=1_000_000)
    async with steps.acting_system(services, organisation_id) as access:
        await steps.found(access, "leaving", owner)
        admin = await steps.join(access, chief, Role.ORG_ADMIN)
    await add_members(connection, organisation_id, clock.now(), members - 2)
    installation_id = await steps.install_for_all(services, admin, vendor.KEY, serving.settings)
    scene = _Scene(services, clock, connection, serving, admin, installation_id, Worker(services))
    await scene.work_until(_SHARED, members)
    late = await add_members(connection, organisation_id, clock.now(), _LATE + _TOO_LATE)
    async with steps.acting_system(services, organisation_id) as access:
        await bring_in_line(access, late)
    await connection.execute("analyze obligation; analyze disclosure; analyze subject_link; analyze member")
    return scene


async def add_members(connection: Any, organisation_id: UUID, at: datetime, count: int) -> list[UUID]:  # noqa: ANN401 - asyncpg has no types
    """Add members who have a name and nothing else, and return their ids."""
    rows = await connection.fetch(
        "insert into member (organisation_id, id, created_at, display_name, first_name, last_name, pseudonym,"
        " joined_at) select $1, time_ordered_id(), $3, 'Member ' || n, 'Member', 'No. ' || n,"
        " 'Random ' || gen_random_uuid(), $3"
        " from generate_series(1, $2) n returning id",
        organisation_id,
        count,
        at,
    )
    return [row["id"] for row in rows]


async def _leave(scene: _Scene, members: int) -> Left:
    everybody = members + _LATE
    scene.vendor.tell("hold")
    sharing = asyncio.create_task(scene.worker.run_once())
    await _comes_true(scene, _LATE)
    scene.memory.append(resident_megabytes(os.getpid()))
    begun = time.perf_counter()
    async with steps.acting(scene.services, scene.admin, Role.ORG_ADMIN) as access:
        await uninstall(access, scene.installation_id)
    uninstalled_s = time.perf_counter() - begun
    writes = scene.vendor.tell("release")["writes"]
    await sharing
    await scene.work_until(_ERASED, everybody // 2, look_every=max(1, everybody // 5))
    spent = time.perf_counter() - begun
    leases = await _while_away(scene)
    begun = time.perf_counter()
    await scene.work_until(_REMOVED, 1, look_every=max(1, everybody // 5))
    seconds = spent + time.perf_counter() - begun
    await scene.look()
    return Left(
        members=members,
        obligations=await _require_end(scene, everybody, writes),
        seconds=seconds,
        uninstalled_s=uninstalled_s,
        late=_LATE,
        leases=int(await scene.connection.fetchval(_LEASES_TO_TAKE_BACK, scene.installation_id)),
        leases_away=leases,
        memory=(scene.memory[0], max(scene.memory), scene.memory[-1]),
        progress=tuple(scene.progress),
        grade=await scene.connection.fetchval(
            "select state_reason from installation where id = $1", scene.installation_id
        ),
    )


async def _comes_true(scene: _Scene, held: int) -> None:
    """Wait until so many shares lie with the vendor."""
    async with asyncio.timeout(_PATIENCE_S):
        while scene.vendor.counts()["held"] != held:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.01)


async def _while_away(scene: _Scene) -> int:
    """Let an hour pass in which the vendor does not listen; return how many leases that cost."""
    counts = scene.vendor.tell("down")
    before = await scene.connection.fetchval(_LEASES, scene.installation_id)
    for _ in range(_AWAY_FOR):
        await scene.work()
        scene.clock.advance(_MINUTE)
    await scene.look()
    if scene.vendor.counts()["requests"] != counts["requests"]:
        raise NotEndedError("The vendor was asked while it did not listen.")
    scene.vendor.tell("up")
    return int(await scene.connection.fetchval(_LEASES, scene.installation_id) - before)


async def _require_end(scene: _Scene, everybody: int, writes: int) -> int:
    """See that everything has ended well, and return how many obligations took it back.

    Raises:
        NotEndedError: it has not.
    """
    ask, installation_id, left = scene.connection.fetchval, scene.installation_id, scene.vendor.counts()
    taken_back = await ask(_TAKEN_BACK, installation_id)
    found = {
        "shares begun since": left["writes"] - writes,
        "people at the vendor": left["subjects"],
        "accepted tokens": int(not left["is_revoked"]),
        "open obligations": await ask(
            "select count(*) from obligation where installation_id = $1 and ended_at is null", installation_id
        ),
        "failed obligations": await ask(
            "select count(*) from obligation where installation_id = $1 and state = 'failed'", installation_id
        ),
        "tasks for people": await ask("select count(*) from manual_task"),
        "people without a proof": everybody
        - await ask(
            "select count(distinct member_id) from obligation where installation_id = $1 and verb = 'erase'"
            " and attestation ->> 'level' = 'probed'",
            installation_id,
        ),
        "obligations too few": max(0, 2 * everybody + 2 - taken_back),
    }
    if wrong := {what: count for what, count in found.items() if count}:
        raise NotEndedError(f"There are left: {wrong}.")
    return int(taken_back)


def main(arguments: list[str]) -> int:
    """Measure, print, and write build/bench/leaving.json."""
    parser = argparse.ArgumentParser(prog="python -m bench leaving", description="Uninstall an integration with many.")
    parser.add_argument("--members", type=int, default=10_000, help="of whom the vendor holds something")
    options = parser.parse_args(arguments)
    found = asyncio.run(_measure(options.members))
    BUILD.mkdir(parents=True, exist_ok=True)
    (BUILD / "leaving.json").write_text(json.dumps(asdict(found) | {"per_second": found.rate}, indent=2) + "\n")
    print(found)
    return 0


async def _measure(members: int) -> Left:
    with scratch_folder() as folder, make_place(folder) as place:
        await ours.migrate(place)
        say(f"sharing {members} members with a vendor, and uninstalling it …")
        return await measure_leaving(place, members)
