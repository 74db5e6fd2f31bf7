"""What a vendor says of a call that it refused or that failed."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0025-reasons"
DESCRIPTION = "The vendor's reason of an obligation's last call"

SQL = """
-- In a column of its own: it may tell of the person whom the obligation is about, and goes with the person.
alter table obligation add column detail text not null default '' check (length(detail) <= 1000);
update obligation set detail = left(outcome->>'detail', 1000), outcome = outcome - 'detail' where outcome ? 'detail';
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
