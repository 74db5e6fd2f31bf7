"""Ratios are made round by round, and everything that was found is in table and JSON."""

from __future__ import annotations

import json

import pytest

from bench.audit import Audit
from bench.blocks import Blocks
from bench.comparing import ratio
from bench.data import Size
from bench.erasure import Beside, Erased, Erasing, Times
from bench.erasure_lines import lost_ms, percentile, times_by_hand
from bench.flood import Flooded
from bench.grouping import Grouped
from bench.load import Latency, Load
from bench.measuring import Reading, Round, SpoiledError, used_between
from bench.obligations import Dispatch, Obligations
from bench.report import Result, as_json, as_table
from bench.requests import DUTIFUL, PGBENCH, POSTGRAPHILE, WARDSHIP, Compared, Effort, RequestsResult
from bench.scale import Scaled
from bench.slow_reader import Large
from bench.spread import Spread
from bench.starting import Starting
from bench.town import TownSize

COMPARED = Compared(
    "nested page",
    {
        WARDSHIP: [Round(100, 2.0, 0.5, 0.5, Latency(7.0, 21.0)), Round(100, 2.0, 1.0, 1.0), Round(100, 2.0, 0.4, 0.6)],
        POSTGRAPHILE: [Round(100, 1.0, 1.0, 1.0), Round(100, 1.0, 1.0, 1.0), Round(100, 1.0, 2.0, 1.0)],
        DUTIFUL: [Round(100, 1.0, 2.0, 1.0), Round(100, 1.0, 2.0, 1.0), Round(100, 1.0, 3.0, 1.0)],
        PGBENCH: [Round(200, 1.0, 0.1, 0.9)] * 3,
    },
    {WARDSHIP: 50_000, POSTGRAPHILE: 80_000, DUTIFUL: 80_000},
    6,
)
SCALED = Scaled(
    {"base": Size(100, 2000, 20), "many organisations": Size(10_000, 2000, 20)},
    {
        "first page": {
            "base": [Round(100, 1.0, 0.5, 0.5), Round(100, 1.0, 1.0, 1.0), Round(100, 1.0, 0.5, 0.5)],
            "many organisations": [Round(100, 1.0, 0.5, 0.6), Round(100, 1.0, 1.0, 1.0), Round(100, 1.0, 0.6, 0.6)],
        }
    },
    {"first page": {"base": [Blocks("select", 1200)], "many organisations": [Blocks("select", 1300)]}},
    60.0,
)
FLOODED = Flooded(
    {
        "alone": [Round(10, 1.0, 0.1, 0.1, Latency(20.0, 30.0))] * 3,
        "20/s known": [Round(10, 1.0, 0.1, 0.1, Latency(25.0, 30.0))] * 3,
        "20/s distinct": [Round(10, 1.0, 0.1, 0.1, Latency(40.0, 50.0))] * 3,
    },
    {"alone": 0.0, "20/s known": 20.0, "20/s distinct": 19.0},
    1560,
    1000.0,
    None,
    (110.0, 120.0, 125.0),
)
GROUPED = Grouped(200_000, [12.0, 11.0], [10.0, 9.0], 1.0, 0.0)
LARGE = Large(9.8, 4, 70.0, 180.0, 150.0, 0.5, 4.0, 0.0)
ERASED = Erased(
    Erasing(TownSize(20, 110_000, 20, 20, 5, 3), own=10_000, alone=3, rounds=2, together=2, seconds=1.0),
    Times(
        previewed=[1.0] * 3,
        committed=[1.5] * 3,
        carried_out=[0.2, 0.1, 0.3],
        worked_off=[0.5, 0.5, 0.1],
        closed=[0.01, 0.01, 0.02],
        by_hand=[0.1, 0.1, 0.2],
    ),
    {"carried_out": 12.0, "worked_off": 120.0, "previewed": 30.0},
    {"its changes": [Beside(Load(90, 2.0, Latency(1, 2)), Load(50, 1.0, Latency(1, 2)))] * 2},
    2,
)
RESULT = Result(
    Size(12, 300),
    Effort(3, 2.0, 1.0),
    {"Wardship": "0.1.0"},
    RequestsResult([COMPARED], {WARDSHIP: 120.0, POSTGRAPHILE: 230.0, DUTIFUL: 240.0}),
    SCALED,
    Obligations(400, 4.0, 3.5),
    Dispatch(900.0, 3.0),
    Audit(100.0, 200.0, 300.0, 500, 0.3, 40_000.0, 60_000.0, 50.0),
    Starting(0.02, 0.06, 0.5, 2.5, 1.5, 110.0, 33.0),
    FLOODED,
    LARGE,
    ERASED,
    grouped=GROUPED,
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
    assert "times PostGraphile 2.00 (1.00 to 3.00); wanted 1.7, aim 2.3" in table
    assert "times PostGraphile with the same duties 3.00 (1.50 to 4.00)" in table
    assert "share of the limit 0.50 (0.25 to 0.50); wanted 0.50, aim 0.67; 6 statements" in table
    assert "5.00 + 6.00         50 (50 to 50)       7.0, 21.0        50.0" in table
    found = [line[1] for line in table.splitlines() if line.startswith("(")]
    assert found == ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
    assert "11.0 s, bare SQL 9.0 s: 1.22 times (18,182 accounts a second)" in table
    assert "100/s by one worker (400), 3.50 processor ms each" in table
    assert max(map(len, table.splitlines())) <= 120


def test_dutiful_peer_stands_below_the_plain_one():
    lines = as_table(RESULT).splitlines()
    (plain,) = [number for number, line in enumerate(lines) if line.strip().startswith("PostGraphile 20.00")]
    assert lines[plain + 1].split()[:3] == ["with", "duties", "30.00"]


def test_page_of_many_organisations_is_compared_with_the_base():
    (line,) = [line for line in as_table(RESULT).splitlines() if "many organisations" in line]
    sizes, ratios = ["10,000", "2,000", "1,300"], ["12.00", "(11.00", "to", "20.00)", "1.10", "(1.00", "to", "1.20)"]
    assert line.split() == ["many", "organisations", *sizes, *ratios]
    assert "the database alone 6.00 ms, 1.20 times the base's" in as_table(RESULT)


def test_flood_is_compared_with_known_documents_and_what_the_server_does_not_tell_is_a_dash():
    table = as_table(RESULT)
    assert "20/s distinct against known ones: 1.60 (1.60 to 1.60)" in table
    assert "1560 distinct documents leave 1000 plans of - MiB" in table


def test_percentile_is_one_of_the_values():
    assert percentile([3.0, 1.0, 2.0], 0.95) == 3.0
    assert percentile([float(number) for number in range(1, 21)], 0.95) == 19.0
    assert percentile([7.0], 0.95) == 7.0


def test_erasure_is_compared_with_bare_sql_and_told_from_its_lease_to_its_end():
    assert times_by_hand(ERASED) == Spread(pytest.approx(1.5), pytest.approx(1.0), pytest.approx(2.0))
    lines = {line[4:24].strip(): line[24:].split() for line in as_table(RESULT).splitlines()}
    assert lines["carried out"] == ["200.0", "300.0", "ms", "12", "processor", "ms"]
    assert lines["from lease to end"] == ["610.0", "710.0", "ms"]


def test_erasure_costs_others_the_share_of_its_time_that_they_lose():
    assert ERASED.beside["its changes"][0].share == pytest.approx(0.9)
    assert lost_ms(ERASED, "its changes").median == pytest.approx(100.0)
    (line,) = [line for line in as_table(RESULT).splitlines() if "its changes" in line]
    assert line.split() == ["its", "changes", "0.90", "(0.90", "to", "0.90)", "100", "(100", "to", "100)", "ms"]


def test_slow_readers_share_what_the_memory_grew_by():
    assert "(20.0 MB for each of them)" in as_table(RESULT)


def test_part_that_was_left_out_is_not_in_the_table():
    result = Result(Size(12, 300), Effort(1, 1.0, 1.0), {}, starting=Starting(0.02, 0.06, 0.5, 2.5, 1.5, 110.0, 33.0))
    assert [line[:3] for line in as_table(result).splitlines() if line.startswith("(")] == ["(f)"]
    assert as_json(result)["requests"] is None


def test_json_has_every_round_and_the_ratios():
    found = json.loads(json.dumps(as_json(RESULT)))
    (page,) = found["requests"]["compared"]
    assert page["ratio_to_postgraphile"]["median"] == pytest.approx(2.0)
    assert page["ratio_to_postgraphile_with_duties"]["median"] == pytest.approx(3.0)
    assert len(page["rounds"][WARDSHIP]) == 3
    assert found["scaled"]["ratios"]["first page"]["many organisations"]["median"] == pytest.approx(1.1)
    assert page["cost_ms"][PGBENCH]["median"] == pytest.approx(5.0)
    assert (found["starting"]["first_s"], found["starting"]["again_s"]) == (2.5, 1.5)
    assert found["starting"]["help_ratio"] == pytest.approx(3.0)
    assert found["starting"]["again_ratio"] == pytest.approx(3.0)
