"""Views of lists that members keep by a name, and may share with the organisation."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0052-saved-views"
DESCRIPTION = "Views of lists that members keep by a name, and may share with the organisation"

SQL = """
create table saved_view (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    member_id uuid not null,
    name text not null,
    page text not null check (length(page) between 1 and 64),
    address text not null,
    is_shared boolean not null default false,
    primary key (organisation_id, id),
    foreign key (organisation_id, member_id) references member (organisation_id, id) on delete cascade
);
create index saved_view_member on saved_view (organisation_id, member_id);
create index saved_view_shared on saved_view (organisation_id) where is_shared;
call isolate_tenant_table('saved_view');
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
