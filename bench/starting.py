"""Part (f): how long `wardship serve` takes to be ready, and how much memory it holds then."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.place import ROOT, clean_environment
from bench.ports import free_port, require_only_listener
from bench.processes import answers, running
from bench.processor import children_of, proportional_megabytes, resident_megabytes


@dataclass(frozen=True, slots=True)
class Starting:
    """Medians over all repetitions.

    Attributes:
        first_s: seconds from the command to the first 200 of /health/ready, on an empty data folder.
        again_s: the same on the folder that is there then.
        resident_mb: memory of `wardship serve`, the worker inside it included (VmRSS).
        database_mb: memory of the PostgreSQL processes, what they share counted once (Pss).
    """

    first_s: float
    again_s: float
    resident_mb: float
    database_mb: float


def measure_starting(folder: Path, *, repetitions: int) -> Starting:
    """Start on empty folders, each a second time, one after the other."""
    found = [_start_twice(folder / f"started-{number}") for number in range(repetitions)]
    return Starting(*(median(values) for values in zip(*found, strict=True)))


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
