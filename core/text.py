"""A line of text as people type it, in one form, and the signs that nobody sees: one rule for every door."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from wardship.core.errors import InvalidInputError

# The categories Cc, Cs, Zl and Zp, to which Unicode adds nothing any more.
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# Scripts in which a joiner is spelling: Arabic to Myanmar, Khmer, Mongolian, and the later Brahmic ones.
_JOINING: Final = (
    "\u0600-\u109f\u1700-\u18af\u1900-\u1cff\ua800-\uaaff\uabc0-\uabff"
    "\U00010a00-\U00011fff\U00016100-\U0001617f\U0001e900-\U0001e95f"
)
# What a joiner makes one picture of: symbols, with their variants and colours of skin.
_PICTURES: Final = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_JOINERS: Final = "\u180e\u200c\u200d"
_IDLE_JOINERS: Final = re.compile(
    f"(?<![{_JOINING}{_PICTURES}])[{_JOINERS}]+(?![{_JOINING}{_PICTURES}])|(?<=[{_JOINERS}])[{_JOINERS}]+"
    "|^\u200c+|\u200c+$"
)
# Marks of direction, which make a line read as another, and signs and fillers that nobody sees.
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
# Signs that make what follows read in another order, up to their end or the line's.
_REORDERING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS_BUT_LINES: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BLANK: Final = "\u2800"
_NEVER_SEEN: Final = frozenset({"Cc", "Cf", "Cs", "Mn", "Me", "Zl", "Zp", "Zs"})


def one_line(value: str, name: str, *, most: int = 200, least: int = 0) -> str:
    """Return a text of one line: NFC, without surrounding space, and without joiners that join nothing.

    Joiners that are spelling stay, as in Persian and Sinhala names, and those that make one picture of
    two; beside Latin letters, doubled, or at an end they are left out.

    Raises:
        InvalidInputError: too short, too long, or with control characters or signs in it that nobody sees.
    """
    text = bounded(in_one_form(value), name, least=least, most=most, refused=_CONTROLS)
    if found := _UNSEEN.search(text):
        raise InvalidInputError(
            f"This holds U+{ord(found[0]):04X}, a sign that nobody sees: type it again without.", path=(name,)
        )
    return text


def in_one_form(value: str, *, is_part: bool = False) -> str:
    """Return a text in the form in which ``one_line`` keeps it, whatever is in it: to look for it.

    Args:
        value: what is looked for.
        is_part: whether it is looked for inside of texts, where space at its ends counts.
    """
    return _IDLE_JOINERS.sub("", unicodedata.normalize("NFC", value) if is_part else formed(value))


def many_lines(value: str, name: str, *, most: int, least: int = 0) -> str:
    """Return a text that may have several lines, ended by line feeds.

    Marks of direction, joiners and other signs that prose in some script needs stay.

    Raises:
        InvalidInputError: too short, too long, or with control characters or signs in it that change the order in
            which it is read.
    """
    plain = formed(value.replace("\r\n", "\n"))
    text = bounded(plain, name, least=least, most=most, refused=_CONTROLS_BUT_LINES)
    if found := _REORDERING.search(text):
        raise InvalidInputError(
            f"This holds U+{ord(found[0]):04X}, a sign that makes text read in another order: type it again without.",
            path=(name,),
        )
    return text


def readable(text: str) -> str:
    """Return somebody else's text without control characters and signs that make it read in another order."""
    return _REORDERING.sub("", _CONTROLS_BUT_LINES.sub(" ", text))


def formed(value: str) -> str:
    """Return a text in NFC, without surrounding space."""
    return unicodedata.normalize("NFC", value).strip()


def bounded(text: str, name: str, *, least: int, most: int, refused: re.Pattern[str]) -> str:
    """Return a text of so many characters, of which, where it may not be empty, at least one is seen.

    Raises:
        InvalidInputError: too short, too long, with refused characters in it, or nothing that is seen.
    """
    if refused.search(text):
        raise InvalidInputError("Control characters are not accepted here: type it as plain text.", path=(name,))
    if not least <= len(text) <= most:
        raise InvalidInputError(f"Give {least} to {most} characters; this has {len(text)}.", path=(name,))
    if least and not any(_is_seen(sign) for sign in text):
        raise InvalidInputError("This shows nothing: type at least one sign that is seen.", path=(name,))
    return text


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in _NEVER_SEEN and sign != _BLANK and not _UNSEEN.match(sign)
