"""By which identifiers a vendor was told of a person is kept, encrypted, until the end there is proven."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0059-sent-identifiers"
DESCRIPTION = "Identifiers by which vendors were told of people"

SQL = """
alter table subject_link add column sent_as bytea;
alter table subject_link add column sent_digest bytea;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
