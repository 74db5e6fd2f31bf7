"""Requests to OpenID providers: small, short, to public addresses over TLS, and never led elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import msgspec

from wardship.core.openid.refusals import ProviderUnavailableError
from wardship.core.outbound.network import NetworkPolicy, PinnedTransport
from wardship.plugins.api import IntegrationError

MOST_BYTES: Final = 512 * 1024
"""An answer of a provider is no larger; documents with all keys of the large ones have some 20 KiB."""
LONGEST_S: Final = 10.0
_JSON: Final = {"accept": "application/json", "accept-encoding": "identity"}


class ProviderHttp:
    """Asks providers; a redirect is an answer that is refused, so that none leads to an inside address.

    Args:
        policy: which addresses may be reached.
    """

    def __init__(self, policy: NetworkPolicy) -> None:
        self._policy = policy

    async def get_json(self, url: str, *, bearer: str | None = None) -> dict[str, Any]:
        """Return the JSON object at a URL.

        Raises:
            ProviderUnavailableError: there is none, or the URL may not be reached.
        """
        headers = {**_JSON, **({"authorization": f"Bearer {bearer}"} if bearer else {})}
        status, body = await self._send(url, "GET", headers, None)
        if status != httpx2.codes.OK:
            raise ProviderUnavailableError(f"{host_of(url)} answers {status} where it should describe itself.")
        return _object(url, body)

    async def post_form(self, url: str, body: str, headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Send a form and return status and JSON object; one that refuses may answer with anything.

        Raises:
            ProviderUnavailableError: no answer, or one that is no JSON although it is no refusal.
        """
        form = {**_JSON, **headers, "content-type": "application/x-www-form-urlencoded"}
        status, answer = await self._send(url, "POST", form, body.encode())
        try:
            return status, _object(url, answer)
        except ProviderUnavailableError:
            if status == httpx2.codes.OK:
                raise
            return status, {}

    async def _send(
        self, url: str, method: str, headers: Mapping[str, str], content: bytes | None
    ) -> tuple[int, bytes]:
        transport = PinnedTransport(self._policy)
        try:
            request = httpx2.Request(method, url, headers=dict(headers), content=content)
            async with asyncio.timeout(LONGEST_S):
                response = await transport.handle_async_request(request)
                try:
                    return response.status_code, await _body(response, url)
                finally:
                    await response.aclose()
        except IntegrationError as error:
            raise ProviderUnavailableError(f"{host_of(url)} can't be reached: {error.message}.") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError, TimeoutError) as error:
            raise ProviderUnavailableError(f"{host_of(url)} did not answer ({type(error).__name__}).") from None
        finally:
            await transport.aclose()


def host_of(url: str) -> str:
    """Return the host of a URL, for messages: the rest may hold what is nobody's business."""
    try:
        return urlsplit(url).hostname or "the address"
    except ValueError:
        return "the address"


async def _body(response: httpx2.Response, url: str) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MOST_BYTES:
            raise ProviderUnavailableError(f"{host_of(url)} answers with more than {MOST_BYTES} bytes.")
    return bytes(body)


def _object(url: str, body: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(body)
    except msgspec.DecodeError:
        found = None
    if not isinstance(found, dict):
        raise ProviderUnavailableError(f"{host_of(url)} answers with something other than a JSON object.")
    return found
