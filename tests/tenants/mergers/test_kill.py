"""A real worker that is killed while rows go over leaves everything as it was, and the next one does it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from tests.conftest import SECRET
from tests.tenants.mergers.merging import Merging
from tests.tenants.mergers.test_nothing_lost import MOVING
from wardship.core.database.embedded import ROLE_SERVE, ROLE_SUPERUSER

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[3]
PATIENCE_S = 60
LASTING = sorted(set(MOVING) - {"notice", "vendor_export", "untold_look", "counted_deletion", "inbound_message"})
"""All but what other clocks of a worker act on."""
_CARRYING = (
    "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    " and query like '%carry_over(%' and pid <> pg_backend_pid())"
)


@contextmanager
def running_worker(told: dict[str, object]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.fakes.merging_worker", json.dumps(told)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own script
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


async def comes_true(asked: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a real process, however slow the machine is at present."""
    deadline = time.monotonic() + PATIENCE_S
    while not await asked():
        assert time.monotonic() < deadline, "the worker does nothing"
        time.sleep(0.05)  # noqa: ASYNC251 - a real process is awaited


async def test_killed_while_rows_go_over_nothing_has_happened_and_the_next_worker_does_it(
    merging: Merging, postgres, database_name, owner, tmp_path
):
    await merging.fill()
    merger = await merging.announce()
    await merging.begin()
    await owner.execute("update merger set state_until = now() - interval '1 minute'")
    before = await merging.counts(LASTING, merging.orchard)
    told = {"database": postgres.dsn(role=ROLE_SERVE, database=database_name), "secret": SECRET}
    told["folder"] = str(tmp_path)
    watching = await asyncpg.connect(**postgres.dsn(role=ROLE_SUPERUSER, database=database_name))
    try:
        async with owner.transaction():
            await owner.execute("select from data_request for update")
            with running_worker(told) as process:
                await comes_true(lambda: watching.fetchval(_CARRYING))
                process.kill()
                process.wait(10)
        assert await merging.state(merger.id) == "merging"
        assert await merging.counts(LASTING, merging.orchard) == before
        with running_worker(told):

            async def is_merged() -> bool:
                return await merging.state(merger.id) == "merged"

            await comes_true(is_merged)
    finally:
        await watching.close()
    assert await merging.counts(MOVING, merging.orchard) == dict.fromkeys(MOVING, 0)
    assert await owner.fetchval("select count(*) from data_request where organisation_id = $1", merging.harbour.id) == 1
