"""What vendors cost: deliveries beside the bare requests, pages that they fetch beside the SELECT, memory of many.

`python -m bench vendors` runs it, on a durable database.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import ssl
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any, Final
from uuid import UUID

import httpx

from bench import nothing, ours, steps, vendor
from bench.data import Caller
from bench.leaving import add_members, services_with_vendor
from bench.obligations import Dispatch, measure_dispatch
from bench.place import BUILD, Place, make_place, scratch_folder
from bench.processor import resident_megabytes
from bench.vendor import Vendor, running_vendor
from bench.writing import people
from tools.prepare.steps import say
from wardship.core.actor import Role
from wardship.core.database.scope import Scope
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Services
from wardship.tenants.installations.records import find_installations
from wardship.tenants.obligations.enqueue import share_with_audience
from wardship.tenants.obligations.worker import Worker
from wardship.tenants.vendor_access.fetching import fetch_members
from wardship.tenants.vendor_access.records import KnownToken

_TOGETHER: Final = 4
"""Requests at once in the bare loop: as many as are called together at a place."""
_PAGE: Final = 100
_FASTER: Final = 20
_LIVING: Final = (
    "select $1::uuid as organisation_id, $2::uuid as id, 'access' as kind, $3::uuid as family_id,"
    " $4::uuid as grant_id, $5::uuid as client_id, $6::uuid as installation_id, $7::timestamptz as created_at,"
    " $7::timestamptz as expires_at, null::timestamptz as used_at, true as opens"
)
_SELECT: Final = (
    "select m.id, m.first_name, m.last_name from member m where m.organisation_id = $1 and m.id > $2"
    " and m.state = 'active' order by m.id limit $3"
)


class WrongAmountError(RuntimeError):
    """Not everything was delivered or fetched, so that the time means nothing."""


class HurriedClock:
    """A clock that runs twenty times as fast: a vendor takes at most 6,000 requests a minute, and more are measured."""

    def __init__(self) -> None:
        self._begun, self._start = time.monotonic(), datetime.now(UTC).timestamp()

    def now(self) -> datetime:
        """Return the present moment."""
        return datetime.fromtimestamp(self._start + (time.monotonic() - self._begun) * _FASTER, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendors:
    """What was measured.

    Attributes:
        delivered: obligations a second, from the lease to the settlement, over HTTP.
        bare: the same requests a second in a bare loop, as many together, each on a connection of its own.
        fetched_ms: for a page of a hundred records, gate and ledger among it; median.
        selected_ms: for the rows of such a page by one SELECT; median.
        dispatch: a call through the host, and the same coroutine awaited.
        few_mb: what the worker's process holds after a hundred obligations; ``many_mb`` after ``many``.
    """

    delivered: float
    bare: float
    fetched_ms: float
    selected_ms: float
    dispatch: Dispatch
    few_mb: float
    many_mb: float
    many: int

    @property
    def ratios(self) -> dict[str, float]:
        """Return each figure beside what it is compared to."""
        return {
            "bare requests for each delivery": self.bare / self.delivered,
            "fetched page to SELECT": self.fetched_ms / self.selected_ms,
            "dispatched call to bare call": self.dispatch.dispatched_us / self.dispatch.bare_us,
            "memory of many to few": self.many_mb / self.few_mb,
        }


async def measure_vendors(place: Place, *, members: int, pages: int, many: int) -> Vendors:
    """Measure all of it in one deployment.

    Args:
        place: migrated and empty.
        members: whose record is delivered and fetched.
        pages: fetched.
        many: obligations by whose end the memory is looked at again.
    """
    few_mb, many_mb = await _memory(place, many)
    dispatch = await measure_dispatch(calls=max(50, members), rounds=3)
    with running_vendor(place.folder) as serving:
        async with services_with_vendor(place, HurriedClock()) as services, place.superuser() as connection:
            admin = await _organisation(services, connection, "vendors", members)
            delivered = await _delivered(services, connection, admin, serving, members)
            bare = await _bare(serving, members)
            fetched_ms, selected_ms = await _pages(services, connection, admin, pages)
    return Vendors(
        delivered=delivered,
        bare=bare,
        fetched_ms=fetched_ms,
        selected_ms=selected_ms,
        dispatch=dispatch,
        few_mb=few_mb,
        many_mb=many_mb,
        many=many,
    )


async def _organisation(services: Services, connection: Any, slug: str, members: int) -> Caller:  # noqa: ANN401 - asyncpg has no types
    organisation_id = uuid7()
    owner, chief = people(2, first=2_000_000 + members)
    async with steps.acting_system(services, organisation_id) as access:
        await steps.found(access, slug, owner)
        admin = await steps.join(access, chief, Role.ORG_ADMIN)
    await add_members(connection, organisation_id, services.clock.now(), members - 2)
    return admin


async def _delivered(
    services: Services,
    connection: Any,  # noqa: ANN401 - asyncpg has no types
    admin: Caller,
    serving: Vendor,
    members: int,
) -> float:
    await steps.install_for_all(services, admin, vendor.KEY, serving.settings)
    worker = Worker(services)
    await worker.run_once()  # its check, after which everybody is owed
    await connection.execute("analyze obligation; analyze member")
    begun = time.perf_counter()
    while await worker.run_once():
        pass
    seconds = time.perf_counter() - begun
    held = serving.counts()["subjects"]
    if held != members:
        raise WrongAmountError(f"{held} of {members} were delivered.")
    return members / seconds


async def _bare(serving: Vendor, members: int) -> float:
    """Send the same requests, each by a client of its own, as the host does for each call."""
    settings = serving.settings
    headers, content = {"authorization": f"Bearer {settings['token']}"}, {"first_name": "Ada", "last_name": "Lovelace"}
    left, trusted = iter(range(members)), ssl.create_default_context()  # read once, as the host does: it takes long

    async def send() -> None:
        for number in left:
            async with httpx.AsyncClient(trust_env=False, timeout=30, verify=trusted) as client:
                url = f"{settings['server_url']}/v1/subjects/bare-{number:08}"
                (await client.put(url, headers=headers, json=content)).raise_for_status()

    begun = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(_TOGETHER)))
    return members / (time.perf_counter() - begun)


async def _pages(services: Services, connection: Any, admin: Caller, pages: int) -> tuple[float, float]:  # noqa: ANN401 - asyncpg has no types
    token = await _token(services, connection, admin)
    fetched, selected = [], []
    cursor, after = None, UUID(int=0)
    for _ in range(pages):
        begun = time.perf_counter()
        page = await fetch_members(services, token, first=_PAGE, after=cursor, request_id="bench")
        fetched.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        async with services.database.tenant(admin.organisation_id, read_only=True) as transaction:
            rows = await transaction.fetch(_SELECT, admin.organisation_id, after, _PAGE)
        selected.append(time.perf_counter() - begun)
        if len(rows) != len(page.records):
            raise WrongAmountError(f"{len(page.records)} records were fetched, and {len(rows)} rows selected.")
        cursor, after = page.next_cursor, rows[-1]["id"] if page.next_cursor else UUID(int=0)
    return median(fetched) * 1000, median(selected) * 1000


async def _token(services: Services, connection: Any, admin: Caller) -> KnownToken:  # noqa: ANN401 - asyncpg has no types
    """Let somebody into the installation, and return a living token."""
    installation_id = await connection.fetchval(
        "select id from installation where organisation_id = $1", admin.organisation_id
    )
    grant_id, family_id, now = uuid7(), uuid7(), services.clock.now()
    consented = json.dumps([["user.name", "analytics", ["first_name", "last_name"]]])
    await connection.execute(
        "insert into vendor_grant (organisation_id, id, created_at, client_id, client_name, installation_id, consented)"
        " values ($1, $2, $3, $2, 'Bench', $4, $5)",
        admin.organisation_id,
        grant_id,
        now,
        installation_id,
        consented,
    )
    await connection.execute(
        "insert into vendor_token_family (organisation_id, id, created_at, grant_id) values ($1, $2, $3, $4)",
        admin.organisation_id,
        family_id,
        now,
        grant_id,
    )
    async with services.database.transaction(Scope(read_only=True)) as transaction:
        found = await transaction.fetchrow_as(
            KnownToken, _LIVING, admin.organisation_id, uuid7(), family_id, grant_id, grant_id, installation_id, now
        )
    if found is None:
        raise WrongAmountError("There is no token.")
    return found


async def _memory(place: Place, many: int) -> tuple[float, float]:
    """Return what this process holds after a hundred obligations, and after many, that reach nobody."""
    async with services_with_vendor(place, HurriedClock()) as services, place.superuser() as connection:
        admin = await _organisation(services, connection, "memory", _PAGE)
        installation_id = await steps.install_for_all(services, admin, nothing.KEY, {"number": 1})
        few_mb = await _held_after(services, connection, installation_id, _PAGE)
        await add_members(connection, admin.organisation_id, services.clock.now(), many - _PAGE)
        async with steps.acting_system(services, admin.organisation_id) as access:
            found = await find_installations(access, [installation_id])
            await share_with_audience(access, found[installation_id])
        return few_mb, await _held_after(services, connection, installation_id, many)


async def _held_after(services: Services, connection: Any, installation_id: UUID, wanted: int) -> float:  # noqa: ANN401 - asyncpg has no types
    sql = "select count(distinct member_id) from obligation where installation_id = $1 and state = 'completed'"
    worker = Worker(services)
    # What waits for the vendor's pace is due when its minute is over.
    while await connection.fetchval(sql, installation_id) < wanted:
        if not await worker.run_once():
            await asyncio.sleep(0.2)
    return resident_megabytes(os.getpid())


def main(arguments: list[str]) -> int:
    """Measure, print, and write build/bench/vendors.json."""
    parser = argparse.ArgumentParser(prog="python -m bench vendors", description="Measure what vendors cost.")
    parser.add_argument("--quick", action="store_true", help="see that everything runs; the figures mean nothing")
    options = parser.parse_args(arguments)
    found = asyncio.run(_measure(is_quick=options.quick))
    BUILD.mkdir(parents=True, exist_ok=True)
    (BUILD / "vendors.json").write_text(json.dumps(asdict(found) | {"ratios": found.ratios}, indent=2) + "\n")
    print(found)
    print(json.dumps({name: round(value, 2) for name, value in found.ratios.items()}, indent=2))
    return 0


async def _measure(*, is_quick: bool) -> Vendors:
    members, pages, many = (200, 5, 300) if is_quick else (1_000, 50, 20_000)
    with scratch_folder() as folder, make_place(folder) as place:
        await ours.migrate(place)
        say(f"delivering {members} records, and doing {many} obligations that reach nobody …")
        return await measure_vendors(place, members=members, pages=pages, many=many)
