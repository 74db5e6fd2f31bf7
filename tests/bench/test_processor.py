"""Processor time is read from the right places."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from bench.processor import (
    children_of,
    parse_stat,
    process_times,
    proportional_megabytes,
    resident_megabytes,
)

TICK = 1 / os.sysconf("SC_CLK_TCK")


def test_fields_are_counted_from_the_end_of_the_name():
    text = "42 (a ) b) (c)) S 7 42 42 0 -1 4194560 1 2 3 4 500 25 30 20 20 0 9 0 1 2 3"
    times = parse_stat(text)
    assert times.parent == 7
    assert times.own == pytest.approx(525 * TICK)
    assert times.ended_children == pytest.approx(50 * TICK)


def test_work_of_this_process_is_seen():
    before = process_times(os.getpid())
    ends = time.process_time() + 0.1
    while time.process_time() < ends:
        pass
    after = process_times(os.getpid())
    assert after.parent == os.getppid()
    assert after.own - before.own == pytest.approx(0.1, abs=5 * TICK)


def test_work_of_a_child_is_seen_at_its_parent_once_it_has_ended():
    before = process_times(os.getpid()).ended_children
    busy = "import time\nwhile time.process_time() < 0.2: pass"
    process = subprocess.Popen([sys.executable, "-c", busy])  # noqa: S603 - our own line
    assert process.pid in children_of(os.getpid())
    process.wait()
    assert process_times(os.getpid()).ended_children - before >= 0.19
    with pytest.raises(ProcessLookupError, match=str(process.pid)):
        process_times(process.pid)


def test_memory_is_in_megabytes_and_shared_pages_count_in_part():
    resident, proportional = resident_megabytes(os.getpid()), proportional_megabytes(os.getpid())
    assert 10 < proportional <= resident < 4000
