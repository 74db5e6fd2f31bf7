"""What directories say of names, and whether they deactivated somebody, whom they may then bring back."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0037-provisioned-people"
DESCRIPTION = "What directories say of names, and whom they deactivated"

SQL = """
alter table directory_user add column display_name text not null default '', add column is_active boolean;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
