"""A worker that is killed at any point loses no obligation and applies no effect twice (acceptance 6)."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.builders import make_member, make_organisation
from tests.conftest import SECRET
from tests.connecting import Connections
from tests.fakes import vendor_plugin, worker_process
from wardship.core.actor import Role
from wardship.core.database.embedded import ROLE_SERVE

KILLS = 50
OBLIGATIONS = 200
MOST_DONE_IN_A_LIFE = 4
"""A worker is killed by what it has done, not by the clock: on a busy machine it does less in the same time."""

PATIENCE_S = 60
ROOT = Path(__file__).parents[3]


@contextmanager
def killable_workers(told: dict[str, object]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.fakes.worker_process", json.dumps(told)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own script
    try:
        yield process
    finally:
        process.stdin.close()
        process.kill()
        process.wait(10)
        process.stdout.close()


def start(process: subprocess.Popen[str]) -> int:
    process.stdin.write("\n")
    process.stdin.flush()
    return int(process.stdout.readline())


async def open_obligations(owner) -> int:
    return await owner.fetchval("select count(*) from obligation where ended_at is null")


async def holds_leases(owner, child: int) -> bool:
    """Tell whether a worker has work in its hands."""
    return await owner.fetchval("select exists (select from obligation where lease_owner like $1)", f"%:{child}:%")


async def comes_true(asked: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a real process, however slow the machine is at present."""
    deadline = time.monotonic() + PATIENCE_S
    while not await asked():
        assert time.monotonic() < deadline, "the worker does nothing"
        time.sleep(0.005)  # noqa: ASYNC251 - a real process is awaited


async def finishes(owner) -> None:
    """Wait until nothing is open, as long as ever less is."""
    while left := await open_obligations(owner):

        async def is_less(left: int = left) -> bool:
            return await open_obligations(owner) < left

        await comes_true(is_less)


async def test_fifty_kills_lose_nothing_and_double_nothing(postgres, database_name, vendor, owner, tmp_path):
    dsn = postgres.dsn(role=ROLE_SERVE, database=database_name)
    services = worker_process.make_services(dsn, SECRET, tmp_path)
    await services.database.open()
    try:
        acme = await make_organisation(services.database)
        admin = await make_member(services.database, acme, Role.ORG_ADMIN, first_name="Member")
        for _ in range(OBLIGATIONS - 1):
            await make_member(services.database, acme, first_name="Member")
        connections = Connections(services, admin, at=services.clock.now())
        settings = {**vendor.public_settings, **vendor.secrets}
        await connections.install(vendor_plugin.KEY, settings=settings)
        await connections.worker().run_once()
        assert await open_obligations(owner) == OBLIGATIONS
        vendor.behave(*({"delay_s": 0.06} for _ in range(OBLIGATIONS * 2)))

        dice, kills = random.Random(4), 0  # noqa: S311 - moments, not secrets
        with killable_workers({"database": dict(dsn), "secret": SECRET, "folder": str(tmp_path)}) as workers:
            while kills < KILLS:
                child = start(workers)
                await comes_true(partial(holds_leases, owner, child))
                enough = await open_obligations(owner) - dice.randrange(MOST_DONE_IN_A_LIFE)

                async def has_done_enough(enough: int = enough) -> bool:
                    return await open_obligations(owner) <= enough

                await comes_true(has_done_enough)
                time.sleep(dice.uniform(0, 0.06))  # noqa: ASYNC251 - the moment of the kill is the point
                os.kill(child, signal.SIGKILL)
                kills += 1
            killed_while_working = await open_obligations(owner)
            child = start(workers)
            await finishes(owner)
            os.kill(child, signal.SIGKILL)
    finally:
        services.dispatcher.close()
        await services.database.close()

    counts = vendor.counts()
    states = await owner.fetch("select state, count(*) as many from obligation where verb = 'share' group by state")
    assert {row["state"]: row["many"] for row in states} == {"completed": OBLIGATIONS}
    assert len(counts["subjects"]) == OBLIGATIONS
    assert set(counts["effects"].values()) == {1}
    assert set(counts["effects_by_subject"].values()) == {1}
    assert sum(counts["calls"].values()) > OBLIGATIONS, "some calls were repeated, or the kills hit nothing"
    assert counts["refused"] == []
    assert killed_while_working > 0, "every kill came while there was work"
    ledger = await owner.fetch("select state, count(*) as many from disclosure group by state")
    assert {row["state"]: row["many"] for row in ledger} == {"delivered": OBLIGATIONS}
