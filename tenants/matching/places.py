"""Where in a text web addresses, e-mail addresses and host names stand: what is inside them is not prose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import regex

from wardship.tenants.matching.characters import SPACED_LETTER

_STOPS: Final = r"\s<>\"`\u3000-\u3003\u3008-\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"
_PLACES: Final = regex.compile(
    rf"(?P<web>[a-z][a-z0-9+.\-]{{1,20}}://[^{_STOPS}]+|www\.[^{_STOPS}]+)"
    rf"|(?P<mail>(?:{SPACED_LETTER}|[.+\-%&*/=?^_{{}}~!#$'])+@(?:{SPACED_LETTER}|-)+(?:\.(?:{SPACED_LETTER}|-)+)+)"
    rf"|(?P<host>(?<![@.\-_]|{SPACED_LETTER})(?:{SPACED_LETTER}(?:{SPACED_LETTER}|-)*\.)+[a-z]{{{{2,18}}}}"
    rf"(?![.\-_]?{SPACED_LETTER}))",
    regex.IGNORECASE | regex.V1,
)
_FILES: Final = frozenset(
    {
        "7z",
        "avi",
        "bmp",
        "csv",
        "doc",
        "docx",
        "eml",
        "epub",
        "gif",
        "gz",
        "htm",
        "html",
        "ics",
        "jpeg",
        "jpg",
        "json",
        "key",
        "log",
        "m4a",
        "md",
        "mov",
        "mp3",
        "mp4",
        "msg",
        "odp",
        "ods",
        "odt",
        "ogg",
        "pages",
        "pdf",
        "png",
        "ppt",
        "pptx",
        "ps",
        "py",
        "rar",
        "rst",
        "rtf",
        "svg",
        "tar",
        "tex",
        "tif",
        "tiff",
        "txt",
        "vcf",
        "wav",
        "webm",
        "webp",
        "xls",
        "xlsx",
        "xml",
        "yaml",
        "yml",
        "zip",
    }
)
_AROUND: Final = ".,;:!?)]}'*_"


class PlaceKind(StrEnum):
    """What a place is."""

    WEB = "web"
    MAIL = "mail"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a text that is an address of some kind."""

    start: int
    end: int
    kind: PlaceKind


def places(text: str) -> Iterator[Place]:
    """Return the stretches that are web addresses, e-mail addresses or host names, in order.

    A dotted word is a host name when it is in small letters and does not end as files do.
    """
    if "." not in text and ":" not in text:
        return
    for found in _PLACES.finditer(text):
        start = found.start()
        end = start + len(found[0].rstrip(_AROUND))
        if found.lastgroup != "host" or _is_host(found[0]):
            yield Place(start, end, PlaceKind(str(found.lastgroup)))


def _is_host(text: str) -> bool:
    return text == text.lower() and text.rpartition(".")[2] not in _FILES
