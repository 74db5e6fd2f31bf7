"""Part (c): obligations through a real worker, and the dispatch of a call against the bare call."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, cast
from uuid import UUID

from bench import nothing
from bench.measuring import read_times, used_between
from bench.ours import APPLICATION_NAME, services_here
from bench.place import Place
from wardship.app.nouns import domain_nouns
from wardship.core.actor import system_actor
from wardship.core.clock import SystemClock
from wardship.core.identifiers import uuid7
from wardship.plugins.api import ConnectorContext, Verb
from wardship.plugins.host.call import Installed
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.registry import Registry
from wardship.tenants.access import Access, Services
from wardship.tenants.declarations import declaration_digest
from wardship.tenants.exports.vendor_exports import expire_exports
from wardship.tenants.installations.records import find_installations
from wardship.tenants.obligations.enqueue import share_with_audience
from wardship.tenants.obligations.reconcile import reconcile_due
from wardship.tenants.obligations.reminders import remind
from wardship.tenants.obligations.worker import Worker

_LATE_S = 180.0


class LostObligationError(RuntimeError):
    """Not every obligation was completed exactly once."""


@dataclass(frozen=True, slots=True)
class Obligations:
    """What the worker did: each obligation passed the gate, was entered in the ledger, called and settled.

    Attributes:
        cost_ms: processor time of the worker and its database processes for each obligation.
    """

    count: int
    seconds: float
    cost_ms: float

    @property
    def rate(self) -> float:
        """Return obligations per second."""
        return self.count / self.seconds


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Microseconds of one call, the median of several rounds."""

    dispatched_us: float
    bare_us: float


async def measure_obligations(place: Place, *, organisations: int) -> Obligations:
    """Let one worker serve one obligation for each member of some of the small organisations."""
    registry = Registry.load()
    registry.register(nothing, nothing.KEY)
    nothing.Nothing.shared = 0
    async with place.superuser() as connection, services_here(place, registry=registry) as services:
        installations = await _install(connection, organisations + 1)
        async with _working(services):
            # One organisation first: the worker has looked after all installations once that is done.
            await _owe(services, installations[:1])
            await _until_done(connection)
            before = await read_times(connection, os.getpid(), APPLICATION_NAME)
            begun, already = time.perf_counter(), nothing.Nothing.shared
            owed = await _owe(services, installations[1:])
            await _until_done(connection)
            seconds = time.perf_counter() - begun
            used = used_between(before, await read_times(connection, os.getpid(), APPLICATION_NAME))
        await _require_exactly_once(connection, owed + already)
    return Obligations(owed, seconds, sum(used) * 1000 / owed)


@asynccontextmanager
async def _working(services: Services) -> AsyncIterator[None]:
    stop = asyncio.Event()
    # Mail, sign-in and requests have sweeps too; what obligations cost is measured without them.
    duties = replace(domain_nouns().duties, sweeps=(remind, reconcile_due, expire_exports))
    task = asyncio.create_task(Worker(services, duties=duties).run(stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def _install(connection: Any, organisations: int) -> list[tuple[UUID, UUID]]:  # noqa: ANN401 - asyncpg has no types
    rows = await connection.fetch(
        "select id from organisation where kind = 'customer' and slug <> 'organisation-0' order by created_at limit $1",
        organisations,
    )
    made = [(row["id"], uuid7()) for row in rows]
    await connection.executemany(
        "with made as (insert into installation (organisation_id, id, created_at, integration_key,"
        " integration_version, manifest, plan, declaration_digest, audience, state, place_id)"
        " values ($1, $2, now(), $3, '1', $4, $5, $6, 'organisation', 'active', $2))"
        " insert into installation_place (organisation_id, id, created_at, installation_id)"
        " values ($1, $2, now(), $2)",
        [
            (
                organisation,
                installation,
                nothing.KEY,
                nothing.MANIFEST.model_dump_json(),
                nothing.PLAN.model_dump_json(),
                declaration_digest(nothing.MANIFEST, nothing.PLAN),
            )
            for organisation, installation in made
        ],
    )
    await connection.executemany(
        "insert into integration_grant (organisation_id, id, created_at, installation_id, category, purpose)"
        " values ($1, gen_random_uuid(), now(), $2, 'user.name', 'functional.service')",
        made,
    )
    return made


async def _owe(services: Services, installations: list[tuple[UUID, UUID]]) -> int:
    owed = 0
    for organisation_id, installation_id in installations:
        async with services.database.tenant(organisation_id) as transaction:
            access = Access(system_actor(organisation_id), transaction, services, "benchmark")
            found = await find_installations(access, [installation_id])
            owed += await share_with_audience(access, found[installation_id])
    return owed


async def _until_done(connection: Any) -> None:  # noqa: ANN401 - asyncpg has no types
    async with asyncio.timeout(_LATE_S):
        while await connection.fetchval(  # noqa: ASYNC110 - the end shows in the table alone
            "select exists (select from obligation where ended_at is null)"
        ):
            await asyncio.sleep(0.02)


async def _require_exactly_once(connection: Any, expected: int) -> None:  # noqa: ANN401 - asyncpg has no types
    completed = await connection.fetchval("select count(*) from obligation where state = 'completed'")
    delivered = await connection.fetchval("select count(*) from disclosure where state = 'delivered'")
    called = nothing.Nothing.shared
    if not completed == delivered == called == expected:
        raise LostObligationError(
            f"{expected} owed, {completed} completed, {delivered} in the ledger, {called} called."
        )


async def measure_dispatch(*, calls: int, rounds: int) -> Dispatch:
    """Time calls through the dispatcher, one after the other, and the same coroutine awaited in a bare loop."""
    registry = Registry()
    registry.register(nothing, nothing.KEY)
    dispatcher = Dispatcher(registry, SystemClock())
    connector = nothing.Nothing(cast("ConnectorContext[Any]", None))
    try:
        dispatched, bare = [], []
        for number in range(rounds):
            # An installation of its own for each round: its rate limit allows so many calls a minute and no more.
            installed = Installed(id=f"installation-{number}", integration=nothing.KEY)
            dispatched.append(await _timed(calls, lambda: _dispatched(dispatcher, installed)))  # noqa: B023 - awaited here
            bare.append(await _timed(calls, lambda: connector.share(nothing.SHARE)))
    finally:
        dispatcher.close()
    return Dispatch(median(dispatched), median(bare))


async def _dispatched(dispatcher: Dispatcher, installed: Installed) -> None:
    reply = await dispatcher.call(installed, Verb.SHARE, nothing.SHARE, obligation_id="benchmark")
    if reply.fault is not None:
        raise LostObligationError(f"A dispatched call failed: {reply.fault}, {reply.outcome.detail}")


async def _timed(calls: int, call: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    for _ in range(calls):
        await call()
    return (time.perf_counter() - begun) * 1_000_000 / calls
