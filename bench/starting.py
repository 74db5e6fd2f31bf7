"""Part (f): how long the command line takes to answer and `wardship serve` to be ready, and the memory it holds."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.place import ROOT, clean_environment
from bench.ports import free_port, require_only_listener
from bench.processes import answers, running
from bench.processor import children_of, proportional_megabytes, resident_megabytes

LIBRARIES = ("litestar", "strawberry", "asyncpg", "piccolo.engine.postgres", "pluggy", "structlog")
RUNS = 5


@dataclass(frozen=True, slots=True)
class Starting:
    """Medians over all repetitions.

    Attributes:
        bare_s: seconds that Python takes to do nothing.
        help_s: seconds that `wardship --help` takes.
        imports_s: seconds that Python takes to import the libraries that anything like Wardship is made of.
        first_s: seconds from the command to the first 200 of /health/ready, on an empty data folder.
        again_s: the same on the folder that is there then.
        resident_mb: memory of `wardship serve`, the worker inside it included (VmRSS).
        database_mb: memory of the PostgreSQL processes, what they share counted once (Pss).
    """

    bare_s: float
    help_s: float
    imports_s: float
    first_s: float
    again_s: float
    resident_mb: float
    database_mb: float

    @property
    def help_ratio(self) -> float:
        """How many times as long as Python doing nothing the help takes: at most 6."""
        return self.help_s / self.bare_s

    @property
    def again_ratio(self) -> float:
        """How many times as long as those imports alone a start takes, with its folder there: 1.5 is aimed at."""
        return self.again_s / self.imports_s


def measure_starting(folder: Path, *, repetitions: int) -> Starting:
    """Start on empty folders, each a second time, and run beside it what that is compared to, one after the other."""
    found = [(*_compared(), *_start_twice(folder / f"started-{number}")) for number in range(repetitions)]
    return Starting(*(median(values) for values in zip(*found, strict=True)))


def _compared() -> tuple[float, float, float]:
    """Return the medians of several runs: they are short, and one of them tells little."""
    return (
        _seconds([sys.executable, "-c", "pass"]),
        _seconds([Path(sys.executable).with_name("wardship"), "--help"]),
        _seconds([sys.executable, "-c", f"import {', '.join(LIBRARIES)}"]),
    )


def _seconds(command: Sequence[str | Path]) -> float:
    taken = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        subprocess.run(command, env=clean_environment(), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - begun)
    return median(taken)


def _start_twice(folder: Path) -> tuple[float, float, float, float]:
    folder.mkdir()
    environment = clean_environment() | {"WARDSHIP_DATA_DIR": str(folder / "data"), "WARDSHIP_LOG_LEVEL": "warning"}
    first, _, _ = _start(folder, environment)
    again, resident, database = _start(folder, environment)
    return first, again, resident, database


def _start(folder: Path, environment: Mapping[str, str]) -> tuple[float, float, float]:
    port = free_port()
    command: list[str | Path] = [Path(sys.executable).with_name("wardship"), "serve", "--port", str(port)]
    ready = answers("/health/ready")
    log = folder / "serve.log"
    with running(command, port, environment=environment, log=log, ready=ready, folder=ROOT) as server:
        require_only_listener(port, server.pid)
        return server.started_s, resident_megabytes(server.pid), _database_megabytes(folder)


def _database_megabytes(folder: Path) -> float:
    (record,) = folder.rglob("postmaster.pid")
    postmaster = int(record.read_text().splitlines()[0])
    return sum(proportional_megabytes(pid) for pid in (postmaster, *children_of(postmaster)))
