"""The credentials of a request and the device that sent it, read once at the edge."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from litestar.connection import ASGIConnection, WebSocket
from litestar.handlers import BaseRouteHandler

from wardship.core.errors import InvalidInputError, PermissionDeniedError
from wardship.core.http.networks import UNKNOWN, networks_of
from wardship.core.settings import Settings

CSRF_HEADER: Final = "X-Wardship-CSRF"
ORGANISATION_HEADER: Final = "X-Wardship-Organisation"
_CSRF: Final = CSRF_HEADER.lower().encode()
_ORGANISATION: Final = ORGANISATION_HEADER.lower().encode()
_STATE_KEY: Final = "credentials"
_LONGEST_USER_AGENT: Final = 200
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class OriginRefusedError(PermissionDeniedError):
    """The request comes from a page of another site."""

    code: ClassVar[str] = "ORIGIN_REFUSED"


class JsonRequiredError(InvalidInputError):
    """The body is not declared as JSON: a form of another site could have sent it."""

    code: ClassVar[str] = "JSON_REQUIRED"
    status: ClassVar[int] = 415


@dataclass(frozen=True, slots=True)
class Client:
    """The device at the other end.

    Attributes:
        address: its IP address, as the server sees it; empty when unknown.
        user_agent: what it calls itself.
    """

    address: str
    user_agent: str = ""

    @property
    def shown_network(self) -> str:
        """Return what a session remembers: enough for its owner to recognise it, too little to find a household."""
        networks = networks_of(self.address)
        return "" if networks is UNKNOWN else networks.wide

    @property
    def shown_user_agent(self) -> str:
        """Return what a session remembers of the user agent."""
        return "".join(letter for letter in self.user_agent if letter.isprintable())[:_LONGEST_USER_AGENT]


@dataclass(frozen=True, slots=True)
class RequestCredentials:
    """The credentials of a request, as sent and not verified yet.

    Attributes:
        changes: whether the method may change something.
        cookie: the session cookie's value; not looked at where there is an Authorization header.
        authorization: the Authorization header.
        csrf_token: the header that a page of ours adds to what it sends.
        origin: whose page sent it, when the browser says so.
        organisation: the slug of the organisation that the call is about.
        client: the device at the other end.
    """

    changes: bool = True
    cookie: str | None = None
    authorization: str | None = None
    csrf_token: str | None = None
    origin: str | None = None
    organisation: str | None = None
    client: Client = field(default_factory=lambda: Client(""))

    def require_own_origin(self, settings: Settings) -> None:
        """Refuse what a page of another site makes a browser send (OWASP: verify the origin).

        Raises:
            OriginRefusedError: the origin was sent and isn't the deployment's address.
        """
        if self.changes and self.origin is not None and self.origin != settings.public_url:
            raise OriginRefusedError(f"This page belongs to another site: use {settings.public_url}.")


def cookie_name(settings: Settings) -> str:
    """Return the session cookie's name: bound to the host by its prefix (RFC 6265bis, section 4.1.3) where TLS is."""
    return "__Host-wardship" if is_secure(settings) else "wardship"


def is_secure(settings: Settings) -> bool:
    """Return whether people reach the deployment over TLS."""
    return settings.public_url.startswith("https://")


def read_credentials(connection: ASGIConnection[Any, Any, Any, Any], settings: Settings) -> RequestCredentials:
    """Return the credentials of a request, or of a WebSocket handshake: read once, then kept in its state."""
    state: dict[str, Any] = connection.scope["state"]
    found: RequestCredentials | None = state.get(_STATE_KEY)
    if found is None:
        found = state[_STATE_KEY] = _read(connection, settings)
    return found


def require_own_origin(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard a route from what a page of another site makes a browser send.

    Raises:
        OriginRefusedError: the origin was sent and isn't the deployment's address.
    """
    settings: Settings = connection.app.state.settings
    read_credentials(connection, settings).require_own_origin(settings)


async def require_own_page(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard a route that hands out what is the caller's from pages of other sites, links on them included.

    A browser says which (``Sec-Fetch-Site``); an old one only tells the page, by ``Origin`` or ``Referer``. What is no
    browser sends none of them.

    Raises:
        OriginRefusedError: a page of another site asks, or of another host of this site.
    """
    settings: Settings = connection.app.state.settings
    headers = connection.headers
    site, page = headers.get("sec-fetch-site"), headers.get("origin") or headers.get("referer")
    is_foreign = site in {"cross-site", "same-site"}
    if is_foreign or (site is None and page is not None and not f"{page}/".startswith(f"{settings.public_url}/")):
        raise OriginRefusedError(f"A page of another site asks for this: open it from {settings.public_url}.")


def require_json(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard a route from bodies that a form could send, before they are read.

    Raises:
        JsonRequiredError: it has a body that isn't declared as JSON.
    """
    headers = connection.headers
    has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    is_json = headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"
    if connection.scope.get("method") not in _SAFE_METHODS and has_body and not is_json:
        raise JsonRequiredError("Send JSON, with Content-Type: application/json.")


def _read(connection: ASGIConnection[Any, Any, Any, Any], settings: Settings) -> RequestCredentials:
    # Straight from what the server read, of several headers with one name the first: each request comes this way.
    headers = {name.lower(): value.decode("latin-1") for name, value in reversed(list(connection.scope["headers"]))}
    authorization = headers.get(b"authorization")
    peer = connection.client
    method = connection.scope.get("method", "GET")
    return RequestCredentials(
        # A handshake is a GET, yet what follows may change something: its origin counts.
        changes=isinstance(connection, WebSocket) or method not in _SAFE_METHODS,
        cookie=None if authorization is not None else connection.cookies.get(cookie_name(settings)) or None,
        authorization=authorization,
        csrf_token=headers.get(_CSRF),
        origin=headers.get(b"origin"),
        organisation=headers.get(_ORGANISATION) or None,
        client=Client("" if peer is None else peer.host, headers.get(b"user-agent", "")),
    )
