"""Serves the API and the console: what `wardship serve` does."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import FrameType
from typing import Any, Final

import click
import uvicorn
from litestar import Litestar
from uvicorn.supervisors import Multiprocess

from wardship.app.application import api_schema, application, create_app
from wardship.app.collector import paused_collector
from wardship.app.commands.bootstrap import bootstrap
from wardship.app.demo.sign_in_links import prepare_demonstration
from wardship.app.deployment import DatabasePlace, database_place, make_services, running
from wardship.app.first_run import beginning_of, first_lines
from wardship.app.server.connection_limits import ConnectionLimits
from wardship.app.server.http_protocol import BoundedHttpProtocol
from wardship.app.server.socket_protocol import BoundedSocketProtocol
from wardship.core.errors import WardshipError
from wardship.core.settings import Settings
from wardship.graphql.engine import Limits
from wardship.tenants.access import Services

_FACTORY: Final = "wardship.app.commands.serve:create_worker_app"
_GRACE_S: Final = 10
_STUCK_MS: Final = 30_000
_WORKER_START_S: Final = 60


SERVER_OPTIONS: Final[dict[str, Any]] = {
    "http": BoundedHttpProtocol,
    "ws": BoundedSocketProtocol,
    "timeout_keep_alive": ConnectionLimits().keep_alive_s,
    "ws_max_size": Limits().request_bytes,
    # A compressor takes hundreds of kilobytes for each socket, and what they carry is short.
    "ws_per_message_deflate": False,
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "timeout_graceful_shutdown": _GRACE_S,
}
"""How uvicorn is started, besides where it listens; the benchmark starts it likewise."""


class PortInUseError(WardshipError):
    """Another process listens there, or the address isn't this machine's."""

    code = "PORT_IN_USE"


class ServerEndedError(WardshipError):
    """The server ended before it served; the log says why."""

    code = "SERVER_ENDED"


class _Server(uvicorn.Server):
    """A server that ends in order on a signal, and whose process then ends by itself rather than by that signal."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        del frame
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def serve(host: str, port: int, workers: int, *, with_demo: bool) -> None:
    """Serve until ended.

    Args:
        host: the address to listen on.
        port: the port to listen on.
        workers: the number of processes, each of which also works on obligations.
        with_demo: whether to load the demonstration organisations once and print links with which to sign in.
    """
    assignment = _assignment(port)
    os.environ.setdefault("WARDSHIP_PUBLIC_URL", f"http://localhost:{port}")
    if with_demo:
        os.environ.setdefault("WARDSHIP_DEVELOPMENT", "true")
    settings = bootstrap()
    with ExitStack() as stack:
        listener = stack.enter_context(_listener(host, port))
        place, services = _made_beside_database(settings, stack, is_served_here=workers == 1)
        for line in asyncio.run(_prepare(services, place, assignment, with_demo=with_demo)):
            click.echo(line)
        click.echo(f"Wardship serves {settings.public_url}, with the console at {settings.public_url}/console.")
        click.echo("Ctrl-C ends it.")
        if workers > 1:
            _serve_in_processes(listener, workers)
        else:
            _serve_here(listener, services, place)


def _made_beside_database(
    settings: Settings, stack: ExitStack, *, is_served_here: bool
) -> tuple[DatabasePlace, Services]:
    """Return where the database is, and what is served, which is made while an embedded server starts."""
    with ThreadPoolExecutor(1) as thread, paused_collector():
        starting = thread.submit(stack.enter_context, database_place(settings))
        services = make_services(settings)
        if is_served_here:
            api_schema()
        return starting.result(), services


def _assignment(port: int) -> str:
    """Return what commands need so that their links lead to a server which was told nothing but its port."""
    here = f"http://localhost:{port}"
    is_told = "WARDSHIP_PUBLIC_URL" in os.environ or here == Settings.model_fields["public_url"].default
    return "" if is_told else f"WARDSHIP_PUBLIC_URL={here} "


async def _prepare(services: Services, place: DatabasePlace, assignment: str, *, with_demo: bool) -> list[str]:
    """Refuse an unsound deployment before anything listens; return what is to be printed."""
    async with running(services, place):
        if with_demo:
            return _link_lines(await prepare_demonstration(services))
        return first_lines(await beginning_of(services), assignment)


def _link_lines(links: list[tuple[str, str]]) -> list[str]:
    told = [f"  {role:<24} {link}" for role, link in links]
    return ["One-time sign-in links (open one, press the button):", *told] if told else []


def _listener(host: str, port: int) -> socket.socket:
    """Return a socket that holds the address; it listens once the server does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # A client that takes nothing for so long is cut off; connections inherit it.
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _STUCK_MS)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortInUseError(f"Can't listen on {host}:{port} ({error.strerror}): choose another --port.") from None
    return listener


def _serve_here(listener: socket.socket, services: Services, place: DatabasePlace) -> None:
    with paused_collector():
        app = application(services, place, is_examined=True)
    server = _Server(uvicorn.Config(app, lifespan="on", **SERVER_OPTIONS))
    server.run(sockets=[listener])
    if not server.started and not server.should_exit:
        raise ServerEndedError("The server ended before it served: see the log above.")


def create_worker_app() -> Litestar:
    """Return the application of one of several processes, which ends when the process that started it has ended.

    Killed without warning, the parent could not end its children: they would go on listening, and hold the database.
    """
    threading.Thread(target=_end_after_parent, name="wardship-parent", daemon=True).start()
    return create_app()


def _end_after_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        signal.raise_signal(signal.SIGTERM)


def _serve_in_processes(listener: socket.socket, workers: int) -> None:
    listener.set_inheritable(True)
    config = uvicorn.Config(
        _FACTORY,
        factory=True,
        workers=workers,
        lifespan="on",
        **SERVER_OPTIONS,
        timeout_worker_healthcheck=_WORKER_START_S,
    )
    Multiprocess(config, sockets=[listener]).run()
