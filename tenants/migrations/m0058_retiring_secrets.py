"""A secret that was rotated is kept for a while beside the new one, and then deleted by the clock."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0058-retiring-secrets"
DESCRIPTION = "Old secrets of places, each for its time"

SQL = """
alter table installation_place add column retiring_secrets bytea;
alter table installation_place add column retiring_until timestamptz;
alter table installation_place add constraint installation_place_ends_its_old_secrets
    check ((retiring_secrets is null) = (retiring_until is null) and (retiring_secrets is null or state <> 'left'));
create index installation_place_retiring on installation_place (retiring_until) where retiring_until is not null;

call let_owner_read('installation_place');

create function places_with_retired_secrets(at timestamptz, batch integer)
returns table (organisation_id uuid, place_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select p.organisation_id, p.id from installation_place p
    where p.retiring_until <= at order by p.retiring_until limit batch
$$;
revoke execute on function places_with_retired_secrets(timestamptz, integer) from public;
grant execute on function places_with_retired_secrets(timestamptz, integer) to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
