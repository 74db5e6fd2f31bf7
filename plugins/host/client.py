"""The HTTP client that plugins use: it reaches the declared hosts only, and leaves a trace of every exchange.

These hosts are reached at allowed addresses, over a connection to the addresses that were checked, so that a second
look-up can't lead elsewhere.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Final, Self, TypeAlias, TypedDict, Unpack
from urllib.parse import urlsplit

import httpx2
import msgspec

from wardship.core.outbound.network import DEFAULT_PORTS, NetworkPolicy, PinnedTransport
from wardship.plugins.api import (
    HttpResponse,
    IntegrationError,
    Manifest,
    Rejected,
    Settings,
    TemporarilyUnavailable,
)
from wardship.plugins.host.exchanges import SAFE, Exchange, Witness, canonical_address
from wardship.plugins.host.turns import Turns


@dataclass(frozen=True, slots=True)
class Reach:
    """The hosts, with their ports, that one installation's client may speak to."""

    places: frozenset[tuple[str, int]]

    @classmethod
    def of(cls, manifest: Manifest, settings: Settings, *, approved: Collection[str] | None = None) -> Self:
        """Return what the manifest declares, literally or by a URL in the settings.

        Args:
            manifest: of the loaded plugin.
            settings: of the installation.
            approved: the literal hosts that were approved, where that is not all of them.
        """
        urls = (str(getattr(settings, name)) for name in manifest.host_settings if getattr(settings, name, None))
        hosts = [host for host in manifest.hosts if approved is None or host in approved]
        return cls(frozenset((*map(_declared, hosts), *_places(urls))))

    @classmethod
    def at(cls, addresses: Iterable[str]) -> Self:
        """Return the servers of some addresses."""
        return cls(frozenset(_places(addresses)))

    def require(self, url: httpx2.URL) -> None:
        """Raise ``Rejected`` unless the URL is plain, absolute and within reach."""
        if url.userinfo:
            raise Rejected("a URL must not hold a user name or password")
        place = (url.raw_host.decode("ascii"), url.port or DEFAULT_PORTS.get(url.scheme, 0))
        if url.scheme not in DEFAULT_PORTS or place not in self.places:
            raise Rejected(f"{place[0] or 'the address'} is not among the hosts that the integration declares")


NOWHERE: Final = Reach(frozenset())
"""Of a client that speaks to nobody."""


def _declared(host: str) -> tuple[str, int]:
    name, _, port = host.partition(":")
    return name, int(port or 443)


def _places(urls: Iterable[str]) -> Iterable[tuple[str, int]]:
    for text in urls:
        url = urlsplit(text)
        if url.hostname and url.scheme in DEFAULT_PORTS:
            # httpx2 writes a name as it goes over the wire (IDNA), which is what is compared.
            yield httpx2.URL(text).raw_host.decode("ascii"), url.port or DEFAULT_PORTS[url.scheme]


IDEMPOTENT: Final = SAFE | {"PUT", "DELETE"}
IDEMPOTENCY_KEY: Final = "idempotency-key"
_MESSAGE_ID: Final = "webhook-id"
_SIGNATURE: Final = "webhook-signature"
_FIT_KEY: Final = re.compile(r"[!-~]{1,255}")
_KEPT_BY_REDIRECT = frozenset({307, 308})
_REDIRECTS = frozenset({301, 302, 303}) | _KEPT_BY_REDIRECT
_TRY_AGAIN = frozenset({502, 503, 504})
LONGEST_WAIT_S: Final = 3 * 24 * 3600.0
"""Seconds that a vendor's ``Retry-After`` is heeded for, at most."""
Opens: TypeAlias = Callable[[NetworkPolicy], httpx2.AsyncBaseTransport]
"""Returns what sends requests under a network policy."""

_HOST_OWNED = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLimits:
    """How much one call may take: seconds, bytes, numbers."""

    request_s: float = 15.0
    response_bytes: int = 10_000_000
    redirects: int = 3
    retries: int = 2
    pause_s: float = 0.2


class RequestParts(TypedDict, total=False):
    """The keywords of ``HttpClient.request``."""

    headers: Mapping[str, str] | None
    content: bytes | None
    json: object
    basic: tuple[str, str] | None


@dataclass(slots=True)
class GuardedClient:
    """A client for one call of one installation; use as an asynchronous context manager.

    Attributes:
        obligation_id: sent with every request as ``webhook-id``, but for one that the plugin signs, and where
            ``keys_requests`` is False as ``Idempotency-Key`` too.
        witness: writes down what was done.
        turns: when each request may be sent; None for at once.
        keys_requests: each request that may change something has an ``Idempotency-Key`` of its own, or the plugin's.
        opens: what sends the requests; the conformance kit puts faults between host and vendor here.
    """

    reach: Reach
    policy: NetworkPolicy
    obligation_id: str
    limits: ClientLimits = field(default_factory=ClientLimits)
    witness: Witness = field(default_factory=Witness)
    turns: Turns | None = None
    keys_requests: bool = False
    opens: Opens = PinnedTransport
    _transport: httpx2.AsyncBaseTransport = field(init=False, repr=False)
    _retries_left: int = field(init=False)

    def __post_init__(self) -> None:
        self._transport = self.opens(self.policy)
        self._retries_left = self.limits.retries

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """What was done so far, in order."""
        return tuple(self.witness.exchanges)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.aclose()

    async def request(self, method: str, url: str, **parts: Unpack[RequestParts]) -> HttpResponse:
        """Send one request and return the whole response, whatever its status."""
        own = self._headers(parts.get("headers"), parts.get("basic"))
        try:
            content, json = parts.get("content"), parts.get("json")
            request = httpx2.Request(method.upper(), url, headers=own, content=content, json=json)
        except (httpx2.InvalidURL, UnicodeError):
            raise Rejected("the URL is malformed") from None
        self.reach.require(request.url)
        self._key(request)
        response = await self._patiently(request)
        for _ in range(self.limits.redirects):
            target = _redirect(request, response)
            if target is None:
                return response
            self._require_within_reach(target.url)
            request = target
            response = replace(await self._patiently(request), url=str(request.url))
        if _redirect(request, response) is None:
            return response
        raise Rejected("the vendor redirects in circles")

    def _require_within_reach(self, target: httpx2.URL) -> None:
        """Raise ``Rejected`` for a redirect to where the integration may not go, with the place: it may have moved."""
        try:
            self.reach.require(target)
        except Rejected as error:
            origin = target.copy_with(username="", password="", raw_path=b"/", fragment="")
            raise Rejected(
                f"the vendor redirects to {origin}: {error.message}; if it has moved, enter its new address"
            ) from None

    def _headers(self, given: Mapping[str, str] | None, basic: tuple[str, str] | None) -> dict[str, str]:
        headers = {name.lower(): value for name, value in (given or {}).items()}
        if taken := _HOST_OWNED & headers.keys():
            raise Rejected(f"the header {min(taken)} belongs to the host")
        if basic is not None:
            headers["authorization"] = "Basic " + base64.b64encode(":".join(basic).encode()).decode("ascii")
        # A message that is signed has an id of its own, which the signature is over.
        message_id = headers.get(_MESSAGE_ID) if _SIGNATURE in headers else None
        # Bodies come as they are, so that the size limit counts what is really held in memory.
        return headers | {"accept-encoding": "identity", _MESSAGE_ID: message_id or self.obligation_id}

    def _key(self, request: httpx2.Request) -> None:
        """Give a request the key by which a vendor knows it again when it is repeated."""
        headers = request.headers
        if not self.keys_requests:
            headers[IDEMPOTENCY_KEY] = self.obligation_id
        elif IDEMPOTENCY_KEY not in headers:
            # A look has none: by its key a vendor might repeat what it answered before.
            if request.method not in SAFE:
                headers[IDEMPOTENCY_KEY] = idempotency_key(self.obligation_id, request)
        elif not headers[IDEMPOTENCY_KEY]:
            del headers[IDEMPOTENCY_KEY]
        elif not _FIT_KEY.fullmatch(headers[IDEMPOTENCY_KEY]):
            raise Rejected("an Idempotency-Key has at most 255 printable ASCII characters, and no spaces")

    async def _patiently(self, request: httpx2.Request) -> HttpResponse:
        while True:
            try:
                response = await self._once(request)
            except TemporarilyUnavailable as error:
                if error.retry_after_s is not None or not self._may_retry(request.method):
                    raise
            else:
                ends = response.status not in _TRY_AGAIN or response.retry_after_s is not None
                if ends or not self._may_retry(request.method):
                    return response
            await asyncio.sleep(self.limits.pause_s)

    def _may_retry(self, method: str) -> bool:
        if method not in IDEMPOTENT or self._retries_left == 0:
            return False
        self._retries_left -= 1
        return True

    async def _once(self, request: httpx2.Request) -> HttpResponse:
        if self.turns is None:
            return await self._exchanged(request)
        await self.turns.take()
        response = await self._exchanged(request)
        await self.turns.heed(response)
        return response

    async def _exchanged(self, request: httpx2.Request) -> HttpResponse:
        started = time.monotonic()
        exchange = self.witness.begin(request)
        try:
            async with asyncio.timeout(self.limits.request_s):
                answer = await self._transport.handle_async_request(request)
                exchange = msgspec.structs.replace(exchange, status=answer.status_code)
                try:
                    body = await self._body(answer)
                finally:
                    await answer.aclose()
            response = _response(answer, body)
            exchange = self.witness.answered(
                exchange, request, response, is_followed=_leads_elsewhere(request.method, response)
            )
        except IntegrationError as error:
            exchange = msgspec.structs.replace(exchange, error=type(error).__name__)
            raise
        except (httpx2.HTTPError, TimeoutError) as error:
            exchange = msgspec.structs.replace(exchange, error=type(error).__name__)
            raise TemporarilyUnavailable(f"{request.url.host} did not answer ({exchange.error})") from None
        finally:
            taken = round((time.monotonic() - started) * 1000)
            self.witness.note(msgspec.structs.replace(exchange, duration_ms=taken))
        return response

    async def _body(self, response: httpx2.Response) -> bytes:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise Rejected("the vendor compressed its answer although asked not to")
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > self.limits.response_bytes:
                raise Rejected(f"the vendor's answer is larger than {self.limits.response_bytes} bytes")
        return bytes(body)


def idempotency_key(obligation_id: str, request: httpx2.Request) -> str:
    """Return the key of one request of an obligation: the same for the same method, address and body."""
    parts = (obligation_id, request.method, canonical_address(request.url))
    digest = hashlib.sha256("\n".join(parts).encode())
    digest.update(b"\n" + request.content)
    return digest.hexdigest()[:32]


def _response(answer: httpx2.Response, body: bytes) -> HttpResponse:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return HttpResponse(answer.status_code, headers, body, retry_after_seconds(headers.get("retry-after")))


def _leads_elsewhere(method: str, response: HttpResponse) -> bool:
    """Tell whether the host goes where an answer leads: a write is not turned into a read."""
    if response.status not in _REDIRECTS or "location" not in response.headers:
        return False
    return response.status in _KEPT_BY_REDIRECT or method in SAFE


def _redirect(request: httpx2.Request, response: HttpResponse) -> httpx2.Request | None:
    if not _leads_elsewhere(request.method, response):
        return None
    try:
        target = request.url.join(response.headers["location"])
    except httpx2.InvalidURL:
        raise Rejected("the vendor redirects to a malformed address") from None
    headers = {name: value for name, value in request.headers.items() if name.lower() not in {"host", "content-length"}}
    if (target.scheme, target.host, target.port) != (request.url.scheme, request.url.host, request.url.port):
        headers.pop("authorization", None)
    return httpx2.Request(request.method, target, headers=headers, content=request.content)


def retry_after_seconds(value: str | None, *, now: datetime | None = None) -> float | None:
    """Return the seconds of a vendor's ``Retry-After`` header (RFC 9110, section 10.2.3), at most three days.

    Args:
        value: seconds, or an HTTP date.
        now: the moment from which a date counts; the machine's by default, since the date is the vendor's clock.
    """
    if value is None:
        return None
    if value.strip().isdecimal():
        return min(float(value), LONGEST_WAIT_S)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return min(max((at - (now or datetime.now(UTC))).total_seconds(), 0.0), LONGEST_WAIT_S)
