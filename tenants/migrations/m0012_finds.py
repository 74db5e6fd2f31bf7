"""What in texts may be a person and has to be decided before an erasure, and what was decided."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0012-finds"
DESCRIPTION = "Finds that somebody has to decide before an erasure"

SQL = """
-- A find by its place and a keyed digest of the passage around it: the text itself is read when it is shown. Finds that
-- look alike and are too many to be shown one by one are one row, with the place of one of them.
create table erasure_find (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    right_id uuid not null,
    digest bytea not null,
    table_name text not null,
    item_id uuid not null,
    column_name text not null,
    kind text not null,
    rule text not null,
    is_group boolean not null,
    alike integer not null,
    is_present boolean not null default true,
    is_rewritten boolean,
    decided_by uuid,
    decided_at timestamptz,
    primary key (organisation_id, id),
    unique (organisation_id, right_id, digest),
    foreign key (organisation_id, right_id) references request_right (organisation_id, id) on delete cascade
);
create index erasure_find_order on erasure_find (organisation_id, right_id, created_at, id);
call isolate_tenant_table('erasure_find');

-- What was decided for all finds of a rule; the empty rule is for all others, those that appear later too.
create table erasure_find_rule (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    right_id uuid not null,
    rule text not null,
    is_rewritten boolean not null,
    decided_by uuid not null,
    primary key (organisation_id, id),
    unique (organisation_id, right_id, rule),
    foreign key (organisation_id, right_id) references request_right (organisation_id, id) on delete cascade
);
call isolate_tenant_table('erasure_find_rule');

-- Until when an erasure that is due waits for a decision on finds that appeared after its commit.
alter table request_right add column waits_until timestamptz;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
