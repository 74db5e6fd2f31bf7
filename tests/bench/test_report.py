"""Ratios are made round by round, and everything that was found is in table and JSON."""

from __future__ import annotations

import json

import pytest

from bench.audit import Audit
from bench.data import Size
from bench.measuring import Reading, Round, SpoiledError, used_between
from bench.obligations import Dispatch, Obligations
from bench.report import Result, Spread, as_json, as_table, ratio
from bench.requests import PGBENCH, POSTGRAPHILE, WARDSHIP, Compared, Effort, RequestsResult
from bench.starting import Starting

COMPARED = Compared(
    "nested page",
    {
        WARDSHIP: [Round(100, 2.0, 0.5, 0.5), Round(100, 2.0, 1.0, 1.0), Round(100, 2.0, 0.4, 0.6)],
        POSTGRAPHILE: [Round(100, 1.0, 1.0, 1.0), Round(100, 1.0, 1.0, 1.0), Round(100, 1.0, 2.0, 1.0)],
        PGBENCH: [Round(200, 1.0, 0.1, 0.9)] * 3,
    },
    {WARDSHIP: 50_000, POSTGRAPHILE: 80_000},
    6,
)
RESULT = Result(
    Size(12, 300),
    Effort(3, 2.0, 1.0),
    {"Wardship": "0.1.0"},
    RequestsResult([COMPARED], {WARDSHIP: 120.0, POSTGRAPHILE: 230.0}),
    Obligations(400, 4.0, 3.5),
    Dispatch(900.0, 3.0),
    Audit(100.0, 200.0, 300.0, 500, 0.3, 40_000.0, 60_000.0, 50.0),
    Starting(2.5, 1.5, 110.0, 33.0),
)


def test_round_costs_processor_time_of_server_and_database():
    found = Round(requests=200, seconds=4.0, server_s=0.5, database_s=0.3)
    assert found.cost == pytest.approx(4.0)
    assert found.rate == pytest.approx(50.0)


def test_ratio_compares_rounds_that_ran_side_by_side():
    assert ratio(COMPARED, POSTGRAPHILE) == Spread(pytest.approx(2.0), pytest.approx(1.0), pytest.approx(3.0))
    assert ratio(COMPARED, PGBENCH) == Spread(pytest.approx(0.5), pytest.approx(0.25), pytest.approx(0.5))


def test_database_process_that_began_in_the_round_counts_whole():
    before, after = Reading(1.0, {10: 2.0}), Reading(1.5, {10: 2.25, 11: 0.5})
    assert used_between(before, after) == (0.5, 0.75)


def test_round_in_which_a_database_process_ended_tells_nothing():
    with pytest.raises(SpoiledError, match="10"):
        used_between(Reading(1.0, {10: 2.0}), Reading(1.5, {11: 0.5}))


def test_table_has_every_part():
    table = as_table(RESULT)
    assert "ratio to PostGraphile 2.00 (1.00 to 3.00)" in table
    assert "share of the limit    0.50 (0.25 to 0.50), 6 statements" in table
    assert [line[:3] for line in table.splitlines() if line.startswith("(")] == ["(a)", "(c)", "(e)", "(f)"]
    assert "100/s by one worker (400), 3.50 processor ms each" in table
    assert max(map(len, table.splitlines())) <= 120


def test_json_has_every_round_and_the_ratios():
    found = json.loads(json.dumps(as_json(RESULT)))
    (page,) = found["requests"]["compared"]
    assert page["ratio_to_postgraphile"]["median"] == pytest.approx(2.0)
    assert len(page["rounds"][WARDSHIP]) == 3
    assert page["cost_ms"][PGBENCH]["median"] == pytest.approx(5.0)
    assert found["starting"] == {"first_s": 2.5, "again_s": 1.5, "resident_mb": 110.0, "database_mb": 33.0}
