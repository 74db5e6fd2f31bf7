"""Claiming stays cheap however much waits: it reads what it takes, and not the table."""

from __future__ import annotations

from wardship.core.database.scope import Scope
from wardship.tenants.obligations.leases import ClaimLimits, claim

MANY = 20_000


async def test_a_claim_reads_a_few_pages_of_a_long_queue(connections, services, acme, owner):
    await connections.install()
    await owner.execute(
        "insert into member (organisation_id, id, created_at, display_name, first_name, pseudonym, joined_at)"
        " select $1, time_ordered_id(), now(), 'Member ' || n, 'Member', 'Random ' || n, now()"
        " from generate_series(1, $2) n",
        acme.id,
        MANY,
    )
    await connections.worker().run_once()
    assert await owner.fetchval("select count(*) from obligation where verb = 'share'") == MANY + 1
    await owner.execute("analyze obligation")

    async with services.database.transaction(Scope()) as transaction:
        plan = await transaction.fetch(
            "explain (analyze, buffers) select * from claim_obligations('w', $1, interval '60 s', 4, null, '{}')",
            services.clock.now(),
        )
    text = "\n".join(row[0] for row in plan)
    pages = int(text.split("shared hit=")[1].split()[0])
    assert pages < 1000, text
    batch = await claim(services, "w", ClaimLimits(), after=None, busy=[])
    assert len(batch.attempts) == 4
