"""What was seen at the vendors: the exchanges of each obligation, and the vendors' own names for people."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0009-evidence"
DESCRIPTION = "Exchanges of obligations, vendors' names for people"

SQL = """
alter table obligation add column exchanges jsonb not null default '[]';
alter table subject_link add column known_as bytea;

-- Of what was seen before, nothing was kept that a grade could be derived from: an installation that has gone says so.
alter table installation no force row level security;
update installation set state_reason = 'none_kept' where state = 'removed' and state_reason in ('probed', 'receipt');
alter table installation force row level security;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
