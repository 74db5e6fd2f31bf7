"""Customers of the provider whose organisations are suspended, or end."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0026-customers-of-suspended"
DESCRIPTION = "Customers of the provider whose organisations are suspended, or end"

SQL = """
-- As before, of an organisation that lets its people in, as for `authenticate`: one that is suspended decides nothing.
create or replace function account_is_active_member(account uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (select from member m
        join organisation o on o.id = m.organisation_id and o.suspended_at is null
            and o.state not in ('closing', 'closed')
        where m.account_id = account and m.state = 'active' and m.organisation_id <> THE_PROVIDER)
$$;

-- Whether somebody administers an organisation that goes on: it must not lose its owner by way of the provider.
create function account_administers(account uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (select from member m
        join organisation o on o.id = m.organisation_id and o.state not in ('closing', 'closed')
        join role_assignment r on r.organisation_id = m.organisation_id and r.member_id = m.id
            and r.role in ('org_owner', 'org_admin')
        where m.account_id = account and m.state = 'active' and m.organisation_id <> THE_PROVIDER)
$$;
revoke execute on function account_administers(uuid) from public;
grant execute on function account_administers(uuid) to wardship_serve;
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
