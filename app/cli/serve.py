"""`wardship serve` and `wardship worker`: the long-running processes."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from contextlib import ExitStack, closing

import rich_click as click
import uvicorn

from wardship.app.application import application
from wardship.app.demo.sign_in_links import prepare_demonstration
from wardship.app.deployment import DatabasePlace, database_place, make_services, running
from wardship.app.working import make_worker
from wardship.core.errors import WardshipError
from wardship.core.log import configure_logging
from wardship.core.settings import load_settings
from wardship.tenants.services import Services

_FACTORY = "wardship.app.application:create_app"


class PortInUseError(WardshipError):
    """Another process listens there."""

    code = "PORT_IN_USE"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Number of processes.")
@click.option(
    "--demo", "with_demo", is_flag=True, help="Load the demonstration organisations once; print sign-in links."
)
def serve(host: str, port: int, workers: int, *, with_demo: bool) -> None:
    """Serve the API and the console, and work on what is owed.

    With several processes each one also works on obligations: they share the queue safely.
    """
    _require_free(host, port)
    os.environ.setdefault("WARDSHIP_PUBLIC_URL", f"http://localhost:{port}")
    if with_demo:
        os.environ.setdefault("WARDSHIP_DEVELOPMENT", "true")
    settings = load_settings()
    configure_logging(settings)
    with ExitStack() as stack:
        place = stack.enter_context(database_place(settings))
        services = make_services(settings, place)
        if with_demo:
            _say_links(asyncio.run(_prepare(services, place)))
        click.echo(f"Wardship serves {settings.public_url}, with the console at {settings.public_url}/console.")
        click.echo("Ctrl-C ends it.")
        if workers > 1:
            uvicorn.run(
                _FACTORY, factory=True, host=host, port=port, workers=workers, log_config=None, access_log=False
            )
        else:
            uvicorn.run(application(services, place), host=host, port=port, log_config=None, access_log=False)


async def _prepare(services: Services, place: DatabasePlace) -> list[tuple[str, str]]:
    async with running(services, place):
        return await prepare_demonstration(services)


def _say_links(links: list[tuple[str, str]]) -> None:
    click.echo("One-time sign-in links (open one, press the button):")
    for role, link in links:
        click.echo(f"  {role:<16} {link}")


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUseError(f"Can't listen on {host}:{port} ({error.strerror}): choose another --port.") from None


@click.command()
def worker() -> None:
    """Work on obligations, clocks and mail until ended; run as many as you like beside `serve`."""
    settings = load_settings()
    configure_logging(settings)
    with database_place(settings) as place:
        asyncio.run(_work(make_services(settings, place), place))


async def _work(services: Services, place: DatabasePlace) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopping.set)
    async with running(services, place):
        await make_worker(services).run(stopping)
