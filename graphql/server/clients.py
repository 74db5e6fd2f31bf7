"""Who a client is, where turns and places are given out: its credential once that was checked, else its networks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final, Protocol, runtime_checkable

from litestar import Request
from litestar.types import Receive

from wardship.core.actor import Actor
from wardship.core.errors import WardshipError
from wardship.core.http.credentials import RequestCredentials, read_credentials
from wardship.core.http.networks import networks_of
from wardship.core.sign_in.sessions import token_hash
from wardship.graphql.engine import Client, RequestRefusedError
from wardship.tenants.access import Services

ClientHook = Callable[[Any], Awaitable[Client]]
Authenticate = Callable[[Any], Awaitable[Actor]]
_GONE: Final = "http.disconnect"


@runtime_checkable
class CallOfSocket(Protocol):
    """An operation that came over a socket, whose end ends what waits for it."""

    @property
    def credentials(self) -> RequestCredentials:
        """Those of the socket."""
        ...


def client_hook(services: Services, authenticate: Authenticate) -> ClientHook:
    """Return what tells clients apart.

    Args:
        services: the deployment.
        authenticate: tells who calls, or raises a ``WardshipError``: then the client has shown no credential, whatever
            it sent.
    """

    async def client(request: object) -> Client:
        credentials = credentials_of(request, services)
        gone = partial(_gone, request.receive) if isinstance(request, Request) else None
        try:
            actor = await authenticate(request)
        except WardshipError as error:
            networks = networks_of(credentials.client.address)
            return Client(networks, is_authenticated=False, gone=gone, refusal=refused(error))
        return Client(groups_of(actor, credentials), is_authenticated=True, gone=gone)

    return client


def credentials_of(request: object, services: Services) -> RequestCredentials:
    """Return what a request or socket has shown, verified or not; nothing where neither is there."""
    if isinstance(request, Request):
        return read_credentials(request, services.settings)
    return request.credentials if isinstance(request, CallOfSocket) else RequestCredentials()


def refused(error: WardshipError) -> RequestRefusedError:
    """Return a refusal of the domain as the engine's, for a request or socket as a whole."""
    waiting = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return RequestRefusedError(
        error.message, code=error.code, http_status=error.status, headers={**error.headers, **waiting}
    )


def groups_of(actor: Actor, credentials: RequestCredentials) -> tuple[object, ...]:
    """Return where somebody stands among all: organisation, account, credential: many tokens gain nothing."""
    shown = credentials.authorization or credentials.cookie or ""
    return (actor.organisation_id, actor.account_id, token_hash(shown))


async def _gone(receive: Receive) -> None:
    """Wait until a client whose request was read has gone; a server that tells something else never tells it."""
    if (await receive())["type"] != _GONE:
        await asyncio.Event().wait()
