"""The pace of a place is seen by every worker that calls it."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0055-place-paces"
DESCRIPTION = "When requests to a place were sent, and until when it is left alone"

SQL = """
create table place_pace (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    pace jsonb not null default '{}',
    primary key (organisation_id, id),
    foreign key (organisation_id, id) references installation_place (organisation_id, id) on delete cascade
);
call isolate_tenant_table('place_pace');
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
