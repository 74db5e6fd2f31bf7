"""One collection on a DAV server, reached with one account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

from wardship.plugins.api import HttpClient, HttpResponse, Rejected, TemporarilyUnavailable
from wardship.plugins.dav.multistatus import MultiStatus, Resource, name_of, read_multistatus

_XML: Final = "application/xml; charset=utf-8"
_KINDS: Final = b'<?xml version="1.0"?><d:propfind xmlns:d="DAV:"><d:prop><d:resourcetype/></d:prop></d:propfind>'
_GONE: Final = (404, 410)
_DONE: Final = (200, 201, 202, 204)
_CREATED: Final = (201, 202)
_MULTI_STATUS: Final = 207
_REDIRECTS: Final = range(300, 400)
# What servers answer to a REPORT that they do not know or do not let be made (RFC 3253, section 3.6). Where it was the
# credential that was refused, the next other request shows it.
_NOT_OFFERED: Final = frozenset({400, 403, 405, 409, 415, 422, 501})


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an entry that was written.

    Attributes:
        name: under which the server says that it keeps it; None where it did not say.
        is_new: the server made a new entry; otherwise it replaced the one of this name.
    """

    name: str | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class Collection:
    """Reads and writes the resources of a collection.

    Attributes:
        url: with a slash at its end.
        basic: user name and password.
        what: what it is called towards people.
    """

    http: HttpClient
    url: str
    basic: tuple[str, str]
    what: str

    async def describe(self) -> Resource | None:
        """Return the collection itself, or None when there is none."""
        found = await self._listed(depth="0")
        if found is None:
            return None
        if not found.resources:
            raise TemporarilyUnavailable("the server described nothing")
        return found.resources[0]

    async def names(self) -> tuple[str, ...]:
        """Return the names of the resources in the collection; raises ``Rejected`` when the server tells not all."""
        found = await self._listed(depth="1")
        if found is not None and found.is_cut:
            raise Rejected(f"the server does not list all of the {self.what}; look there by hand")
        return () if found is None else tuple(each.name for each in found.resources if each.name)

    async def search(self, query: bytes) -> tuple[Resource, ...] | None:
        """Return the resources that a REPORT query selects (RFC 6352, section 8.6; RFC 4791, section 7.8).

        None where the server does not search, or does not tell all that it found: then another way has to be taken.
        """
        response = await self._send("REPORT", "", query, {"content-type": _XML, "depth": "1"})
        if response.status in _GONE:
            return ()
        if response.status in _NOT_OFFERED:
            return None
        found = read_multistatus(response.expect(_MULTI_STATUS).body)
        return None if found.is_cut else found.resources

    async def read(self, name: str) -> str | None:
        """Return a resource's content, or None when it is not there."""
        response = await self._send("GET", name)
        return None if response.expect_absent() else response.expect(200).text

    async def write(self, name: str, content: bytes, content_type: str, *, may_refuse: bool = False) -> Written | None:
        """Create or replace a resource; None when the server refuses that name, where it may."""
        response = await self._send("PUT", name, content, {"content-type": content_type})
        if may_refuse and response.status in {*_GONE, 403, 409, 412}:
            return None
        response.expect(*_DONE)
        return Written(self._told_name(response, name), response.status in _CREATED)

    async def delete(self, name: str) -> bool:
        """Delete a resource; tell whether it was there."""
        response = await self._send("DELETE", name)
        response.expect(*_DONE, *_GONE)
        return response.status not in _GONE

    def _told_name(self, response: HttpResponse, written: str) -> str | None:
        """Return the name that the server says it gave (``Location``), where that is one of this collection."""
        told = response.headers.get("location")
        if told is None:
            return None
        try:
            address = urljoin(self.url + written, told)
            # By the path alone: behind a proxy a server may know itself by another scheme or host.
            is_here = _place(address.rpartition("/")[0])[2] == _place(self.url)[2]
        except ValueError:
            return None
        return name_of(address) or None if is_here else None

    async def _listed(self, *, depth: str) -> MultiStatus | None:
        response = await self._send("PROPFIND", "", _KINDS, {"content-type": _XML, "depth": depth})
        return None if response.status in _GONE else read_multistatus(response.expect(_MULTI_STATUS).body)

    async def _send(
        self, method: str, name: str, content: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> HttpResponse:
        url = self.url + name
        response = await self.http.request(method, url, headers=headers, content=content, basic=self.basic)
        if response.status in _REDIRECTS or (response.url and _place(response.url) != _place(url)):
            raise Rejected(self._moved(url, response, name))
        return response

    def _moved(self, url: str, response: HttpResponse, name: str) -> str:
        leads_to = response.headers.get("location", "") if response.status in _REDIRECTS else response.url
        try:
            address = urljoin(url, leads_to) if leads_to else ""
        except ValueError:
            address = ""
        if not address:
            return f"the {self.what} has moved: enter its new address"
        return f"the {self.what} has moved to {address.removesuffix(name)}: enter that address"


def _place(address: str) -> tuple[str, str, str]:
    """Return an address in the form in which two are compared: with or without a slash at its end is the same."""
    parts = urlsplit(address)
    port = {"https": ":443", "http": ":80"}.get(parts.scheme, "")
    return parts.scheme, parts.netloc.lower().removesuffix(port), unquote(parts.path).rstrip("/")
