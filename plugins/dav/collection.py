"""One collection on a DAV server, reached with one account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wardship.plugins.api import HttpClient, HttpResponse, TemporarilyUnavailable
from wardship.plugins.dav.multistatus import Resource, read_multistatus

_XML: Final = "application/xml; charset=utf-8"
_KINDS: Final = b'<?xml version="1.0"?><d:propfind xmlns:d="DAV:"><d:prop><d:resourcetype/></d:prop></d:propfind>'
_GONE: Final = (404, 410)
_DONE: Final = (200, 201, 202, 204)
_MULTI_STATUS: Final = 207


@dataclass(frozen=True, slots=True)
class Collection:
    """Reads and writes the resources of a collection.

    Attributes:
        url: with a slash at its end.
        basic: user name and password.
    """

    http: HttpClient
    url: str
    basic: tuple[str, str]

    async def describe(self) -> Resource | None:
        """Return the collection itself, or None when there is none."""
        response = await self._ask("PROPFIND", _KINDS, depth="0")
        if response.status in _GONE:
            return None
        found = read_multistatus(response.expect(_MULTI_STATUS).body)
        if not found:
            raise TemporarilyUnavailable("the server described nothing")
        return found[0]

    async def names(self) -> tuple[str, ...]:
        """Return the names of the resources in the collection."""
        response = await self._ask("PROPFIND", _KINDS, depth="1")
        if response.status in _GONE:
            return ()
        return tuple(found.name for found in read_multistatus(response.expect(_MULTI_STATUS).body) if found.name)

    async def search(self, query: bytes) -> tuple[Resource, ...]:
        """Return the resources that a REPORT query selects (RFC 6352, section 8.6; RFC 4791, section 7.8)."""
        response = await self._ask("REPORT", query, depth="1")
        return () if response.status in _GONE else read_multistatus(response.expect(_MULTI_STATUS).body)

    async def read(self, name: str) -> str | None:
        """Return a resource's content, or None when it is not there."""
        response = await self.http.request("GET", self.url + name, basic=self.basic)
        return None if response.status in _GONE else response.expect(200).text

    async def write(self, name: str, content: bytes, content_type: str) -> None:
        """Create or replace a resource."""
        headers = {"content-type": content_type}
        response = await self.http.request("PUT", self.url + name, headers=headers, content=content, basic=self.basic)
        response.expect(*_DONE)

    async def delete(self, name: str) -> bool:
        """Delete a resource; tell whether it was there."""
        response = await self.http.request("DELETE", self.url + name, basic=self.basic)
        response.expect(*_DONE, *_GONE)
        return response.status not in _GONE

    async def _ask(self, method: str, query: bytes, *, depth: str) -> HttpResponse:
        headers = {"content-type": _XML, "depth": depth}
        return await self.http.request(method, self.url, headers=headers, content=query, basic=self.basic)
