"""An installation that is being taken away is found at its address: its vendor tells what is done of what it owes."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0067-told-at-the-end"
DESCRIPTION = "Find installations at their address that are being taken away"

SQL = """
-- What is taken back is taken back from a suspended organisation too, and from one that closes.
create or replace function inbound_place(wanted uuid) returns table (organisation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select i.organisation_id from installation i
        join organisation o on o.id = i.organisation_id and case
            when i.state in ('revoking', 'revocation_overdue')
                then o.state in ('active', 'suspended', 'leaving', 'closing')
            else o.state in ('active', 'leaving') and o.suspended_at is null end
    where i.id = wanted and i.state in ('installed', 'checked', 'active', 'degraded', 'needs_approval',
        'paused', 'load_failed', 'migration_failed', 'revoking', 'revocation_overdue')
$$;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
