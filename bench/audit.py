"""Part (e): appends to the audit chain, and the check of an export against bare SHA-256 of the same bytes."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from bench.ours import services_here
from bench.place import Place
from wardship.core.actor import Actor, Role, system_actor
from wardship.core.audit.export import export_audit
from wardship.core.audit.log import AuditEvent, record
from wardship.core.audit.verify import verify_export
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Services

_WRITERS = 8
_CHECKS = 5


@dataclass(frozen=True, slots=True)
class Audit:
    """What the audit log can do.

    Attributes:
        single: entries per second by one writer, each in a transaction of its own, made durable.
        together: the same by eight writers on the chain of one organisation, which is one after the other.
        apart: the same by eight writers on a chain each.
        entries: how many were exported and verified.
        megabytes: the size of that export.
        exported: entries per second.
        verified: entries per second.
        bare_ratio: how many times as long as SHA-256 over the export's bytes the check takes.
    """

    single: float
    together: float
    apart: float
    entries: int
    megabytes: float
    exported: float
    verified: float
    bare_ratio: float


async def measure_audit(place: Place, *, appends: int, entries: int) -> Audit:
    """Measure on the small organisations' chains."""
    async with place.superuser() as connection:
        rows = await connection.fetch(
            "select id from organisation where kind = 'customer' and slug <> 'organisation-0'"
            " order by created_at desc limit $1",
            _WRITERS + 1,
        )
    *places, long = [row["id"] for row in rows]
    async with services_here(place) as services:
        await _append(services, places[0], 20)
        single = await _rate(services, [places[0]], appends)
        together = await _rate(services, [places[0]] * _WRITERS, appends)
        apart = await _rate(services, places[:_WRITERS], appends)
        await _fill(services, long, entries)
        begun = time.perf_counter()
        lines = b"".join([part async for part in export_audit(services.database, services.keys, services.clock, long)])
        exported = time.perf_counter() - begun
    verified, bare = _checks(lines, entries)
    return Audit(
        single, together, apart, entries, len(lines) / 1e6, entries / exported, entries / verified, verified / bare
    )


async def _rate(services: Services, organisations: Sequence[UUID], appends: int) -> float:
    each = max(1, appends // len(organisations))
    begun = time.perf_counter()
    await asyncio.gather(*(_append(services, organisation, each) for organisation in organisations))
    return each * len(organisations) / (time.perf_counter() - begun)


async def _append(services: Services, organisation_id: UUID, count: int) -> None:
    actor, event = _actor(organisation_id), _event()
    for _ in range(count):
        async with services.database.tenant(organisation_id) as transaction:
            await record(transaction, actor, event, at=services.clock.now(), request_id="benchmark")


async def _fill(services: Services, organisation_id: UUID, entries: int) -> None:
    async with services.database.tenant(organisation_id) as transaction:
        for _ in range(entries):
            await record(
                transaction, system_actor(organisation_id), _event(), at=services.clock.now(), request_id="benchmark"
            )


def _actor(organisation_id: UUID) -> Actor:
    return Actor(
        uuid7(), organisation_id, uuid7(), frozenset({Role.ORG_ADMIN}), system_actor(organisation_id).credential
    )


def _event() -> AuditEvent:
    return AuditEvent("member.profile_updated", "member", uuid7(), details={"fields": ["title"]})


def _checks(export: bytes, entries: int) -> tuple[float, float]:
    """Return the seconds that the check takes, and those of SHA-256 alone."""

    def check() -> None:
        if verify_export(export.splitlines(keepends=True)).entries != entries:
            raise RuntimeError("The export does not hold every entry.")

    def bare() -> None:
        hashlib.sha256(export).digest()

    return _median_of(check), _median_of(bare)


def _median_of(act: Callable[[], None]) -> float:
    taken = []
    for _ in range(_CHECKS):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return median(taken)
