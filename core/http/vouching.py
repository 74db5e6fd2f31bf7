"""Tell the server that a connection has shown a credential that was checked, so that it counts among no strangers."""

from __future__ import annotations

from typing import Any, Final

from litestar.connection import ASGIConnection

VOUCH: Final = "vouch"
"""Where a server that counts connections puts what is to be called, in the state of each request (ASGI)."""


def vouch_for(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Vouch for the connection that a request, or a WebSocket, came by; most servers don't ask for it."""
    vouch = connection.scope["state"].get(VOUCH)
    if vouch is not None:
        vouch()
