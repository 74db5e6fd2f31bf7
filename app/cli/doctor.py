"""`wardship doctor`: is this deployment sound?"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import timedelta

import rich_click as click

from wardship.app.deployment import database_place, make_services
from wardship.app.migrations import MIGRATIONS
from wardship.core.database.engine import Transaction
from wardship.core.database.migrations import pending_migrations
from wardship.core.database.scope import Scope
from wardship.core.database.soundness import unsound
from wardship.core.settings import load_settings
from wardship.plugins.host import LoadState
from wardship.tenants.services import Services

_LARGEST_DRIFT = timedelta(seconds=5)
_LONGEST_OVERDUE = timedelta(minutes=5)
_OLDEST_POSTGRESQL = 150000


@dataclass(frozen=True, slots=True)
class Finding:
    """One check.

    Attributes:
        subject: what was looked at.
        is_sound: whether it is as it must be.
        says: what was found, and what to do where it is not sound.
    """

    subject: str
    is_sound: bool
    says: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(*, as_json: bool) -> None:
    """Check this deployment: database role, policies, clocks, keys, mail, queue, integrations.

    Exit status 1 when something is not sound.
    """
    findings = asyncio.run(_examine())
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            click.secho(f"{'ok  ' if finding.is_sound else 'FAIL'} {finding.subject}: {finding.says}")
    sys.exit(0 if all(finding.is_sound for finding in findings) else 1)


async def _examine() -> list[Finding]:
    settings = load_settings()
    with database_place(settings) as place:
        services = make_services(settings, place)
        await services.database.open()
        try:
            async with services.database.transaction(Scope(directory=True, read_only=True)) as transaction:
                found = [finding async for finding in _database(transaction, services)]
        finally:
            await services.database.close()
    return [*found, *_around(services)]


async def _database(transaction: Transaction, services: Services) -> AsyncIterator[Finding]:
    version = await transaction.fetchval("select current_setting('server_version_num')::int")
    yield Finding("PostgreSQL", version >= _OLDEST_POSTGRESQL, f"version {version // 10000}; 15 or later is needed")
    pending = await pending_migrations(transaction, MIGRATIONS)
    yield Finding(
        "migrations", not pending, f"{len(pending)} to run: `wardship migrate`" if pending else "all have run"
    )
    if pending:
        return
    faults = await unsound(transaction)
    yield Finding("tenant isolation", not faults, "; ".join(faults) or "every table is isolated by the database")
    drift = abs(await transaction.fetchval("select clock_timestamp()") - services.clock.now())
    yield Finding("clocks", drift <= _LARGEST_DRIFT, f"database and process differ by {drift.total_seconds():.3f} s")
    waiting = await transaction.fetchval(
        "select count(*) from outgoing_mail where next_at < $1", services.clock.now() - _LONGEST_OVERDUE
    )
    yield Finding(
        "mail queue", waiting == 0, f"{waiting} overdue: look at the worker and SMTP_URL" if waiting else "empty"
    )
    late = await transaction.fetchval("select overdue_obligations($1)", services.clock.now() - _LONGEST_OVERDUE)
    yield Finding("obligations", late == 0, f"{late} overdue: is a worker running?" if late else "none overdue")


def _around(services: Services) -> list[Finding]:
    settings = services.settings
    broken = [item.key for item in services.integrations.all() if item.state is not LoadState.LOADED]
    sealed = services.keys.encrypt("doctor", b"sound")
    is_local = settings.uses_embedded_database
    mail = "over SMTP" if settings.smtp_url else f"written to {settings.data_dir / 'mail'}"
    return [
        Finding("keys", services.keys.decrypt("doctor", sealed) == b"sound", "encrypt and decrypt"),
        Finding("mail", settings.smtp_url is not None or is_local, mail),
        Finding("integrations", not broken, f"not loaded: {', '.join(broken)}" if broken else "all loaded"),
        Finding("development mode", is_local or not settings.development, "on" if settings.development else "off"),
    ]
