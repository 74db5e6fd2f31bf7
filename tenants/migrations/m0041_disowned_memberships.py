"""Memberships that were made without the person, for who has proven the address."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0041-disowned-memberships"
DESCRIPTION = "Memberships that were made without the person"

SQL = """
create index member_prepared on member (email) where account_id is null and email <> '';

-- What others made for an account's proven addresses: memberships that wait for it, and those that a policy made.
create function memberships_made_for(account uuid) returns table (
    id uuid, created_at timestamptz, organisation_id uuid, organisation_name text, address text, is_joined boolean
) language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select * from (
        select m.id, m.created_at, o.id, o.name, e.address, false
        from account_email e
            join member m on m.email = e.address and m.account_id is null and m.state in ('active', 'deactivated')
            join organisation o on o.id = m.organisation_id
        where e.account_id = account and e.verified_at is not null and o.id <> THE_PROVIDER
        union all
        select m.id, c.managed_at, o.id, o.name, m.email, true
        from account_claim c
            cross join lateral (select * from member n
                where n.organisation_id = c.organisation_id and n.id = c.member_id limit 1) m
            join organisation o on o.id = c.organisation_id
        where c.account_id = account and c.state = 'managed' and c.managed_at = c.created_at
    ) made limit 100
$$;
revoke execute on function memberships_made_for from public;
grant execute on function memberships_made_for to wardship_serve;
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
