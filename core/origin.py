"""Origins in the one form that browsers send (RFC 6454): scheme, host, and a port other than the scheme's own."""

from __future__ import annotations

import ipaddress
import re
from typing import Final, NoReturn
from urllib.parse import SplitResult, urlsplit

import idna

_PORTS: Final = {"http": 80, "https": 443}
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LONGEST_HOST: Final = 253


def canonical_origin(text: str) -> str:
    """Return the origin that browsers send for pages of an address, such as ``https://wardship.example.org``.

    Blanks around it, capitals, the scheme's own port, a slash or a dot at the end make no other origin, and a name in
    letters of any script is its A-label.

    Raises:
        ValueError: it is no origin, or has more than one; the message says what is wrong.
    """
    address = text.strip()
    if not address.isprintable() or " " in address or "\\" in address:
        raise ValueError(
            "must be an origin such as https://wardship.example.org, without blanks and backslashes inside"
        )
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"must be an origin such as https://wardship.example.org ({error})") from None
    _require_bare(address, parts)
    if port == 0:
        raise ValueError("must have another port than 0, at which nothing can be reached")
    shown = "" if port is None or port == _PORTS[parts.scheme] else f":{port}"
    host = _version_6(parts.hostname or "") if "[" in parts.netloc else canonical_host(parts.hostname or "")
    return f"{parts.scheme}://{host}{shown}"


def _require_bare(address: str, parts: SplitResult) -> None:
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("must be an origin such as https://wardship.example.org")
    if "@" in parts.netloc:
        raise ValueError("must name no user and no password")
    if "?" in address or "#" in address:
        raise ValueError("must end after host and port: it has no query and no fragment")
    if parts.path not in {"", "/"}:
        raise ValueError("must end after host and port: Wardship needs a host, or a port, of its own, not a path")


def canonical_host(name: str) -> str:
    """Return the name of a host, or an address of IPv4, as browsers write it: in small letters and A-labels.

    Raises:
        ValueError: no host can have this name; the message says why.
    """
    try:
        found = (name if name.isascii() else idna.encode(name, uts46=True).decode("ascii")).lower().removesuffix(".")
    except idna.IDNAError as error:
        raise ValueError(f"must name a host that can be registered ({error})") from None
    labels = found.split(".")
    if labels[-1].isdigit() or labels[-1].startswith("0x"):
        return _version_4(found)
    if len(found) > _LONGEST_HOST or not all(map(_LABEL.fullmatch, labels)):
        return _refuse(name)
    return found


def _version_6(name: str) -> str:
    try:
        address = ipaddress.IPv6Address(name) if "%" not in name else _refuse(name)
    except ValueError:
        return _refuse(name)
    if address.ipv4_mapped is not None:  # later versions of Python write such a one with dots, browsers do not
        high, low = divmod(int(address.ipv4_mapped), 1 << 16)
        return f"[::ffff:{high:x}:{low:x}]"
    return f"[{address}]"


def _version_4(name: str) -> str:
    """Return an address of four numbers; browsers take others such as 127.1 for one too, and write the four."""
    try:
        return str(ipaddress.IPv4Address(name))
    except ValueError:
        raise ValueError("must write an address of IPv4 as four numbers, such as 192.0.2.1") from None


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"must name a host, which {name!r} can't be")
