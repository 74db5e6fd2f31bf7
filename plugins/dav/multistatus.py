"""Reads WebDAV multi-status answers, without entities, document types or anything else that XML could bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import defusedxml
from defusedxml.ElementTree import ParseError, fromstring

from wardship.plugins.api import TemporarilyUnavailable

DAV: Final = "{DAV:}"


@dataclass(frozen=True, slots=True)
class Resource:
    """One member of a multi-status answer.

    Attributes:
        name: last segment of its address, decoded; empty for the collection itself.
        kinds: names of the elements in its resource type, in Clark notation.
        data: the content, when the request asked for it.
    """

    name: str
    kinds: frozenset[str]
    data: str


def read_multistatus(body: bytes) -> tuple[Resource, ...]:
    """Return the resources of an answer (RFC 4918, section 13); raises ``TemporarilyUnavailable`` for anything else."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, defusedxml.DefusedXmlException, ValueError):
        raise TemporarilyUnavailable("the server's answer is not a multi-status document") from None
    if root.tag != f"{DAV}multistatus":
        raise TemporarilyUnavailable("the server's answer is not a multi-status document")
    return tuple(_resource(response) for response in root.iter(f"{DAV}response"))


def _resource(response: Element) -> Resource:
    path = urlsplit(response.findtext(f"{DAV}href", "")).path
    kinds = frozenset(kind.tag for found in response.iter(f"{DAV}resourcetype") for kind in found)
    # calendar-data or address-data, whichever namespace: the request asks for one of them at most.
    data = next((found.text or "" for found in response.iter() if found.tag.endswith("-data")), "")
    return Resource("" if path.endswith("/") else unquote(path.rsplit("/", 1)[-1]), kinds, data)
