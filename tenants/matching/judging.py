"""Judge what was seen: whether it is the person, may be, or is only a word or a number like it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import regex

from wardship.core.database.personal_data import TextContext
from wardship.tenants.matching.address_spans import AddressKind
from wardship.tenants.matching.characters import is_han, is_hangul, is_unspaced, is_word
from wardship.tenants.matching.names import GAP, FormKind, NameForm
from wardship.tenants.matching.phones import SURE, digits_of, is_date, is_told
from wardship.tenants.matching.reading import Reading, Side, Style, style_of
from wardship.tenants.matching.rules import Rule
from wardship.tenants.matching.words import is_before_names, is_before_nouns, is_common

_PARAGRAPH: Final = regex.compile(r"\n\s*\n")
_UNUSUAL_GAP: Final = regex.compile(r"[.+=]")
_BETWEEN_WORDS: Final = regex.compile(rf"{GAP}|,")
_CAMEL: Final = regex.compile(r"\p{Ll}\p{Lu}")
_AMOUNT: Final = regex.compile(r"\d,$")
_NUMBERED: Final = regex.compile(r"[^\W\d_]-$|#$")
_SHORT: Final = 5
_SMALLEST: Final = 2
_WIDE: Final = frozenset({FormKind.FULL, FormKind.LISTED})
_SHORTENED: Final = frozenset({FormKind.SHORT, FormKind.MIDDLE, FormKind.INITIAL})
_HONORIFIC: Final = regex.compile("先生|女士|小姐|总|總|老师|老師|教授|博士|同学|经理|さん|様|氏|君|ちゃん")
_GROWN: Final = 6
_HANDLES: Final = frozenset({FormKind.USERNAME, FormKind.SINGLE, FormKind.FULL})
_NAMED: Final = frozenset({Style.AS_SHOWN, Style.TITLE})


@dataclass(frozen=True)
class Sighting:
    """A stretch of a text that has a form of a name.

    Attributes:
        reading: the text.
        start: where the stretch begins, in the folded text.
        end: where it ends.
        form: the form that it has.
        is_distinct: whether the form can't be a word.
    """

    reading: Reading
    start: int
    end: int
    form: NameForm
    is_distinct: bool

    @cached_property
    def seen(self) -> str:
        """Return the stretch, folded."""
        return self.reading.folded.text[self.start : self.end]

    @cached_property
    def written(self) -> str:
        """Return the stretch as it is written."""
        return self.reading.written(self.start, self.end)

    @cached_property
    def sides(self) -> frozenset[Side]:
        """Return what stands at its ends."""
        return frozenset({self.reading.left(self.start), self.reading.right(self.end)})

    @cached_property
    def style(self) -> Style:
        """Return the letters in which it is written."""
        return style_of(self.written, self.form.written)

    @property
    def is_coded(self) -> bool:
        """Return whether something in it is escaped, as in the names of files that were sent around."""
        first, last = self.reading.span(self.start, self.end)
        start, end = self.reading.decoded.original(first, last)
        return end - start > last - first and self.reading.context is TextContext.TEXT

    @property
    def is_wide(self) -> bool:
        """Return whether its form is more than one word, or can't be a word."""
        return self.form.kind in _WIDE or self.is_distinct

    def before(self, most: int) -> str:
        """Return the folded characters before it."""
        return self.reading.folded.text[max(0, self.start - most) : self.start]


def judge_name(sighting: Sighting) -> Rule | None:
    """Return by which rule a stretch of a text is the person's name; None when it is not."""
    if Side.CLOSED in sighting.sides or _PARAGRAPH.search(sighting.seen):
        return None
    rule = _judge(sighting)
    asks_anyway = rule in {None, Rule.IN_WEB_ADDRESS}
    return Rule.NAMESAKE if sighting.form.is_namesakes and not asks_anyway else rule


def _judge(sighting: Sighting) -> Rule | None:
    reading = sighting.reading
    if reading.address_at(*reading.span(sighting.start, sighting.end)):
        return _judge_in_address(sighting)
    if _is_handle(sighting):
        return Rule.HANDLE
    return _judge_full(sighting) if sighting.form.kind in _WIDE | _SHORTENED else _judge_single(sighting)


def _is_handle(sighting: Sighting) -> bool:
    before = sighting.before(2)
    is_after_at = before.endswith("@") and not is_word(before[:-1] or " ")
    return is_after_at and sighting.form.kind in _HANDLES and Side.ATTACHED not in sighting.sides


def _judge_in_address(sighting: Sighting) -> Rule | None:
    """Judge what stands inside an address: a profile of the person's own, or something that is asked about."""
    reading = sighting.reading
    if reading.context is TextContext.ADDRESS or not sighting.is_wide:
        return None
    address = reading.address_at(*reading.span(sighting.start, sighting.end))
    after = reading.folded.text[sighting.end : sighting.end + 1]
    is_profile = address is not None and address.kind is AddressKind.WEB and after in {"", "/", "?", "#", " ", "\n"}
    is_own = is_profile and sighting.form.kind is FormKind.USERNAME and sighting.before(2) == "/@"
    return Rule.HANDLE if is_own else Rule.IN_WEB_ADDRESS


def _judge_full(sighting: Sighting) -> Rule | None:
    form, is_grown = sighting.form, _is_grown_together(sighting)
    if is_grown is None:
        return Rule.BARE_WORD if _is_grown_name(sighting) else None
    if form.kind in _SHORTENED:
        return _judge_short(sighting)
    if form.kind is FormKind.LISTED and (_is_among_names(sighting) or _is_phrase(form)):
        return Rule.LIST_OF_NAMES
    if _reads_as_phrase(sighting):
        return Rule.SMALL_LETTERS
    if is_grown or Side.ATTACHED in sighting.sides or _has_unusual_gap(sighting):
        return Rule.GROWN_TOGETHER
    return Rule.LONGER_NAME if _is_longer_name(sighting) else Rule.FULL_NAME


def _is_longer_name(sighting: Sighting) -> bool:
    is_divided = sighting.is_coded or not {"-", "_"}.isdisjoint(sighting.seen)
    is_divided = is_divided or sighting.reading.context is TextContext.NAME
    return Side.APOSTROPHE in sighting.sides or (Side.HYPHEN in sighting.sides and not is_divided)


def _has_unusual_gap(sighting: Sighting) -> bool:
    is_usual = sighting.reading.context is TextContext.NAME or _UNUSUAL_GAP.search(sighting.form.written)
    return not is_usual and _UNUSUAL_GAP.search(sighting.seen) is not None


def _is_grown_together(sighting: Sighting) -> bool | None:
    """Return whether the words stand without a gap where they need one; None when that makes another word of them."""
    seen, words = sighting.seen, sighting.form.words
    if len(_BETWEEN_WORDS.split(seen)) >= len(_BETWEEN_WORDS.split(" ".join(words))):
        return False
    if all(is_han(sign) or is_hangul(sign) or "\u3040" <= sign <= "\u30ff" for sign in seen if is_word(sign)):
        return False
    is_readable = _CAMEL.search(sighting.written) or any(map(is_unspaced, seen)) or "." in words[0]
    return True if is_readable else None


def _is_grown_name(sighting: Sighting) -> bool:
    """Return whether words without a gap are likelier a name than another word: after #, or long and not ordinary."""
    is_long = len(sighting.form.key) >= _GROWN and not _may_be_phrase(sighting.form)
    return sighting.form.kind is FormKind.FULL and (is_long or sighting.before(1) == "#")


def _reads_as_phrase(sighting: Sighting) -> bool:
    """Return whether a full name is written as a phrase of ordinary words may be."""
    if sighting.style is Style.SMALL:
        return _may_be_phrase(sighting.form)
    if not _is_phrase(sighting.form):
        return False
    reading, is_named = sighting.reading, sighting.style in _NAMED and "-" not in sighting.seen
    return not is_named or reading.is_first(sighting.start) or reading.is_titled


def _is_phrase(form: NameForm) -> bool:
    return all(is_common(word) for item in form.words for word in item.split())


def _judge_short(sighting: Sighting) -> Rule | None:
    if sighting.style in {Style.SMALL, Style.MIXED} and _may_be_phrase(sighting.form):
        return None
    if sighting.form.kind is FormKind.MIDDLE and sighting.style in {Style.SMALL, Style.MIXED}:
        return None
    if _is_name(sighting.reading.word_before(sighting.start)):
        return Rule.BARE_WORD  # "Mary A. Ray" is Mary's
    is_greek = sighting.style is Style.CAPITALS and "\u0370" <= sighting.seen[0] <= "\u03ff"
    return Rule.FULL_NAME if is_greek and len(sighting.form.words[0]) > _SMALLEST else Rule.SHORT_FORM


def _may_be_phrase(form: NameForm) -> bool:
    return any(len(word) <= _SMALLEST or is_common(word) for word in form.words)


def _is_among_names(sighting: Sighting) -> bool:
    reading = sighting.reading
    return _is_name(reading.word_before(sighting.start)) or _is_name(reading.word_after(sighting.end))


def _is_name(word: str) -> bool:
    return word[:1].isupper() and not is_before_names(word)


def _judge_single(sighting: Sighting) -> Rule | None:
    """Judge one word that is a name or a username."""
    if sighting.is_distinct:
        return Rule.GROWN_TOGETHER if Side.ATTACHED in sighting.sides else Rule.DISTINCT
    if len("".join(sighting.form.words)) < _SMALLEST and not _is_addressed(sighting):
        return None
    if _is_no_name(sighting):
        return None
    is_part = sighting.form.kind is FormKind.PART
    if sighting.form.kind is FormKind.USERNAME or _may_be_word(sighting):
        return Rule.BARE_WORD
    return Rule.PART_OF_NAME if is_part else Rule.SINGLE_NAME


def _is_addressed(sighting: Sighting) -> bool:
    """Return whether a Chinese last name of one character stands before a title."""
    after = sighting.reading.folded.text[sighting.end : sighting.end + _SMALLEST + 1]
    return any(map(is_han, sighting.seen)) and _HONORIFIC.match(after) is not None


def _is_no_name(sighting: Sighting) -> bool:
    """Return whether one word is written as a name never is, or belongs to a longer name of somebody else."""
    style, is_part = sighting.style, sighting.form.kind is FormKind.PART
    if sighting.sides & {Side.HYPHEN, Side.APOSTROPHE}:
        return is_part or style not in _NAMED
    if Side.ATTACHED in sighting.sides and (style not in {*_NAMED, Style.NO_CASE} or _may_be_phrase(sighting.form)):
        return True
    if any(map(is_common, sighting.form.words)) and style in {Style.SMALL, *((Style.CAPITALS,) if is_part else ())}:
        return True
    is_odd = style is Style.MIXED or (style is Style.SMALL and len(sighting.form.key) <= _SMALLEST)
    return is_part and (is_odd or _is_anothers(sighting))


def _may_be_word(sighting: Sighting) -> bool:
    """Return whether one word is written as ordinary words are too."""
    if sighting.style not in _NAMED or not sighting.written[:1].isupper() or _is_anothers(sighting):
        return True
    if sighting.sides & {Side.HYPHEN, Side.APOSTROPHE, Side.ATTACHED}:
        return True
    return any(map(is_common, sighting.form.words)) and _reads_as_word(sighting)


def _reads_as_word(sighting: Sighting) -> bool:
    reading = sighting.reading
    is_after_article = is_before_nouns(reading.word_before(sighting.start))
    return is_after_article or reading.is_first(sighting.start) or reading.is_titled


def _is_anothers(sighting: Sighting) -> bool:
    """Return whether a capital before or after makes it a part of a longer name, of somebody else."""
    reading = sighting.reading
    is_led = _is_name(reading.word_before(sighting.start)) and not reading.follows_first(sighting.start)
    return is_led or _is_name(reading.word_after(sighting.end))


def judge_number(reading: Reading, start: int, end: int, *, is_typed_so: bool) -> Rule | None:
    """Return by which rule a stretch of the folded text is the person's telephone number; None when it is not."""
    text = reading.folded.text
    before, after, seen = text[max(0, start - 26) : start], text[end : end + 2], text[start:end]
    if _is_longer(before, after) or (before[-1:].isalnum() and not is_told(before)):
        return None
    digits = digits_of(seen)
    if reading.address_at(*reading.span(start, end)) or before.endswith("/"):
        return Rule.IN_WEB_ADDRESS if len(digits) > SURE else None
    if "+" not in seen and is_date(seen):
        return Rule.UNCERTAIN_NUMBER if is_told(before) else None
    if len(digits) < SURE:
        return _judge_short_number(digits, is_told=is_told(before))
    return _judge_long_number(seen, before, after) if is_typed_so else Rule.OTHER_COUNTRY


def _judge_long_number(seen: str, before: str, after: str) -> Rule:
    if (regex.search(r"\d\s$", before) and "+" not in seen) or regex.match(r"\s\d", after):
        return Rule.NUMBER_BESIDE_DIGITS
    is_amount = _AMOUNT.search(before) or regex.match(r",\d", after)
    is_doubtful = is_amount or _NUMBERED.search(before) or is_date(digits_of(seen))
    return Rule.UNCERTAIN_NUMBER if is_doubtful and "+" not in seen else Rule.OWN_NUMBER


def _judge_short_number(digits: str, *, is_told: bool) -> Rule | None:
    if len(digits) < _SHORT:
        return Rule.UNCERTAIN_NUMBER if is_told else None
    return Rule.OWN_NUMBER if is_told else Rule.UNCERTAIN_NUMBER


def _is_longer(before: str, after: str) -> bool:
    """Return whether further digits stand beside a number without a space: then it is another number."""
    return bool(regex.search(r"\d[\-./]?$|\+$", before) or regex.match(r"[\-./]?\d", after))
