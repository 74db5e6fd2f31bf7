"""What a vendor has begun for an obligation is found again at the next call."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0054-continuations"
DESCRIPTION = "What earlier calls of an obligation left to go on from, encrypted"

SQL = """
alter table obligation add column continuation bytea;
alter table obligation add constraint obligation_ends_its_continuation
    check (continuation is null or state in ('pending', 'leased', 'waiting'));
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
