"""What people type, brought to one form: NFC, no control characters, no surrounding space, bounded."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from wardship.core.errors import InvalidInputError

# The categories Cc, Cs, Zl and Zp, to which Unicode adds nothing any more.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CONTROLS_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
LONGEST_ADDRESS = 2000


def one_line(value: str, name: str, *, most: int = 200, least: int = 0) -> str:
    """Return a text of one line.

    Raises:
        InvalidInputError: too short, too long, or with control characters in it.
    """
    return _bounded(value, name, least=least, most=most, refused=_CONTROLS)


def many_lines(value: str, name: str, *, most: int, least: int = 0) -> str:
    """Return a text that may have several lines, ended by line feeds.

    Raises:
        InvalidInputError: too short, too long, or with control characters in it.
    """
    return _bounded(value.replace("\r\n", "\n"), name, least=least, most=most, refused=_CONTROLS_BUT_LINES)


def web_address(value: str, name: str) -> str:
    """Return an https address without credentials in it.

    Raises:
        InvalidInputError: it is none.
    """
    text = one_line(value, name, most=LONGEST_ADDRESS)
    try:
        parts = urlsplit(text)
        is_sound = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        is_sound = False
    if not is_sound or " " in text:
        raise InvalidInputError("Give an address that begins with https://.", path=(name,))
    return text


def _bounded(value: str, name: str, *, least: int, most: int, refused: re.Pattern[str]) -> str:
    text = unicodedata.normalize("NFC", value).strip()
    if refused.search(text):
        raise InvalidInputError("Control characters are not accepted here: type it as plain text.", path=(name,))
    if not least <= len(text) <= most:
        raise InvalidInputError(f"Give {least} to {most} characters; this has {len(text)}.", path=(name,))
    return text
