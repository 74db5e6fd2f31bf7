"""The wire of the kit: real HTTP by the host's own transport, with what was sent written down and faults put in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextvars import ContextVar
from typing import Final

import httpx2

from wardship.core.outbound.network import NetworkPolicy, PinnedTransport
from wardship.plugins.kit.faults import RETRY_AFTER_S, STATUSES, InjectedFault
from wardship.plugins.kit.seen import Seen, Sent

IN_HOST_CLIENT: Final[ContextVar[bool]] = ContextVar("in_host_client", default=False)
"""Whether what runs is the host's client: the connections that it opens are no plugin's own."""

UNDER_WAY: Final[ContextVar[Seen | None]] = ContextVar("under_way", default=None)
"""The call whose connector sends requests; it is copied into what this code starts."""

_PAGE: Final = b"<!doctype html><html><body>Please sign in.</body></html>"


class Wire:
    """Knows the calls that are under way by their obligations, for which connectors are made."""

    def __init__(self) -> None:
        self._calls: dict[str, Seen] = {}

    def expect(self, seen: Seen) -> None:
        """Write what is sent for an obligation down at this call from now on."""
        self._calls[seen.obligation_id] = seen

    def call(self, obligation_id: str) -> Seen:
        """Return the call that is under way for an obligation."""
        return self._calls[obligation_id]

    def open(self, policy: NetworkPolicy) -> httpx2.AsyncBaseTransport:
        """Return what sends the requests of one call."""
        return _FaultyTransport(policy)


class _FaultyTransport(httpx2.AsyncBaseTransport):
    def __init__(self, policy: NetworkPolicy) -> None:
        self._vendor = PinnedTransport(policy)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        seen = UNDER_WAY.get()
        if seen is None:  # the host's own, which ends its access at the vendor: no connector has a part in it
            return await self._vendor.handle_async_request(request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        sent = Sent(method=request.method, url=str(request.url), headers=headers, body=request.content)
        seen.sent.append(sent)
        mark = IN_HOST_CLIENT.set(True)
        try:
            response = await self._answer(seen.fault, sent, request)
        finally:
            IN_HOST_CLIENT.reset(mark)
        sent.status = response.status_code
        return response

    async def _answer(self, fault: InjectedFault, sent: Sent, request: httpx2.Request) -> httpx2.Response:
        if fault in STATUSES:
            return _refusal(STATUSES[fault])
        match fault:
            case InjectedFault.TIMEOUT:
                raise httpx2.ReadTimeout("no answer in time", request=request)
            case InjectedFault.SILENCE:
                await asyncio.Event().wait()
            case InjectedFault.GARBAGE:
                return httpx2.Response(200, headers={"content-type": "text/html"}, stream=_Body(_PAGE))
            case InjectedFault.TRUNCATED:
                return await self._truncated(request)
            case InjectedFault.LOST if sent.is_writing:
                await (await self._vendor.handle_async_request(request)).aclose()
                raise httpx2.ReadTimeout("the answer was lost", request=request)
        return await self._vendor.handle_async_request(request)

    async def _truncated(self, request: httpx2.Request) -> httpx2.Response:
        """Return the vendor's answer up to the middle of its body."""
        answer = await self._vendor.handle_async_request(request)
        body = b"".join([chunk async for chunk in answer.aiter_raw()])
        await answer.aclose()
        cut = httpx2.RemoteProtocolError("peer closed connection without sending complete message body")
        return httpx2.Response(answer.status_code, headers=answer.headers, stream=_Body(body[: len(body) // 2], cut))

    async def aclose(self) -> None:
        """Close every connection."""
        await self._vendor.aclose()


def _refusal(status: int) -> httpx2.Response:
    headers = {"content-type": "application/json"}
    if status == STATUSES[InjectedFault.TOO_MANY_REQUESTS]:
        headers["retry-after"] = str(RETRY_AFTER_S)
    return httpx2.Response(status, headers=headers, stream=_Body(b'{"error": "put in by the conformance kit"}'))


class _Body(httpx2.AsyncByteStream):
    """A body, and what goes wrong after it."""

    def __init__(self, content: bytes, error: Exception | None = None) -> None:
        self._content, self._error = content, error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content
        if self._error is not None:
            raise self._error
