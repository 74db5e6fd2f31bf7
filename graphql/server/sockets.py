"""The API over WebSocket: who connects, and whether he or she may still be here.

A browser can set no headers on a WebSocket, and sends the session's cookie along whichever page opens it. So a session
counts only from a page of this deployment (`Origin`), and only with its CSRF token in the payload of `connection_init`;
a program sends its token there, or as a header.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from litestar import WebSocket

from wardship.core.actor import Actor
from wardship.core.errors import WardshipError
from wardship.core.http.credentials import OriginRefusedError, RequestCredentials, read_credentials
from wardship.core.http.networks import Networks, networks_of
from wardship.core.http.request_id import request_id_of
from wardship.core.http.vouching import vouch_for
from wardship.core.sign_in.authentication import authenticate
from wardship.graphql.engine import (
    AuthenticatedSocket,
    GraphQLHandler,
    GraphQLOverWebSocket,
    SocketLimits,
)
from wardship.graphql.server.clients import groups_of, refused
from wardship.tenants.access import Services

Connected: TypeAlias = Callable[[Actor], Awaitable[None]]
"""Told who connects."""
_LONGEST = 512


@dataclass(frozen=True, slots=True)
class SocketCall:
    """What stands for the HTTP request in the operations of a socket.

    Attributes:
        credentials: those of the handshake and `connection_init`; verified again for each operation and event.
        request_id: the identifier of the handshake, which logs and audit have for all that is done over the socket.
    """

    credentials: RequestCredentials
    request_id: str


async def socket_actor(services: Services, call: SocketCall) -> Actor:
    """Return who is behind a socket now.

    A socket that stands open is no use of a session, so that one left alone ends by time as it would without.

    Raises:
        WardshipError: as ``authenticate``.
    """
    return await authenticate(services, call.credentials, notes_use=False)


def read_socket_credentials(
    connection: WebSocket[Any, Any, Any], payload: Mapping[str, Any], services: Services
) -> RequestCredentials:
    """Return the credentials of a handshake and of the payload of `connection_init`.

    Args:
        connection: the handshake.
        payload: may hold ``authorization``, ``csrfToken`` and ``organisation`` (a slug); the rest is ignored.
        services: the deployment.

    Raises:
        OriginRefusedError: a session from no page of this deployment's, or anything from a page of another site.
    """
    found = read_credentials(connection, services.settings)
    found = replace(
        found,
        authorization=_text(payload, "authorization") or found.authorization,
        csrf_token=_text(payload, "csrfToken") or found.csrf_token,
        organisation=_text(payload, "organisation") or found.organisation,
    )
    found.require_own_origin(services.settings)
    if found.authorization is None and found.origin is None:
        raise OriginRefusedError(f"A session connects from a page of {services.settings.public_url} only.")
    return found


def _text(payload: Mapping[str, Any], name: str) -> str | None:
    value = payload.get(name)
    return value[:_LONGEST] if isinstance(value, str) and value else None


def make_sockets(services: Services, handler: GraphQLHandler, connected: Connected) -> GraphQLOverWebSocket:
    """Return what serves WebSockets at `/graphql`."""

    async def authenticate_socket(
        connection: WebSocket[Any, Any, Any], payload: Mapping[str, Any]
    ) -> AuthenticatedSocket:
        try:
            credentials = read_socket_credentials(connection, payload, services)
            actor = await authenticate(services, credentials)
        except WardshipError as error:
            raise refused(error) from error
        await connected(actor)
        vouch_for(connection)
        call = SocketCall(credentials, request_id_of(connection))

        async def check() -> None:
            try:
                await socket_actor(services, call)
            except WardshipError as error:
                raise refused(error) from error

        groups = groups_of(actor, credentials)
        return AuthenticatedSocket(call, groups[-1], check, groups)

    def networks(connection: WebSocket[Any, Any, Any]) -> Networks:
        return networks_of(read_credentials(connection, services.settings).client.address)

    settings = services.settings
    limits = SocketLimits(
        sockets=settings.sockets,
        per_credential=settings.sockets_per_credential,
        operations=settings.socket_operations,
        message_bytes=handler.limits.request_bytes,
    )
    return GraphQLOverWebSocket(handler, authenticate_socket, limits, networks)
