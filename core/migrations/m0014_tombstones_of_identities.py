"""A tombstone can be of an identity at an organisation's provider."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.core.migrations import APP_NAME

ID = "core-0014-tombstones-of-identities"
DESCRIPTION = "A tombstone can be of an identity at an organisation's provider"

SQL = """
alter table tombstone
    drop constraint tombstone_kind_check,
    add constraint tombstone_kind_check check (kind in ('email', 'phone', 'username', 'external', 'identity'));
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
