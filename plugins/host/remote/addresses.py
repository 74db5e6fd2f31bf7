"""Addresses that a vendor names: plain ones, over https, of a host and nobody before it."""

from __future__ import annotations

from typing import Final
from urllib.parse import SplitResult, urlsplit

import httpx2

LONGEST_ADDRESS: Final = 500
_PORTS: Final = {"https": 443, "http": 80}


def fault_of_address(text: str, *, plain_http: bool = False) -> str:
    """Return why an address can't be used, as a clause; empty where it can.

    Args:
        text: as it was given.
        plain_http: whether it may be reached without TLS: in development.
    """
    schemes = ("https", "http") if plain_http else ("https",)
    if len(text) > LONGEST_ADDRESS:
        return f"it has more than {LONGEST_ADDRESS} letters"
    try:
        parts, _ = urlsplit(text), place_of(text)
        _ = parts.port  # raises where it is none
    except (ValueError, KeyError, httpx2.InvalidURL):
        return "it is no address"
    return _fault_of_parts(text, parts, schemes)


def _fault_of_parts(text: str, parts: SplitResult, schemes: tuple[str, ...]) -> str:
    if parts.scheme not in schemes:
        return f"it does not begin with {' or '.join(f'{scheme}://' for scheme in schemes)}"
    if not parts.hostname or "@" in parts.netloc:
        return "it names no host, or somebody before it"
    if "#" in text or not text.isprintable() or " " in text or "\\" in text:
        return "it has a fragment, a backslash, or what is no part of an address"
    return ""


def place_of(text: str) -> tuple[str, int]:
    """Return host and port of an address, the name as it goes over the wire (IDNA)."""
    url = httpx2.URL(text)
    return url.raw_host.decode("ascii"), url.port or _PORTS.get(url.scheme, 0)
