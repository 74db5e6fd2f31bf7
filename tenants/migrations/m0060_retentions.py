"""The time for which a vendor said that it keeps data after the end is acted on when it is over."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0060-retentions"
DESCRIPTION = "Until when a vendor may keep what it was told to erase"

SQL = """
alter table obligation add column retention_ends_at timestamptz;
alter table obligation add constraint obligation_retention_after_its_end
    check (retention_ends_at is null or state = 'completed');
create index obligation_retention on obligation (retention_ends_at) where retention_ends_at is not null;

create function due_retentions(at timestamptz, batch integer)
returns table (organisation_id uuid, obligation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select o.organisation_id, o.id from obligation o
    where o.retention_ends_at <= at order by o.retention_ends_at limit batch
$$;
revoke execute on function due_retentions(timestamptz, integer) from public;
grant execute on function due_retentions(timestamptz, integer) to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
