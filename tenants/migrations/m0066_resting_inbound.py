"""An installation that rests is found at its address: what its vendor tells meanwhile is to be told again."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0066-resting-inbound"
DESCRIPTION = "Find installations at their address that are paused, or whose package is not there"

SQL = """
create or replace function inbound_place(wanted uuid) returns table (organisation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select i.organisation_id from installation i
        join organisation o on o.id = i.organisation_id and o.state in ('active', 'leaving') and o.suspended_at is null
    where i.id = wanted and i.state in ('installed', 'checked', 'active', 'degraded', 'needs_approval',
        'paused', 'load_failed', 'migration_failed')
$$;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
