"""`wardship worker`: what is owed, without serving."""

from __future__ import annotations

import asyncio
import signal

import rich_click as click

from wardship.app.cli.bootstrap import begin
from wardship.app.deployment import DatabasePlace, database_place, make_services, running
from wardship.app.worker import work_until
from wardship.tenants.access import Services


@click.command()
def worker() -> None:
    """Work on obligations, clocks and mail until ended; run as many as you like beside `serve`."""
    settings = begin()
    with database_place(settings) as place:
        asyncio.run(_work(make_services(settings, place), place))


async def _work(services: Services, place: DatabasePlace) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopping.set)
    async with running(services, place):
        click.echo("Wardship works on what is owed. Ctrl-C ends it.")
        await work_until(stopping, services)
