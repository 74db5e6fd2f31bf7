"""Operates a deployment: what `wardship migrate`, `wardship worker` and `wardship doctor` do."""

from __future__ import annotations

import asyncio
import json
import signal
import sys

import click

from wardship.app.commands.bootstrap import bootstrap
from wardship.app.deployment import DatabasePlace, database_place, make_services, migrate_database, running
from wardship.app.doctor import Finding, examine
from wardship.app.worker import work_until
from wardship.tenants.access import Services


def migrate(*, as_json: bool) -> None:
    """Bring the database forward and print what ran."""
    settings = bootstrap()
    with database_place(settings) as place:
        ran = asyncio.run(migrate_database(place))
    if as_json:
        click.echo(json.dumps({"ran": ran}))
    else:
        click.echo("\n".join(f"ran {item}" for item in ran) or "Nothing to do: the database is up to date.")


def work() -> None:
    """Work on obligations, clocks and mail until ended."""
    settings = bootstrap()
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


def doctor(*, as_json: bool) -> None:
    """Print what was found, and exit with 1 when something is not sound."""
    findings = asyncio.run(examine(bootstrap()))
    if as_json:
        click.echo(json.dumps([_as_json(finding) for finding in findings]))
    else:
        for finding in findings:
            click.echo(f"{'ok  ' if finding.is_sound else 'FAIL'} {finding.subject}: {finding.message}")
    sys.exit(0 if all(finding.is_sound for finding in findings) else 1)


def _as_json(finding: Finding) -> dict[str, object]:
    return {"subject": finding.subject, "is_sound": finding.is_sound, "says": finding.message}
