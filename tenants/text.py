"""What people type, brought to one form: NFC, no control characters or unseen signs, no surrounding space, bounded."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from wardship.core.errors import InvalidInputError
from wardship.core.text import bounded, formed, one_line

_CONTROLS_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
LONGEST_ADDRESS = 2000

__all__ = ["LONGEST_ADDRESS", "many_lines", "one_line", "web_address"]


def many_lines(value: str, name: str, *, most: int, least: int = 0) -> str:
    """Return a text that may have several lines, ended by line feeds.

    Raises:
        InvalidInputError: too short, too long, or with control characters in it.
    """
    return bounded(formed(value.replace("\r\n", "\n")), name, least=least, most=most, refused=_CONTROLS_BUT_LINES)


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
