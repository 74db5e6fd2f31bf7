"""Processor time of processes, as Linux accounts for it: the figure that repeats where requests per second wander."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# Places in /proc/PID/stat after the name (proc(5)): ppid is the 4th field, utime to cstime the 14th to the 17th.
_PARENT, _USER, _SYSTEM, _CHILDREN_USER, _CHILDREN_SYSTEM = 1, 11, 12, 13, 14


@dataclass(frozen=True, slots=True)
class ProcessTimes:
    """What one process has used so far.

    Attributes:
        parent: its parent's pid.
        own: seconds of processor time, all threads, user and system.
        ended_children: the same of its children that have ended and were waited for.
    """

    parent: int
    own: float
    ended_children: float


def process_times(pid: int) -> ProcessTimes:
    """Return what a process has used.

    Raises:
        ProcessLookupError: it has ended.
    """
    try:
        return parse_stat(Path(f"/proc/{pid}/stat").read_text())
    except FileNotFoundError:
        raise ProcessLookupError(f"Process {pid} has ended.") from None


def parse_stat(text: str) -> ProcessTimes:
    """Return the times in a line of /proc/PID/stat; the name in it may hold spaces and brackets."""
    fields = text[text.rindex(")") + 2 :].split()
    own = int(fields[_USER]) + int(fields[_SYSTEM])
    children = int(fields[_CHILDREN_USER]) + int(fields[_CHILDREN_SYSTEM])
    return ProcessTimes(int(fields[_PARENT]), own / _TICKS_PER_SECOND, children / _TICKS_PER_SECOND)


def resident_megabytes(pid: int) -> float:
    """Return how much memory a process holds, shared pages included (VmRSS)."""
    status = Path(f"/proc/{pid}/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kilobytes) / 1024


def proportional_megabytes(pid: int) -> float:
    """Return how much memory a process holds, pages that it shares divided among those who share them (Pss)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    kilobytes = next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(kilobytes) / 1024


def children_of(pid: int) -> list[int]:
    """Return the children of a process, of all its threads."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found
