"""Addresses that a browser is sent back to: what may be registered, and compared letter by letter from then on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar, Final
from urllib.parse import SplitResult, urlsplit

from wardship.core.errors import InvalidInputError

MOST: Final = 10
_LONGEST: Final = 500
# Printable ASCII without what ends an address in a header or an attribute, and without backslashes, which browsers read
# as slashes.
_UNFIT: Final = re.compile(r"[^\x21-\x7e]|[\"'<>\\^`{|}*]")
_LOOPBACK: Final = frozenset({"127.0.0.1", "[::1]", "localhost"})


class RedirectUriError(InvalidInputError):
    """An address to come back to can't be one: give an https address without a fragment."""

    code: ClassVar[str] = "INVALID_REDIRECT_URI"


def checked_redirect_uris(addresses: Sequence[str]) -> list[str]:
    """Return addresses that a browser may be sent back to, each once.

    Raises:
        RedirectUriError: one can't be, or there are none or too many.
    """
    unique = list(dict.fromkeys(addresses))
    if not 1 <= len(unique) <= MOST:
        raise RedirectUriError(
            f"Give at least one address to come back to, and at most {MOST}.", path=("redirectUris",)
        )
    for address in unique:
        if fault := _fault(address):
            raise RedirectUriError(f"{fault} ({len(address)} letters).", path=("redirectUris",))
    return unique


def _fault(address: str) -> str:
    if len(address) > _LONGEST:
        return f"An address has at most {_LONGEST} letters"
    if _UNFIT.search(address):
        return "An address is written in printable ASCII, without quotes, backslashes, wildcards and spaces"
    try:
        return _fault_of_parts(address, urlsplit(address))
    except ValueError:
        return "That is no address"


def _fault_of_parts(address: str, parts: SplitResult) -> str:
    host = _host(parts)
    if "#" in address:
        return "An address has no fragment"
    if "@" in parts.netloc or not host:
        return "An address names a host, and nobody before it"
    if parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK):
        return ""
    return "An address begins with https://, or with http:// for a program on the person's own machine"


def _host(parts: SplitResult) -> str:
    _ = parts.port  # raises where it is none
    host = parts.hostname or ""
    return f"[{host}]" if ":" in host else host
