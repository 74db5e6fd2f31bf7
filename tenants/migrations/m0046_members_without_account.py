"""Members without an account are found by their address, whatever their organisation."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0046-members-without-account"
DESCRIPTION = "Members without an account by their address"

# What was made for an address without its owner is looked for in all organisations at once, by `member_prepared`: one
# after the other would be asked else.
SQL = """
create or replace function memberships_made_for(account uuid) returns table (
    id uuid, created_at timestamptz, organisation_id uuid, organisation_name text, address text, is_joined boolean
) language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select * from (
        select m.id, m.created_at, o.id, o.name, e.address, false
        from account_email e
            cross join lateral (select * from member n
                where n.email = e.address and n.email <> '' and n.account_id is null
                    and n.state in ('active', 'deactivated') offset 0) m
            cross join lateral (select * from organisation f where f.id = m.organisation_id limit 1) o
        where e.account_id = account and e.verified_at is not null and o.id <> THE_PROVIDER
        union all
        select m.id, c.managed_at, o.id, o.name, m.email, true
        from account_claim c
            cross join lateral (select * from member n
                where n.organisation_id = c.organisation_id and n.id = c.member_id limit 1) m
            cross join lateral (select * from organisation f where f.id = c.organisation_id limit 1) o
        where c.account_id = account and c.state = 'managed' and c.managed_at = c.created_at
    ) made limit 100
$$;
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
