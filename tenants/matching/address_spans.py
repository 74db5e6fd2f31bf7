"""Where in a text web addresses, e-mail addresses and host names stand: what is inside them is not prose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import regex

from wardship.tenants.matching.characters import SPACED_LETTER
from wardship.tenants.matching.words import is_file_ending

_STOPS: Final = r"\s<>\"`\u3000-\u3003\u3008-\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"
_TOKEN: Final = regex.compile(rf"[^{_STOPS}]+")
_WEB: Final = regex.compile(r"(?:[a-z][a-z0-9+.\-]*://|www\.).+", regex.IGNORECASE | regex.DOTALL)
MAIL: Final = regex.compile(
    rf"(?:{SPACED_LETTER}|[.+\-%&*/=?^_{{}}~!#$'])+@(?:{SPACED_LETTER}|-)+(?:\.(?:{SPACED_LETTER}|-)+)+", regex.V1
)
"""E-mail addresses as they are written in texts."""

_HOST: Final = regex.compile(rf"{SPACED_LETTER}(?:{SPACED_LETTER}|[.\-])*\.[a-z]{{2,18}}", regex.V1)
_WORD: Final = regex.compile(rf"(?:{SPACED_LETTER}|[.\-_@])+", regex.V1)
_AROUND: Final = ".,;:!?)]}'*_"


class AddressKind(StrEnum):
    """What kind of address it is."""

    WEB = "web"
    MAIL = "mail"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class AddressSpan:
    """A stretch of a text that is an address of some kind."""

    start: int
    end: int
    kind: AddressKind


def address_spans(text: str) -> Iterator[AddressSpan]:
    """Return the stretches that are web addresses, e-mail addresses or host names, in order.

    A dotted word is a host name when it is in small letters and does not end as files do.
    """
    if "." not in text and "://" not in text:
        return
    for token in _TOKEN.finditer(text):
        if "." in token[0].rstrip(_AROUND) or "://" in token[0]:
            yield from _in_token(token[0], token.start())


def _in_token(token: str, start: int) -> Iterator[AddressSpan]:
    web = _WEB.search(token) if "://" in token or "www." in token.lower() else None
    if web is not None:
        yield _span(start + web.start(), web[0], AddressKind.WEB)
    elif "@" in token:
        yield from (_span(start + found.start(), found[0], AddressKind.MAIL) for found in MAIL.finditer(token))
    else:
        hosts = (found for found in _WORD.finditer(token) if _is_host(found[0].strip(".-")))
        yield from (_span(start + found.start(), found[0], AddressKind.HOST) for found in hosts)


def _span(start: int, text: str, kind: AddressKind) -> AddressSpan:
    return AddressSpan(start, start + len(text.rstrip(_AROUND)), kind)


def _is_host(text: str) -> bool:
    is_dotted = "_" not in text and text == text.lower() and _HOST.fullmatch(text) is not None
    return is_dotted and not is_file_ending(text.rpartition(".")[2])
