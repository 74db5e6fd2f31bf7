"""Whatever would open one tenant to another is noticed before serving."""

from __future__ import annotations

import asyncpg
import pytest

from wardship.core.database.embedded import ROLE_OWNER, ROLE_SERVE, ROLE_SUPERUSER
from wardship.core.database.soundness import UnsoundDatabaseError, check_soundness, unsound

pytestmark = pytest.mark.anyio

POLICY = "create policy wide on member to wardship_serve using"

SABOTAGE = {
    "policy dropped": ("drop policy tenant_isolation on member", "member has no policy"),
    "security disabled": ("alter table member disable row level security", "member has no row-level security"),
    "force dropped": ("alter table member no force row level security", "member does not force"),
    "wide policy": (f"{POLICY} (true)", "member has the policy wide"),
    "policy for public": ("create policy wide on member for select using (true)", "member has the policy wide"),
    "policy on the directory's terms": (f"{POLICY} ((select directory_is_open()))", "member has the policy wide"),
    "reading made wide": ("alter policy tenant_isolation on post using (true)", "post has the policy"),
    "writing made wide": ("alter policy tenant_isolation on post with check (true)", "post has the policy"),
    "directory made wide": ("alter policy directory_isolation on account using (true)", "account has the policy"),
    "organisation made wide": ("alter policy own_or_directory on organisation using (true)", "organisation has"),
    "new table without policies": (
        "create table leak (organisation_id uuid, id uuid, primary key (organisation_id, id))",
        "leak has no row-level security",
    ),
    "view of the owner": ("create view everybody as select * from member", "everybody is a view that runs"),
    "materialised view": ("create materialized view everybody as select * from member", "everybody is a material"),
    "truncate granted": ("grant truncate on member to wardship_serve", "member may be truncated"),
    "table owned": ("alter table mention owner to wardship_serve", "mention belongs to the serving role"),
    "audit rewritable": ("grant update on audit_entry to wardship_serve", "audit_entry may be rewritten"),
    "migrations writable": ("grant insert on migration to wardship_serve", "migration may be changed"),
    "schema open": ("grant create on schema public to wardship_serve", "may create objects"),
    "scope function changed": (
        "create or replace function current_tenant() returns uuid language sql stable return null::uuid",
        "the function current_tenant",
    ),
    "definer for everybody": (
        """create function names() returns setof text language sql security definer
            set search_path = pg_catalog, public, pg_temp as 'select display_name from member'""",
        "the function names runs",
    ),
}


@pytest.fixture
async def serving(postgres, database_name):
    connection = await asyncpg.connect(**postgres.dsn(role=ROLE_SERVE, database=database_name))
    yield connection
    await connection.close()


async def test_migrated_database_is_sound(serving, database):
    assert await unsound(serving) == []
    async with database.directory(read_only=True) as transaction:
        await check_soundness(transaction)


@pytest.mark.parametrize("name", SABOTAGE)
async def test_sabotage_is_noticed(serving, owner, name):
    statement, fault = SABOTAGE[name]
    await owner.execute(statement)
    assert [item for item in await unsound(serving) if item.startswith(fault) or fault in item]
    with pytest.raises(UnsoundDatabaseError):
        await check_soundness(serving)


@pytest.mark.parametrize("role", [ROLE_OWNER, ROLE_SUPERUSER])
async def test_serving_under_another_role_is_noticed(postgres, database_name, role):
    connection = await asyncpg.connect(**postgres.dsn(role=role, database=database_name))
    try:
        assert await unsound(connection) != []
    finally:
        await connection.close()


async def test_view_with_the_callers_rights_is_sound(serving, owner):
    await owner.execute("create view names with (security_invoker = true) as select display_name from member")
    assert await unsound(serving) == []
