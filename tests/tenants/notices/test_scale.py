"""Telling somebody costs the same in a large organisation: whoever is told is looked up, and nobody else is read."""

from __future__ import annotations

import pytest

from tests.builders import make_member, make_organisation, system_access
from tests.tenants.notices.conftest import ORDINARY
from wardship.tenants.notices import tell

pytestmark = pytest.mark.anyio

MANY = 20_000
MOST_PAGES = 100


async def _read(owner) -> int:
    """Return how many pages of members and their indexes were read so far, by whoever has ended since."""
    await owner.execute("select pg_stat_clear_snapshot()")
    return await owner.fetchval(
        "select coalesce(heap_blks_read + heap_blks_hit, 0) + coalesce(idx_blks_read + idx_blks_hit, 0)"
        " from pg_statio_user_tables where relname = 'member'"
    )


async def test_telling_one_member_reads_few_pages_of_many_members(database, services, owner):
    firm = await make_organisation(database, name="Firm")
    ann = await make_member(database, firm, name="Ann")
    await owner.execute(
        "insert into member (organisation_id, id, created_at, display_name, first_name, pseudonym, joined_at)"
        " select $1, time_ordered_id(), now(), 'Member ' || n, 'Member', 'Random ' || n, now()"
        " from generate_series(1, $2) n",
        firm.id,
        MANY,
    )
    await owner.execute("analyze member")
    async with system_access(services, firm) as access:
        await access.transaction.execute("select pg_stat_force_next_flush()")
    before = await _read(owner)

    async with system_access(services, firm) as access:
        await tell(access, ORDINARY, [ann.member_id], what="a thing")
        await access.transaction.execute("select pg_stat_force_next_flush()")

    assert await owner.fetchval("select count(*) from notice where member_id = $1", ann.member_id) == 1
    assert 0 < await _read(owner) - before < MOST_PAGES
