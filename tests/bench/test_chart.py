"""The chart shows each operation's two ratios, to scale, on any background."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from bench.chart import chart
from bench.measuring import Round
from bench.requests import PGBENCH, POSTGRAPHILE, WARDSHIP, Compared

SVG = "{http://www.w3.org/2000/svg}"


def compared(operation, *, peer, limit):
    rounds = {WARDSHIP: [Round(100, 1.0, 0.1, 0.0)], POSTGRAPHILE: [Round(100, 1.0, peer / 10, 0.0)]}
    return Compared(operation, rounds | {PGBENCH: [Round(100, 1.0, limit / 10, 0.0)]}, {}, 5)


@pytest.fixture
def drawn():
    text = chart([compared("nested page", peer=2.0, limit=0.5), compared("small read", peer=1.0, limit=0.25)])
    return ET.fromstring(text)  # noqa: S314 - made by ourselves


def test_bars_are_as_long_as_the_ratios(drawn):
    widths = [float(bar.get("width")) for bar in drawn.iter(f"{SVG}rect")]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)
    assert widths[2] == pytest.approx(2 * widths[3], abs=0.2)


def test_figures_stand_beside_the_bars_and_in_the_title(drawn):
    words = [text.text for text in drawn.iter(f"{SVG}text")]
    assert {"nested page", "small read", "2.00", "1.00", "0.50", "0.25"} <= set(words)
    assert "nested page: 2.00 times PostGraphile, 0.50 of the limit" in drawn.find(f"{SVG}title").text


def test_chart_has_no_background_and_neither_white_nor_black(drawn):
    assert max(float(bar.get("width")) for bar in drawn.iter(f"{SVG}rect")) < 300
    text = ET.tostring(drawn, encoding="unicode")
    assert not any(colour in text for colour in ("#fff", "#000", "white", "black"))
