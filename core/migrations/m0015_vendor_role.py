"""Vendors of integrations have a role at the provider, under which they see what is their own."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.core.migrations import APP_NAME

ID = "core-0015-vendor-role"
DESCRIPTION = "A role of the provider's for vendors of integrations"

SQL = """
alter table staff drop constraint staff_role_check;
alter table staff add constraint staff_role_check check (role in ('privacy_team', 'operator', 'vendor'));
alter table appointment drop constraint appointment_staff_role_check;
alter table appointment add constraint appointment_staff_role_check
    check (staff_role in ('privacy_team', 'operator', 'vendor'));
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
