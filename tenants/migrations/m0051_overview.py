"""What waits in an organisation is counted without a list being read through."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0051-overview"
DESCRIPTION = "Domains by their state, for what waits"

SQL = """
create index domain_claim_state on domain_claim (organisation_id, state, state_until, id);
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
