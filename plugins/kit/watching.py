"""The plugin as the kit hands it to the host: the vendor's own, with everything that it does written down."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Unpack, cast

import httpx2

from wardship.plugins.api import (
    Connector,
    ConnectorContext,
    HttpClient,
    HttpResponse,
    Logger,
    Manifest,
    Rejected,
    RevocationPlan,
    Verb,
    hookimpl,
)
from wardship.plugins.host.client import Reach, RequestParts
from wardship.plugins.host.registry import LoadedIntegration
from wardship.plugins.kit.connections import noticing
from wardship.plugins.kit.hearing import speaking
from wardship.plugins.kit.loop_watch import LoopWatch, tick
from wardship.plugins.kit.seen import Seen
from wardship.plugins.kit.watched_values import READING, watched
from wardship.plugins.kit.wire import UNDER_WAY, Wire


class WatchedPlugin:
    """The three hooks of a plugin.

    Attributes:
        connector_type: of the plugin's connector, once there was a call.
    """

    def __init__(self, loaded: LoadedIntegration, wire: Wire, loops: LoopWatch) -> None:
        self._loaded, self._wire, self._loops = loaded, wire, loops
        self.connector_type: type[Connector[Any]] | None = None

    @hookimpl
    def wardship_receives(self) -> Manifest:
        """Return the manifest."""
        return self._loaded.declaration[0]

    @hookimpl
    def wardship_revokes(self) -> RevocationPlan:
        """Return the revocation plan."""
        return self._loaded.declaration[1]

    @hookimpl
    def wardship_connector(self, context: ConnectorContext[Any]) -> Connector[Any]:
        """Return the plugin's connector for one call, watched."""
        seen = self._wire.call(context.obligation_id)
        reach = Reach.of(self._loaded.declaration[0], context.settings)
        http = cast("HttpClient", _WatchedHttp(context.http, reach, seen))  # its one method is an attribute
        context = replace(context, http=http, log=_WatchedLog(context.log, seen))
        with noticing(seen.connections.append), speaking(seen):
            connector = self._loaded.connector(context)
        self.connector_type = type(connector)
        return _WATCHED_CONNECTOR(context, connector, seen, self._loops)


class _Watched(Connector[Any]):
    """A connector whose methods are the vendor's."""

    def __init__(self, context: ConnectorContext[Any], vendors: Connector[Any], seen: Seen, loops: LoopWatch) -> None:
        super().__init__(context)
        self._vendors, self._seen, self._loops = vendors, seen, loops

    async def watch(self, verb: Verb, *argument: object) -> object:
        """Call the vendor's method, and write down what it does and how it ends."""
        # A 403 lets the host call `check` within the call of another verb.
        seen = self._seen if verb is self._seen.verb else replace(self._seen, answer=None, error=None)
        seen.is_running = True
        self._loops.begin(seen)
        ticking = asyncio.get_running_loop().create_task(tick(seen))
        reading = READING.set(seen)
        try:
            with noticing(seen.connections.append), speaking(seen):
                seen.answer = await getattr(self._vendors, verb.value)(*map(watched, argument))
        except BaseException as error:
            seen.error = error
            raise
        finally:
            READING.reset(reading)
            ticking.cancel()
            self._loops.end(seen)
            seen.is_running = False
        return seen.answer


def _method(verb: Verb) -> Callable[..., Awaitable[object]]:
    async def method(self: _Watched, *argument: object) -> object:
        return await self.watch(verb, *argument)

    return method


_WATCHED_CONNECTOR = cast(
    "type[_Watched]", type("WatchedConnector", (_Watched,), {verb.value: _method(verb) for verb in Verb})
)


class _WatchedHttp:
    """The host's client, which tells which hosts are asked for that were not declared."""

    def __init__(self, http: HttpClient, reach: Reach, seen: Seen) -> None:
        async def request(method: str, url: str, **parts: Unpack[RequestParts]) -> HttpResponse:
            """Send one request and return the whole response, whatever its status."""
            if (host := _undeclared(reach, url)) is not None:
                seen.strayed.append(host)
            mark = UNDER_WAY.set(seen)
            try:
                with speaking(None):
                    return await http.request(method, url, **parts)
            finally:
                UNDER_WAY.reset(mark)

        self.request = request


def _undeclared(reach: Reach, url: str) -> str | None:
    try:
        address = httpx2.URL(url)
    except (httpx2.InvalidURL, UnicodeError, TypeError):
        return None
    try:
        reach.require(address)
    except Rejected:
        return address.host
    return None


class _WatchedLog:
    """The plugin's log, with what it says as it says it."""

    def __init__(self, log: Logger, seen: Seen) -> None:
        self._log, self._seen = log, seen

    def info(self, event: str, **fields: object) -> None:
        """Log what happened."""
        self._seen.told.append(f"{event} {fields}")
        with speaking(None):
            self._log.info(event, **fields)

    def warning(self, event: str, **fields: object) -> None:
        """Log what may need attention."""
        self._seen.told.append(f"{event} {fields}")
        with speaking(None):
            self._log.warning(event, **fields)
