"""What is looked at to tell whether a deployment is sound."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from wardship.app.deployment import MIGRATIONS, DatabasePlace, connected, database_place, explained, make_services
from wardship.app.first_run import FIRST_COMMAND
from wardship.core.database.engine import Transaction
from wardship.core.database.locale import locale_fault
from wardship.core.database.pending import pending_migrations
from wardship.core.database.pooler import pooler_fault
from wardship.core.database.scope import Scope
from wardship.core.database.soundness import unsound
from wardship.core.keys import UnreadableSecretError
from wardship.core.mail import mail_fault
from wardship.core.settings import Settings, SettingsError
from wardship.plugins.host.registry import LoadState
from wardship.tenants.access import Services
from wardship.tenants.domains.proof import can_agree
from wardship.tenants.domains.resolvers import configured_resolvers
from wardship.tenants.organisations.beginning import how_far_begun

_LARGEST_DRIFT: Final = timedelta(seconds=5)
_LONGEST_OVERDUE: Final = timedelta(minutes=5)
_OLDEST_POSTGRESQL: Final = 150000
_APPOINT: Final = "wardship staff add EMAIL"
_TEAM: Final = (
    "select (select count(*) from staff s join account a on a.id = s.account_id and a.state = 'active'"
    " where s.role = 'privacy_team') as people,"
    " (select count(*) from appointment where staff_role = 'privacy_team') as awaited,"
    " exists (select from account where state = 'active') as is_asked"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One check.

    Attributes:
        subject: what was looked at.
        is_sound: whether it is as it must be.
        message: what was found, and what to do where it is not sound.
    """

    subject: str
    is_sound: bool
    message: str


async def examine(settings: Settings) -> list[Finding]:
    """Return a finding for each check, sound or not.

    Raises:
        DatabaseRefusedError: the database can't be reached at all.
    """
    with database_place(settings) as place:
        services = make_services(settings, place)
        found = [await _pooler(place)]
        if found[0].is_sound:  # else whatever is asked may be answered by chance
            async with (
                connected(services, place),
                services.database.transaction(Scope(directory=True, read_only=True)) as transaction,
            ):
                found += [finding async for finding in _database(transaction, services)]
    return [*found, *_around(services), await _mail(settings)]


async def _pooler(place: DatabasePlace) -> Finding:
    if place.is_embedded:
        return Finding("pooler", is_sound=True, message="none before the embedded database")
    with explained("WARDSHIP_DATABASE_URL"):
        fault = await pooler_fault(place.serve)
    return Finding("pooler", fault is None, fault or "none, or one that keeps sessions together")


async def _database(transaction: Transaction, services: Services) -> AsyncIterator[Finding]:
    version = await transaction.fetchval("select current_setting('server_version_num')::int")
    yield Finding("PostgreSQL", version >= _OLDEST_POSTGRESQL, f"version {version // 10000}; 15 or later is needed")
    fault = await locale_fault(transaction)
    yield Finding("letters", fault is None, fault or "encoding and locale know every script")
    drift = abs(await transaction.fetchval("select clock_timestamp()") - services.clock.now())
    told = f"database and process differ by {drift.total_seconds():.3f} s"
    yield Finding("clocks", drift <= _LARGEST_DRIFT, told if drift <= _LARGEST_DRIFT else f"{told}: set both by NTP")
    pending = await pending_migrations(transaction, MIGRATIONS)
    told = f"{len(pending)} to run: `wardship migrate`" if pending else "all have run"
    yield Finding("migrations", not pending, told)
    if pending:
        return
    faults = await unsound(transaction)
    told = f"{'; '.join(faults)}: see docs/deployment.md for the roles" if faults else "the database isolates tenants"
    yield Finding("tenant isolation", not faults, told)
    yield await _organisations(transaction)
    yield await _privacy_team(transaction)
    async for finding in _queues(transaction, services):
        yield finding


async def _organisations(transaction: Transaction) -> Finding:
    """Say what comes first on a deployment that has not begun, which is no fault of it."""
    beginning = await how_far_begun(transaction)
    told = "there is one" if beginning.has_organisation else f"none yet: `{FIRST_COMMAND}` makes the first"
    if beginning.awaits_owner and not beginning.has_organisation:
        told = "one waits for its owner: the command that made it writes again"
    return Finding("organisations", is_sound=True, message=told)


async def _privacy_team(transaction: Transaction) -> Finding:
    """Look whether anybody decides what organisations don't; not before there is anybody who could ask."""
    row = await transaction.fetchrow(_TEAM)
    people, awaited, is_asked = row.values() if row else (0, 0, False)
    if people:
        alone = f"one person, whose own requests nobody decides: `{_APPOINT}`"
        return Finding("privacy team", is_sound=True, message=alone if people == 1 else f"{people} people")
    if not is_asked:
        return Finding("privacy team", is_sound=True, message="nobody needs it yet")
    remedy = f"`{_APPOINT}` {'writes again to who was appointed' if awaited else 'appoints somebody'}"
    return Finding("privacy team", is_sound=False, message=f"nobody decides what organisations do not: {remedy}")


async def _queues(transaction: Transaction, services: Services) -> AsyncIterator[Finding]:
    before = services.clock.now() - _LONGEST_OVERDUE
    waiting = await transaction.fetchval("select count(*) from outgoing_mail where next_at < $1", before)
    told = f"{waiting} overdue: is a worker running, and WARDSHIP_SMTP_URL right?" if waiting else "none overdue"
    yield Finding("mail queue", waiting == 0, told)
    late = await transaction.fetchval("select overdue_obligations($1)", before)
    yield Finding("obligations", late == 0, f"{late} overdue: is a worker running?" if late else "none overdue")


def _around(services: Services) -> Iterator[Finding]:
    settings = services.settings
    yield _keys(services)
    unloaded = [item for item in services.integrations.all() if item.state is not LoadState.LOADED]
    broken = [f"{item.key} ({item.reason})" for item in unloaded]
    told = f"not loaded: {'; '.join(broken)}: mend or uninstall the package" if broken else "all loaded"
    yield Finding("integrations", not broken, told)
    is_exposed = settings.development and not settings.uses_embedded_database
    exposed = "on, and integrations may reach your own network: unset WARDSHIP_DEVELOPMENT"
    told = exposed if is_exposed else "on" if settings.development else "off"
    yield Finding("development mode", not is_exposed, told)
    yield _resolvers(settings)


def _resolvers(settings: Settings) -> Finding:
    """Say whether a domain could be proven; a deployment that names no resolvers may need none."""
    if can_agree(configured_resolvers(settings.dns_servers)):
        return Finding("resolvers", is_sound=True, message="two can agree on the proof of a domain, or one signs it")
    told = "too few to prove a domain: name two, or one that checks signatures, in WARDSHIP_DNS_SERVERS"
    return Finding("resolvers", not settings.dns_servers, told)


def _keys(services: Services) -> Finding:
    try:
        sealed = services.keys.encrypt("doctor", b"sound")
        is_sound = services.keys.decrypt("doctor", sealed) == b"sound"
    except (SettingsError, UnreadableSecretError) as error:
        return Finding("keys", is_sound=False, message=error.message)
    return Finding("keys", is_sound, "encrypt and decrypt")


async def _mail(settings: Settings) -> Finding:
    if settings.smtp_url is None:
        told = f"written to {settings.data_dir / 'mail'}"
        is_local = settings.uses_embedded_database
        return Finding("mail", is_local, told if is_local else f"{told}, and reaches nobody: set WARDSHIP_SMTP_URL")
    fault = await mail_fault(settings.smtp_url.get_secret_value())
    told = f"{fault}: look at WARDSHIP_SMTP_URL and at the mail server" if fault else "the mail server answers"
    return Finding("mail", fault is None, told)
