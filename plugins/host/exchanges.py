"""The trace of every HTTP exchange of a call: what a proof rests on, written by the host and never by the plugin.

Neither bodies nor addresses nor personal data: digests under the deployment's key, which say that two are equal and no
more, and whether the answer named the person asked about.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Self, TypeAlias

import httpx2
import msgspec

from wardship.plugins.api import HttpResponse
from wardship.plugins.host.answers import tells_nothing
from wardship.plugins.host.naming import Naming

Digest: TypeAlias = Callable[[bytes], str]
"""Returns the keyed hash of bytes in hexadecimal digits."""

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"})
"""Methods that look and change nothing."""

ASKING: Final = SAFE | {"POST"}
"""Methods by which vendors let things be looked up."""

WRITING: Final = frozenset({"PUT", "POST", "PATCH"})
"""Methods by which something is made or changed at a vendor."""

UNSENT: Final = frozenset({"ConnectError", "ConnectTimeout", "Rejected", "TemporarilyUnavailable"})
"""Errors before anything was sent, where there is no status."""

_UNSURE: Final = frozenset({408, *range(500, 600)})
_NAMED_BY_ADDRESS: Final = frozenset({"GET", "HEAD"})
_CREDENTIALS: Final = ("authorization", "x-api-key", "api-key", "x-auth-token")
_SUCCESS: Final = range(200, 300)
_CREATED: Final = 201
_MULTI_STATUS: Final = 207
_COMPARED: Final = ("server", "target", "request_digest", "credential")
_ESCAPED: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = re.compile(r"[A-Za-z0-9._~-]")
_DEFAULT_PORT: Final = {"https": 443, "http": 80}


class KeptExchange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One request and its answer as they are kept: no body, no address, nobody's name.

    Digests are keyed and hexadecimal; "" where there was nothing to take one of.

    Attributes:
        at: when the request was sent, by the host's clock.
        attempt: the attempt of the obligation in which it was made; 0 where it is kept with a proof.
        status: HTTP status, or None when no answer came.
        duration_ms: from sending to the end of the answer.
        error: name of what went wrong on the way, or None.
        server: digest of scheme, host and port.
        target: digest of the canonical address, query included.
        request_digest: of the request's body.
        response_digest: of the answer's body.
        credential: of the ``Authorization`` header, or of the key that stands for it (``X-Api-Key`` and the like).
        names_subject: the answer was a success and named whom the call is about, or everything of the installation
            where the call is about that: there it was found.
        asks_for_subject: the request itself named them, in its address or its body: a list of everybody may come
            without somebody because it has turned its page.
        is_followed: the answer led elsewhere, and the host went there: the next exchange is its end.
        is_void: the answer was a success that tells nothing (``answers.tells_nothing``).
        made: of the address at which the answer said that something was made, and of the same one at the server that
            was asked, where that names itself otherwise.
    """

    at: datetime
    attempt: int = 0
    method: str
    status: int | None
    duration_ms: int
    error: str | None = None
    server: str = ""
    target: str = ""
    request_digest: str = ""
    response_digest: str = ""
    credential: str = ""
    names_subject: bool = False
    asks_for_subject: bool = False
    is_followed: bool = False
    is_void: bool = False
    made: tuple[str, ...] = ()

    @property
    def is_success(self) -> bool:
        """Whether a whole answer came, and was a success."""
        return self.error is None and self.status in _SUCCESS

    @property
    def is_unsure(self) -> bool:
        """Whether nobody knows what came of it: it may have written something, and no whole answer tells."""
        if self.method not in WRITING:
            return False
        if self.status is None:
            return self.error not in UNSENT
        return self.error is not None or self.status in _UNSURE

    def under(self, renewed: Mapping[str, str]) -> Self:
        """Return the exchange with the digests under the present key, as far as ``renewed`` tells them."""
        if not renewed:
            return self
        known = {name: renewed.get(kept, kept) for name in _COMPARED if (kept := getattr(self, name))}
        made = tuple(renewed.get(kept, kept) for kept in self.made)
        return msgspec.structs.replace(self, **known, made=made)

    def kept(self, attempt: int = 0) -> KeptExchange:
        """Return what is kept of it, with the attempt in which it was made."""
        values = {name: getattr(self, name) for name in KeptExchange.__struct_fields__}
        return KeptExchange(**{**values, "attempt": attempt})


class Exchange(KeptExchange, frozen=True, kw_only=True):
    """One request and its answer as the host saw them, with what is not kept.

    Attributes:
        retry_after_s: what the vendor asked to wait.
        about: of a batch, the ids of those whom the request or the answer names; empty where it names nobody.
        named: of a batch, the ids of those whom a success names.
    """

    retry_after_s: float | None = None
    about: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()

    def for_one(self, subject_id: str) -> Self | None:
        """Return what an exchange of a batch tells of one of its people; None where it is about others."""
        if self.about and subject_id not in self.about:
            return None
        return msgspec.structs.replace(self, names_subject=subject_id in self.named)


read_exchanges = msgspec.json.Decoder(tuple[KeptExchange, ...]).decode
"""Returns the exchanges in a column's JSON, oldest first."""


def random_digest() -> Digest:
    """Return a digest under a key that nobody else has, for where nothing is compared with what was kept."""
    key = secrets.token_bytes(32)
    return lambda value: hmac.digest(key, value, "sha256").hex()[:32]


@dataclass(slots=True, kw_only=True)
class Witness:
    """Writes down the exchanges of one call.

    Attributes:
        naming: returns by what whom the call is about is named; asked when there is an answer.
        before: the digests under earlier keys.
        renewed: by the digest under an earlier key the present one, of what was compared so far.
        people: of a batch, by what each of its people is named.
        exchanges: in the order in which they ended.
    """

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    digest: Digest = field(default_factory=random_digest, repr=False)
    naming: Callable[[], Naming] = Naming
    before: tuple[Digest, ...] = field(default=(), repr=False)
    renewed: dict[str, str] = field(default_factory=dict, repr=False)
    people: Mapping[str, Naming] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)
    _names: Naming | None = None

    def begin(self, request: httpx2.Request) -> Exchange:
        """Return what is known of an exchange before there is an answer."""
        address = canonical_address(request.url)
        return Exchange(
            at=self.now(),
            method=request.method,
            status=None,
            duration_ms=0,
            server=self._compared("/".join(address.split("/", 3)[:3]).encode()),
            target=self._compared(address.encode()),
            request_digest=self._compared(request.content),
            credential=self._compared(_credential(request.headers).encode()),
            about=self._mentioned(address, request.content),
        )

    def _compared(self, value: bytes) -> str:
        """Return the digest of what exchanges are compared by, and note what it was under earlier keys."""
        present = self._digest(value)
        if present:
            self.renewed.update((digest(value), present) for digest in self.before)
        return present

    def answered(
        self, begun: Exchange, request: httpx2.Request, response: HttpResponse, *, is_followed: bool
    ) -> Exchange:
        """Return an exchange with what its whole answer tells."""
        is_success = response.status in _SUCCESS
        answering = self._mentioned("", response.body) if self.people else frozenset()
        by_address = (
            self._mentioned(canonical_address(request.url).partition("?")[0], b"")
            if request.method in _NAMED_BY_ADDRESS and self.people
            else frozenset()
        )
        is_void = is_success and request.method in ASKING and tells_nothing(request.method, response)
        return msgspec.structs.replace(
            begun,
            response_digest=self._digest(response.body),
            # What a page or an error repeats of the question is no find; what is among other parts is.
            names_subject=is_success
            and (not is_void or response.status == _MULTI_STATUS)
            and self._is_named(request, response),
            asks_for_subject=is_success and self._is_asked_for(request),
            is_followed=is_followed,
            is_void=is_void,
            made=self._made(request, response),
            retry_after_s=response.retry_after_s,
            about=begun.about | answering,
            named=answering | by_address if is_success and not is_void else frozenset(),
        )

    def _mentioned(self, address: str, content: bytes) -> frozenset[str]:
        """Return the ids of those of a batch whom an address or a content names."""
        found = (
            subject_id
            for subject_id, names in self.people.items()
            if (address and names.in_address(address)) or names.in_answer(content, None)
        )
        return frozenset(found)

    def _is_named(self, request: httpx2.Request, response: HttpResponse) -> bool:
        names = self._names = self._names or self.naming()
        if request.method in _NAMED_BY_ADDRESS and names.in_address(canonical_address(request.url)):
            return True
        asked = request.url.query.decode("ascii", errors="replace")
        return names.in_answer(response.body, _made_at(request.url, response.headers.get("location")), asked)

    def _is_asked_for(self, request: httpx2.Request) -> bool:
        names = self._names = self._names or self.naming()
        return request.method in ASKING and names.in_question(canonical_address(request.url), request.content)

    def _made(self, request: httpx2.Request, response: HttpResponse) -> tuple[str, ...]:
        told = _made_at(request.url, response.headers.get("location")) if response.status == _CREATED else None
        if told is None:
            return ()
        here = "/".join((*canonical_address(request.url).split("/", 3)[:3], *told.split("/", 3)[3:]))
        return tuple(self.digest(address.encode()) for address in dict.fromkeys((told, here)))

    def note(self, exchange: Exchange) -> None:
        """Write an exchange down."""
        self.exchanges.append(exchange)

    def _digest(self, value: bytes) -> str:
        return self.digest(value) if value else ""


def _made_at(url: httpx2.URL, location: str | None) -> str | None:
    """Return the address at which an answer says that something was made."""
    try:
        return canonical_address(url.join(location)) if location else None
    except httpx2.InvalidURL:
        return None


def _credential(headers: Mapping[str, str]) -> str:
    return next((headers[name] for name in _CREDENTIALS if name in headers), "")


def canonical_address(url: httpx2.URL) -> str:
    """Return an address in the one form in which two are compared (RFC 3986, section 6.2), without its fragment."""
    port = "" if url.port in {None, _DEFAULT_PORT.get(url.scheme)} else f":{url.port}"
    raw = url.raw_path.decode("ascii") or "/"
    path = _ESCAPED.sub(_canonical_escape, raw)
    return f"{url.scheme}://{url.raw_host.decode('ascii').lower()}{port}{path}"


def _canonical_escape(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if _UNRESERVED.fullmatch(character) else found[0].upper()
