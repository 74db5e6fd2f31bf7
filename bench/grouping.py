"""Part (i): the grouping of all accounts at a domain, beside bare SQL that does the same in one transaction."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from bench import ours
from bench.place import Place
from tools.prepare.steps import say
from wardship.core.actor import system_actor
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access, Services
from wardship.tenants.account_claims.grouping_job import advance

_ACCOUNTS: Final = """
    with made as (insert into account (id, created_at, display_name)
        select gen_random_uuid(), now() - interval '1 year', 'Person ' || n from generate_series(1, $1::integer) n
        returning id)
    insert into account_email (id, created_at, account_id, address, is_primary, verified_at)
    select gen_random_uuid(), now() - interval '1 year', id, id || '@' || $2::text, true, now() - interval '1 year'
    from made
"""
_HELD: Final = """
    with o as (insert into organisation (id, created_at, slug, name) values ($1, now(), $4, $4)),
    c as (insert into domain_claim (organisation_id, id, created_at, name, scope, state, state_since, token_issued_at,
        epoch) values ($1, $2, now(), $3, 'name', 'verified', now(), now(), 1)),
    d as (insert into domain (id, created_at, name, holder_id, claim_id, epoch, state)
        values (gen_random_uuid(), now(), $3, $1, $2, 1, 'held')),
    p as (insert into domain_policy (organisation_id, id, created_at, domain_id, enrolment, is_for_subtree, changed_at)
        values ($1, gen_random_uuid(), now(), $2, 'claim_existing', false, now()))
    insert into domain_grouping (organisation_id, id, created_at, domain_id, epoch, state, state_since, state_until,
        matching, members, former_members, claimed, unproven, elsewhere)
    values ($1, $5, now(), $2, 1, 'running', now(), 'infinity', 0, 0, 0, 0, 0, 0)
"""
# The same rows by two statements in one transaction: nothing is read again, told on the way, or kept for a kill.
_BARE_MATCH: Final = """
    insert into account_claim (organisation_id, id, created_at, account_id, account_hash, domain_id, epoch, state,
        state_since, decide_until, remind_at)
    select $1, gen_random_uuid(), now(), e.account_id, sha256(uuid_send($1) || uuid_send(e.account_id)), $2, 1,
        'notified', now(), now() + interval '14 days', now() + interval '7 days'
    from account_email e join account a on a.id = e.account_id and a.state = 'active' and a.closes_at is null
        left join member m on m.organisation_id = $1 and m.account_id = e.account_id
    where e.is_primary and e.verified_at is not null and split_part(e.address, '@', -1) = $3 and m.id is null
"""
_BARE_TELL: Final = """
    insert into account_notice (id, created_at, account_id, kind, organisation_id, target_kind, target_id, details,
        event, mail_at)
    select gen_random_uuid(), now(), c.account_id, 'account_claimed', $1, 'account_claim', c.id,
        '{"domain": "bare.example", "organisation": "bare", "until": "2026-12-13T12:00:00+00:00"}',
        sha256(uuid_send(c.id)), now()
    from account_claim c where c.organisation_id = $1
"""


class NotGroupedError(RuntimeError):
    """A grouping did not do what it should, so that its time means nothing."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """What a grouping took.

    Attributes:
        accounts: at the domain, all of which are asked.
        seconds: of the job, of each round; from the first batch to the last commit.
        bare: of bare SQL, likewise.
        megabytes: by which the most memory of the process grew over all rounds.
        temporary: megabytes that the database wrote to temporary files for the job.
    """

    accounts: int
    seconds: list[float]
    bare: list[float]
    megabytes: float
    temporary: float

    @property
    def ratio(self) -> float:
        """Return how many times as long as bare SQL the job takes, of the fastest rounds."""
        return min(self.seconds) / min(self.bare)


async def measure_grouping(place: Place, accounts: int, rounds: int) -> Grouped:
    """Measure on an empty deployment of its own: a domain for each round of each."""
    await ours.migrate(place)
    seconds, bare, temporary = [], [], 0.0
    async with place.superuser() as connection, ours.services_here(place, registry=ours.with_nothing()) as services:
        before = _most_memory()
        for number in range(rounds):
            taken, written = await _job(services, connection, f"job{number}.example", accounts)
            seconds.append(taken)
            temporary += written
            bare.append(await _bare(connection, f"bare{number}.example", accounts))
            say(f"  grouping {number + 1} of {rounds}: {seconds[-1]:.1f} s, bare {bare[-1]:.1f} s")
        grown = _most_memory() - before
    return Grouped(accounts, seconds, bare, grown, temporary)


def grouping_lines(grouped: Grouped) -> Iterator[str]:
    """Return the lines of the table."""
    yield f"(i) grouping of {grouped.accounts:,} accounts"
    yield (
        f"  {min(grouped.seconds):.1f} s, bare SQL {min(grouped.bare):.1f} s: {grouped.ratio:.2f} times"
        f" ({grouped.accounts / min(grouped.seconds):,.0f} accounts a second)"
    )
    yield f"  memory grew by {grouped.megabytes:.0f} MB, temporary files by {grouped.temporary:.0f} MB"


async def _job(services: Services, connection: Any, domain: str, accounts: int) -> tuple[float, float]:  # noqa: ANN401 - asyncpg has no types
    """Return the seconds of a grouping, and the megabytes of temporary files that the database wrote for it."""
    organisation_id, grouping_id = uuid7(), uuid7()
    await _prepare(connection, domain, accounts, (organisation_id, uuid7(), grouping_id))
    before, begun = await _temporary(connection), time.perf_counter()
    while await _batch(services, organisation_id, grouping_id):
        pass
    taken = time.perf_counter() - begun
    done = await connection.fetchrow("select state, notified from domain_grouping where id = $1", grouping_id)
    if tuple(done) != ("done", accounts):
        raise NotGroupedError(f"{done['notified']} of {accounts} were asked, and the grouping is {done['state']}.")
    return taken, await _temporary(connection) - before


async def _batch(services: Services, organisation_id: UUID, grouping_id: UUID) -> bool:
    async with services.database.tenant(organisation_id) as transaction:
        return await advance(Access(system_actor(organisation_id), transaction, services, "benchmark"), grouping_id)


async def _bare(connection: Any, domain: str, accounts: int) -> float:  # noqa: ANN401 - asyncpg has no types
    organisation_id, domain_id = uuid7(), uuid7()
    await _prepare(connection, domain, accounts, (organisation_id, domain_id, uuid7()))
    begun = time.perf_counter()
    async with connection.transaction():
        await connection.execute(_BARE_MATCH, organisation_id, domain_id, domain)
        await connection.execute(_BARE_TELL, organisation_id)
    taken = time.perf_counter() - begun
    made = await connection.fetchval("select count(*) from account_claim where organisation_id = $1", organisation_id)
    if made != accounts:
        raise NotGroupedError(f"{made} of {accounts} were asked by bare SQL.")
    return taken


async def _prepare(connection: Any, domain: str, accounts: int, ids: tuple[UUID, UUID, UUID]) -> None:  # noqa: ANN401 - asyncpg has no types
    organisation_id, domain_id, grouping_id = ids
    await connection.execute(_ACCOUNTS, accounts, domain)
    await connection.execute(_HELD, organisation_id, domain_id, domain, domain.partition(".")[0], grouping_id)
    await connection.execute("analyze")


def _most_memory() -> float:
    """Return the most memory, in megabytes, that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def _temporary(connection: Any) -> float:  # noqa: ANN401 - asyncpg has no types
    await connection.execute("select pg_stat_force_next_flush()")
    written: int = await connection.fetchval(
        "select temp_bytes from pg_stat_database where datname = current_database()"
    )
    return written / 1e6
