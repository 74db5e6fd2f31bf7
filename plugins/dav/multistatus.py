"""Reads WebDAV multi-status answers, without entities, document types or anything else that XML could bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_to_bytes, urlsplit
from xml.etree.ElementTree import Element

import defusedxml
from defusedxml.ElementTree import ParseError, fromstring

from wardship.plugins.api import TemporarilyUnavailable

DAV: Final = "{DAV:}"
_PLAIN: Final = "!$&'()*+,;=:@-._~"
_GONE: Final = frozenset({"404", "410"})


@dataclass(frozen=True, slots=True)
class Resource:
    """One member of a multi-status answer.

    Attributes:
        name: last segment of its address, percent-encoded as an address needs it; empty for the collection itself.
        kinds: names of the elements in its resource type, in Clark notation.
        data: the content, when the request asked for it.
    """

    name: str
    kinds: frozenset[str]
    data: str


@dataclass(frozen=True, slots=True)
class MultiStatus:
    """A whole answer.

    Attributes:
        resources: those that are there.
        is_cut: the server did not tell all: it found more (507, RFC 6352, section 8.6.2), or failed in a part.
    """

    resources: tuple[Resource, ...]
    is_cut: bool


def read_multistatus(body: bytes) -> MultiStatus:
    """Return what an answer holds (RFC 4918, section 13); raises ``TemporarilyUnavailable`` for anything else."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, defusedxml.DefusedXmlException, ValueError):
        raise TemporarilyUnavailable("the server's answer is not a multi-status document") from None
    if root.tag != f"{DAV}multistatus":
        raise TemporarilyUnavailable("the server's answer is not a multi-status document")
    responses = [(_status(response), response) for response in root.iter(f"{DAV}response")]
    return MultiStatus(
        resources=tuple(_resource(response) for status, response in responses if status.startswith("2")),
        is_cut=any(not status.startswith("2") and status not in _GONE for status, _ in responses),
    )


def name_of(address: str) -> str:
    """Return the last segment of an address in its canonical encoding; empty where it names no resource.

    It comes from the server and becomes part of an address again: one that leads elsewhere is none.
    """
    try:
        segment = unquote_to_bytes(urlsplit(address).path.rsplit("/", 1)[-1])
    except ValueError:
        return ""
    return "" if segment in {b".", b".."} else quote(segment, safe=_PLAIN)


def _status(response: Element) -> str:
    """Return the three digits of a response's own status; a response of properties has none, and is a success."""
    _, _, rest = response.findtext(f"{DAV}status", "HTTP/1.1 200").strip().partition(" ")
    return rest[:3]


def _resource(response: Element) -> Resource:
    kinds = frozenset(kind.tag for found in response.iter(f"{DAV}resourcetype") for kind in found)
    # calendar-data or address-data, whichever namespace: the request asks for one of them at most.
    data = next((found.text or "" for found in response.iter() if found.tag.endswith("-data")), "")
    return Resource(name_of(response.findtext(f"{DAV}href", "").strip()), kinds, data)
