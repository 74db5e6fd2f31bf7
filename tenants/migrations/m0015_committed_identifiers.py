"""What a person was known by when an erasure was committed."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0015-committed-identifiers"
DESCRIPTION = "What a person was known by at the commit of an erasure"

SQL = """
-- Encrypted, from the commit of an erasure until it is carried out or called off.
alter table request_right add column known bytea;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
