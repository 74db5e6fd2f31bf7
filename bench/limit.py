"""The limit: pgbench sends the recorded statements, and nothing else is done."""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass
from pathlib import Path

from bench.place import Place, clean_environment
from wardship.core.database.embedded import DATABASE, ROLE_SERVE

APPLICATION_NAME = "pgbench"
_DONE = re.compile(r"number of transactions actually processed: (\d+)")
_FAILED = re.compile(r"number of failed transactions: (\d+)")
_LATE_S = 30.0


class PgbenchError(RuntimeError):
    """pgbench failed, or some of its transactions did; the message has what it printed."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What pgbench did.

    Attributes:
        transactions: runs of the whole script.
        processor_s: processor time of pgbench itself.
    """

    transactions: int
    processor_s: float


async def replay(place: Place, script: Path, *, seconds: int, connections: int) -> Replay:
    """Run a script over and over, each statement prepared once for each connection, as Wardship's are.

    Raises:
        PgbenchError: not every transaction succeeded.
    """
    command = [str(place.server.binaries / "pgbench"), "--no-vacuum", "--protocol=prepared", f"--file={script}"]
    command += [f"--client={connections}", "--jobs=1", f"--time={seconds}"]
    command += [f"--host={place.server.socket_dir}", "--port=5432", f"--username={ROLE_SERVE}", DATABASE]
    environment = clean_environment() | {
        "PGAPPNAME": APPLICATION_NAME,
        "PGOPTIONS": "-c plan_cache_mode=force_generic_plan",
    }
    before = os.times()
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), seconds + _LATE_S)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise PgbenchError(f"pgbench did not end {_LATE_S:.0f} s after its time.") from None
    # Nothing else that this process started has ended meanwhile.
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Replay(_transactions(output.decode(errors="replace"), process.returncode), used)


def _transactions(output: str, status: int | None) -> int:
    done, failed = _DONE.search(output), _FAILED.search(output)
    if status != 0 or done is None or (failed is not None and int(failed[1])):
        raise PgbenchError(f"pgbench did not succeed (status {status}):\n{output}")
    return int(done[1])
