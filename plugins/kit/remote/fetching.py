"""Reads the document of a remote integration from its address, and makes of it what the kit loads."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Final

import httpx2

from wardship.core.outbound.network import NetworkPolicy, PinnedTransport
from wardship.plugins.api import Connector, IntegrationError, Manifest, RevocationPlan, hookimpl
from wardship.plugins.host.remote import LARGEST_DOCUMENT, ManifestDocumentError, RemotePlugin, read_document
from wardship.plugins.kit.findings import KitSetupError

VARIABLE: Final = "WEBHOOK_SIGNING_SECRET"
"""What the environment names the signing secret."""
_LONGEST_S: Final = 15.0
_OK: Final = 200


def is_address(target: str) -> bool:
    """Tell whether what is to be checked is the address of a document."""
    return target.startswith(("https://", "http://"))


@dataclass(frozen=True, slots=True)
class RemoteTarget:
    """An integration that its vendor serves.

    Attributes:
        url: of its document: https, or http on this machine and site.
        signing_secret: with which messages to it are signed, and its own calls; ``whsec_`` and base64.
    """

    url: str
    signing_secret: str = field(repr=False)

    @property
    def is_near(self) -> bool:
        """Whether it stands on this machine, so that its own calls can reach the kit."""
        host = httpx2.URL(self.url).host
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    def fetch(self) -> bytes:
        """Return the document as it is served.

        Raises:
            KitSetupError: it is not served as JSON at this address, or can't be reached.
        """
        try:
            return asyncio.run(_fetched(self.url))
        except IntegrationError as error:
            raise KitSetupError(f"{self.url} can't be read: {error.message}") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError, TimeoutError) as error:
            raise KitSetupError(f"{self.url} can't be read ({type(error).__name__}): does the server run?") from None

    def plugin(self, body: bytes) -> object:
        """Return the plugin that a document declares; where it declares none, one whose loading says why."""
        try:
            document = read_document(body, plain_http=self.url.startswith("http:"))
        except ManifestDocumentError as error:
            return _Faulty(error)
        return RemotePlugin(document, lambda: (self.signing_secret,), declared_in=self.url)

    def is_the_same(self, body: bytes) -> bool:
        """Tell whether the document is served again as it was."""
        return bool(_parsed(body) == _parsed(self.fetch()))


@dataclass(frozen=True, slots=True, eq=False)
class _Faulty:
    """What stands for a document that declares nothing."""

    error: ManifestDocumentError

    @hookimpl
    def wardship_receives(self) -> Manifest:
        """Say why there is no manifest."""
        raise self.error

    @hookimpl
    def wardship_revokes(self) -> RevocationPlan:
        """Say why there is no plan."""
        raise self.error

    @hookimpl
    def wardship_connector(self) -> Connector[Any]:
        """Say why there is no connector."""
        raise self.error


async def _fetched(url: str) -> bytes:
    transport = PinnedTransport(NetworkPolicy.development())
    request = httpx2.Request("GET", url, headers={"accept": "application/json", "accept-encoding": "identity"})
    try:
        async with asyncio.timeout(_LONGEST_S):
            answer = await transport.handle_async_request(request)
            try:
                return await _document(url, answer)
            finally:
                await answer.aclose()
    finally:
        await transport.aclose()


async def _document(url: str, answer: httpx2.Response) -> bytes:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.status_code != _OK or kind != "application/json":
        raise KitSetupError(
            f"{url} answers {answer.status_code} with {kind or 'no content type'}: serve the document with 200 and"
            " application/json, without a redirect"
        )
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > LARGEST_DOCUMENT:
            break  # reading it says so
    return bytes(body)


def _parsed(body: bytes) -> object:
    try:
        found: object = json.loads(body)
    except ValueError:
        return body
    return found
