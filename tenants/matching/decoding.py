"""Read what a text says behind its escapes: entities, percent signs, JSON escapes and tags, with the way back."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

import regex

from wardship.core.database.personal_data import TextContext


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text behind its escapes.

    Attributes:
        text: what it says.
        shape: the same, in which nothing that was escaped looks like a space or a bracket: for finding web addresses.
        starts: where each character of it begins in the original; None when nothing was escaped.
        ends: where each ends.
        markup: places in the original that are tags, and stay.
    """

    text: str
    shape: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None
    markup: tuple[tuple[int, int], ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the decoded text stands in the original."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


_ENTITY: Final = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
_PERCENT: Final = r"(?:%[0-9a-fA-F]{2})+"
_JSON_ESCAPE: Final = r"(?:\\u[0-9a-fA-F]{4})+|\\[\"\\/bfnrt]"
_TAG: Final = (
    r"</?(?P<tag>[a-zA-Z][a-zA-Z0-9-]*)(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)?/?>|<!--.*?-->|<![a-zA-Z][^<>]*>"
)
_LOOKS: Final = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "var",
        "wbr",
    }
)
_IS_MARKUP: Final = regex.compile(
    r"</(?:a|b|i|u|p|em|li|ol|ul|td|th|tr|h[1-6]|div|span|strong|table|code|pre|body|html|blockquote)\s*>|<br\s*/?>",
    regex.IGNORECASE,
)
_SEEN_ATTRIBUTE: Final = regex.compile(
    r"""\s(?:title|alt|placeholder|label|aria-label|content|value)\s*=\s*(["'])(?P<text>.*?)\1""",
    regex.IGNORECASE | regex.DOTALL,
)
_PARTS: Final = {
    context: regex.compile("|".join(parts), regex.DOTALL)
    for context, parts in {
        TextContext.TEXT: (f"(?P<entity>{_ENTITY})", f"(?P<percent>{_PERCENT})"),
        TextContext.JSON: (f"(?P<json>{_JSON_ESCAPE})", f"(?P<entity>{_ENTITY})", f"(?P<percent>{_PERCENT})"),
        TextContext.HTML: (f"(?P<markup>{_TAG})", f"(?P<entity>{_ENTITY})", f"(?P<percent>{_PERCENT})"),
    }.items()
}


def context_of(text: str, declared: TextContext) -> TextContext:
    """Return what a text is: what is declared, or what is recognised in a text that people wrote."""
    if declared is not TextContext.TEXT:
        return declared
    if "<" in text and _IS_MARKUP.search(text):
        return TextContext.HTML
    return TextContext.JSON if "\\" in text and _is_json(text) else declared


def decode(text: str, context: TextContext) -> Decoded:
    """Return what a text says behind its escapes, and where."""
    pattern = _PARTS.get(context, _PARTS[TextContext.TEXT])
    if ("<" not in text or context is not TextContext.HTML) and not {"&", "%", "\\"} & set(text):
        return Decoded(text, text)
    collected = _Collected()
    last = 0
    for found in pattern.finditer(text):
        collected.plain(text, last, found.start())
        collected.escaped(found)
        last = found.end()
    if last == 0:
        return Decoded(text, text)
    collected.plain(text, last, len(text))
    return collected.decoded()


class _Collected:
    """The decoded characters so far."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._shape: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._markup: list[tuple[int, int]] = []

    def plain(self, text: str, start: int, end: int) -> None:
        self._text.append(text[start:end])
        self._shape.append(text[start:end])
        self._starts.extend(range(start, end))
        self._ends.extend(range(start + 1, end + 1))

    def escaped(self, found: regex.Match[str]) -> None:
        if found.lastgroup in {"markup", "tag"}:
            self._tag(found)
            return
        for sign, start, end in _READERS[str(found.lastgroup)](found[0]):
            is_kept = found.lastgroup != "percent" or not (sign.isspace() or sign in '<>"')
            self._add(sign, found.start() + start, found.start() + end, sign if is_kept else "x")

    def _tag(self, found: regex.Match[str]) -> None:
        is_shown_inside = (found["tag"] or "").lower() in _LOOKS or found[0].startswith("<!--")
        begin = found.start()
        for quoted in _SEEN_ATTRIBUTE.finditer(found[0]):
            start, end = found.start() + quoted.start("text"), found.start() + quoted.end("text")
            self._markup.append((begin, start))
            self._add("\n", start - 1, start)
            self.plain(found.string, start, end)
            self._add("\n", end, end + 1)
            begin = end
        self._markup.append((begin, found.end()))
        if not is_shown_inside:
            self._add("\n", begin, found.end())

    def _add(self, sign: str, start: int, end: int, shape: str = "") -> None:
        self._text.append(sign)
        self._shape.append(shape or sign)
        self._starts += [start] * len(sign)
        self._ends += [end] * len(sign)

    def decoded(self) -> Decoded:
        text, shape = "".join(self._text), "".join(self._shape)
        return Decoded(text, shape, self._starts, self._ends, tuple(self._markup))


def _is_json(text: str) -> bool:
    if text.lstrip()[:1] not in {"{", "[", '"'}:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _read_entity(escaped: str) -> Iterator[tuple[str, int, int]]:
    yield html.unescape(escaped), 0, len(escaped)


def _read_json(escaped: str) -> Iterator[tuple[str, int, int]]:
    if not escaped.startswith("\\u"):
        yield json.loads(f'"{escaped}"'), 0, len(escaped)
        return
    units = [escaped[place : place + 6] for place in range(0, len(escaped), 6)]
    place = 0
    while units:
        pair = json.loads(f'"{"".join(units[:2])}"')
        taken = 2 if len(units) > 1 and len(pair) == 1 else 1
        yield (pair if taken == len(units[:2]) else pair[0]), place, place + 6 * taken
        place += 6 * taken
        del units[:taken]


def _read_percent(escaped: str) -> Iterator[tuple[str, int, int]]:
    try:
        signs = unquote_to_bytes(escaped).decode()
    except UnicodeDecodeError:
        yield from ((sign, place, place + 1) for place, sign in enumerate(escaped))
        return
    place = 0
    for sign in signs:
        end = place + 3 * len(sign.encode())
        yield sign, place, end
        place = end


_READERS: Final[dict[str, Callable[[str], Iterator[tuple[str, int, int]]]]] = {
    "entity": _read_entity,
    "json": _read_json,
    "percent": _read_percent,
}
