"""The chart, as SVG: how many times PostGraphile each operation is, dutiful or not, and its share of the limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from bench.comparing import LIMITS, SHARES, ratio
from bench.requests import DUTIFUL, PGBENCH, POSTGRAPHILE, Compared
from bench.spread import Spread

_WIDTH, _LEFT, _BAR, _ROW, _HEAD = 850, 120, 22, 40, 58
_PANEL, _GAP = 180, 70
# Greys and colours that stand out from white as from black: the picture has no background of its own.
_TEXT, _LINE, _AIM = "#7d8590", "#7d859066", "#d29922"
_COLOURS = ("#3b82f6", "#8957e5", "#2da44e")
_TITLES = ("times PostGraphile", "with the same duties", "share of pgbench alone")

_Found = tuple[str, tuple[Spread, Spread, Spread]]
"""An operation, and its ratio in each panel."""


def chart(compared: Sequence[Compared]) -> str:
    """Return the SVG; the thin lines over the bars are the least and the greatest round, the marks are the aims."""
    height = _HEAD + _ROW * len(compared) + 40
    found: list[_Found] = [
        (one.operation, (ratio(one, POSTGRAPHILE), ratio(one, DUTIFUL), ratio(one, PGBENCH))) for one in compared
    ]
    # The aims were set for PostGraphile as it comes.
    aims = [(LIMITS.get(one.operation, (1.0, 1.0))[0], None, SHARES[0]) for one in compared]
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    look = f'role="img" font-family="system-ui, sans-serif" font-size="13" fill="{_TEXT}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {look}>',
        f"<title>{escape(_told(found))}</title>",
        *(_text(_LEFT - 12, _middle(row), name, anchor="end") for row, (name, *_) in enumerate(found)),
        *(
            line
            for number, (title, colour) in enumerate(zip(_TITLES, _COLOURS, strict=True))
            for line in _panel(
                _LEFT + number * (_PANEL + _GAP),
                title,
                [(spreads[number], aim[number]) for (_, spreads), aim in zip(found, aims, strict=True)],
                colour,
                whole=1.0,
            )
        ),
        _text(
            _LEFT,
            height - 10,
            "Processor time for each request; longer is better. Thin line: least to most. Mark: the aim.",
        ),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _panel(
    left: float, title: str, bars: Sequence[tuple[Spread, float | None]], colour: str, *, whole: float
) -> Iterator[str]:
    most = max([whole, *(max(spread.most, aim or 0.0) for spread, aim in bars)])
    scale = _PANEL / most
    bottom = _HEAD + _ROW * len(bars)
    yield _text(left, 24, title, weight="600")
    for row, (spread, aim) in enumerate(bars):
        top = _HEAD + row * _ROW
        width = spread.median * scale
        yield f'<rect x="{left}" y="{top}" width="{width:.1f}" height="{_BAR}" rx="2" fill="{colour}"/>'
        yield _line(left + spread.least * scale, _middle(row) - 4, left + spread.most * scale, _middle(row) - 4, _TEXT)
        if aim is not None:
            yield _line(left + aim * scale, top - 5, left + aim * scale, top + _BAR + 5, _AIM, width=3)
        yield _text(left + _PANEL + 10, _middle(row), f"{spread.median:.2f}", weight="600")
    yield _line(left + whole * scale, _HEAD - 12, left + whole * scale, bottom, _LINE, dashes="4 3")
    yield _line(left, _HEAD - 12, left, bottom, _LINE)
    yield _text(left + whole * scale, _HEAD - 17, f"{whole:g}", anchor="middle", size=11)


def _middle(row: int) -> float:
    return _HEAD + row * _ROW + _BAR / 2 + 4


def _text(x: float, y: float, text: str, *, anchor: str = "start", weight: str = "400", size: int = 13) -> str:  # noqa: PLR0913 - as SVG has them
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" font-size="{size}">'
        f"{escape(text)}</text>"
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, *, width: float = 1.5, dashes: str = "none") -> str:  # noqa: PLR0913 - two points
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}" stroke-dasharray="{dashes}"/>'


def _told(found: Sequence[_Found]) -> str:
    return "; ".join(
        f"{name}: {peer.median:.2f} times PostGraphile, {dutiful.median:.2f} times it with the same duties,"
        f" {share.median:.2f} of the limit"
        for name, (peer, dutiful, share) in found
    )
