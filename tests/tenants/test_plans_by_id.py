"""What is looked up by id costs as much in a large tenant as in a small one, however uneven the tenants are."""

from __future__ import annotations

import pytest

from tests.builders import NOW, access_for, make_member, make_organisation
from wardship.core.actor import Role
from wardship.tenants.egress.gate import read_facts
from wardship.tenants.egress.locks import lock_members, share_members
from wardship.tenants.members.read import members_by_ids
from wardship.tenants.members.visibility import visible_members

pytestmark = pytest.mark.anyio

LARGE, SMALL, ORGANISATIONS = 10_000, 20, 100
PAGES_EACH = 8
"""Pages of one look-up: the index from its root to a leaf, and the table; with room for policies."""

GROW = """
    with organisations as (
        insert into organisation (id, created_at, slug, name)
        select gen_random_uuid(), $2, 'small-' || n, 'Small' from generate_series(1, $5::int) n returning id
    ), sizes as (select id, $4::int as members from organisations union all select $1::uuid, $3::int)
    insert into member (organisation_id, id, created_at, display_name, email, pseudonym)
    select s.id, gen_random_uuid(), $2 - n * interval '1 second', 'Member ' || n, n || '@example.org',
        'Pseudonym of ' || n from sizes s cross join lateral generate_series(1, s.members) n
"""
# Pages of all tables and indexes that this transaction has asked for.
PAGES = """
    select sum(pg_stat_get_xact_blocks_fetched(c.oid))::bigint as pages from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'i')
"""

LOOK_UPS = {
    "read": lambda access, ids: members_by_ids(visible_members(access), ids, {"display_name", "email"}),
    "read a name": lambda access, ids: members_by_ids(visible_members(access), ids, {"display_name"}),
    "lock": lock_members,
    "share": share_members,
    "facts": lambda access, ids: read_facts(access, [], ids),
}


@pytest.fixture
async def large(database, owner):
    organisation = await make_organisation(database, "large")
    olga = await make_member(database, organisation, Role.ORG_OWNER)
    await owner.execute(GROW, organisation.id, NOW, LARGE, SMALL, ORGANISATIONS)
    await owner.execute("vacuum analyze member")
    rows = await owner.fetch(
        "select id from member where organisation_id = $1 order by pseudonym limit 20", organisation.id
    )
    return olga, [row["id"] for row in rows]


@pytest.mark.parametrize("count", [1, 20])
async def test_look_up_reads_a_few_pages_for_each(services, large, count):
    olga, ids = large
    spent = {}
    for name, look_up in LOOK_UPS.items():
        async with access_for(services, olga) as access:
            assert await access.transaction.fetchval("show plan_cache_mode") == "force_generic_plan"
            await look_up(access, ids[:count])  # so that catalogues are cached
            before = await access.transaction.fetchval(PAGES)
            found = await look_up(access, ids[:count])
            spent[name] = await access.transaction.fetchval(PAGES) - before
            if name in {"read", "lock"}:
                assert len(found) == count
    most = PAGES_EACH * (count + 1)
    assert {name: pages for name, pages in spent.items() if pages > (3 * most if name == "facts" else most)} == {}


async def test_plain_any_would_read_the_whole_tenant(services, large):
    """The reason for the one look-up for each; when this fails, PostgreSQL has become wiser."""
    olga, ids = large
    async with access_for(services, olga) as access:
        sql = "select m.id, m.display_name from member m where m.organisation_id = $1 and m.id = any($2::uuid[])"
        await access.transaction.fetch(sql, access.organisation_id, ids[:1])
        before = await access.transaction.fetchval(PAGES)
        await access.transaction.fetch(sql, access.organisation_id, ids[:1])
        assert await access.transaction.fetchval(PAGES) - before > 50
