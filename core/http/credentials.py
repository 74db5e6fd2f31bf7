"""What a request shows about who sends it, read once at the edge."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from litestar.connection import ASGIConnection, WebSocket

from wardship.core.errors import PermissionDeniedError
from wardship.core.settings import Settings
from wardship.core.sign_in.deployment import Client

CSRF_HEADER: Final = "X-Wardship-CSRF"
ORGANISATION_HEADER: Final = "X-Wardship-Organisation"
_CSRF: Final = CSRF_HEADER.lower().encode()
_ORGANISATION: Final = ORGANISATION_HEADER.lower().encode()
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class OriginRefusedError(PermissionDeniedError):
    """The request comes from a page of another site."""

    code: ClassVar[str] = "ORIGIN_REFUSED"


@dataclass(frozen=True, slots=True)
class Presented:
    """What a request shows; nothing of it is believed yet.

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


def presented(connection: ASGIConnection[Any, Any, Any, Any], settings: Settings) -> Presented:
    """Read what a request, or a WebSocket handshake, shows."""
    # Straight from what the server read, of several headers with one name the first: each request comes this way.
    headers = {name.lower(): value.decode("latin-1") for name, value in reversed(list(connection.scope["headers"]))}
    authorization = headers.get(b"authorization")
    peer = connection.client
    method = connection.scope.get("method", "GET")
    return Presented(
        # A handshake is a GET, yet what follows may change something: its origin counts.
        changes=isinstance(connection, WebSocket) or method not in _SAFE_METHODS,
        cookie=None if authorization is not None else connection.cookies.get(cookie_name(settings)) or None,
        authorization=authorization,
        csrf_token=headers.get(_CSRF),
        origin=headers.get(b"origin"),
        organisation=headers.get(_ORGANISATION) or None,
        client=Client("" if peer is None else peer.host, headers.get(b"user-agent", "")),
    )
