"""What those who look after an installation have been told of its trouble."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0028-troubles"
DESCRIPTION = "What was told of an installation's trouble"

SQL = """
-- How bad the trouble is that was told and is not over: see `tenants/installations/troubles.py`.
alter table installation
    add column trouble smallint not null default 0 check (trouble between 0 and 3),
    add column works_since timestamptz;
create index installation_works on installation (works_since) where works_since is not null;

-- Which installations work again for long enough; they are looked at in a transaction of each organisation.
create function installations_working(since timestamptz, batch integer)
returns table (organisation_id uuid, installation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select i.organisation_id, i.id from installation i where i.works_since <= since order by i.works_since limit batch
$$;
revoke execute on function installations_working from public;
grant execute on function installations_working to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
