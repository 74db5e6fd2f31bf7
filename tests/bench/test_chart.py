"""The chart shows each operation's three ratios, to scale, on any background."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from bench.chart import chart
from bench.measuring import Round
from bench.requests import DUTIFUL, PGBENCH, POSTGRAPHILE, WARDSHIP, Compared

SVG = "{http://www.w3.org/2000/svg}"


def compared(operation, *, peer, limit):
    costs = {WARDSHIP: 1.0, POSTGRAPHILE: peer, DUTIFUL: 1.5 * peer, PGBENCH: limit}
    return Compared(operation, {system: [Round(100, 1.0, cost / 10, 0.0)] for system, cost in costs.items()}, {}, 5)


@pytest.fixture
def drawn():
    text = chart([compared("nested page", peer=2.0, limit=0.5), compared("small read", peer=1.0, limit=0.25)])
    return ET.fromstring(text)  # noqa: S314 - made by ourselves


def test_bars_are_as_long_as_the_ratios(drawn):
    widths = [float(bar.get("width")) for bar in drawn.iter(f"{SVG}rect")]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)
    assert widths[2] == pytest.approx(2 * widths[3], abs=0.2)
    assert widths[4] == pytest.approx(2 * widths[5], abs=0.2)


def test_figures_stand_beside_the_bars_and_in_the_title(drawn):
    words = [text.text for text in drawn.iter(f"{SVG}text")]
    assert {"nested page", "small read", "2.00", "1.00", "3.00", "1.50", "0.50", "0.25"} <= set(words)
    told = "nested page: 2.00 times PostGraphile, 3.00 times it with the same duties, 0.50 of the limit"
    assert told in drawn.find(f"{SVG}title").text


def test_chart_has_no_background_and_neither_white_nor_black(drawn):
    assert max(float(bar.get("width")) for bar in drawn.iter(f"{SVG}rect")) < 300
    text = ET.tostring(drawn, encoding="unicode")
    assert not any(colour in text for colour in ("#fff", "#000", "white", "black"))


def test_aims_are_marked_where_they_were_set(drawn):
    marks = [line for line in drawn.iter(f"{SVG}line") if line.get("stroke-width") == "3"]
    assert len(marks) == 4
