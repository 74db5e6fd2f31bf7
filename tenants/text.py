"""What people type, brought to one form: NFC, no control characters or unseen signs, no surrounding space, bounded."""

from __future__ import annotations

from urllib.parse import urlsplit

from wardship.core.errors import InvalidInputError
from wardship.core.text import many_lines, one_line

LONGEST_ADDRESS = 2000

__all__ = ["LONGEST_ADDRESS", "many_lines", "one_line", "web_address"]


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
