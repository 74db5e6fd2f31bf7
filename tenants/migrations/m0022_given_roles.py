"""Whether the sender of an invitation had shown the second factor, without which it brings no role."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0022-given-roles"
DESCRIPTION = "Whether the sender of an invitation had shown the second factor"

SQL = """
-- Of invitations from before nobody knows: those that bring a role have to be sent again.
alter table invitation add column is_stepped_up boolean not null default false;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
