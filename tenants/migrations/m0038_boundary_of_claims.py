"""What administrators see of members who joined by a domain: from then on, and only while the domain is held."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0038-boundary-of-claims"
DESCRIPTION = "What administrators see of members who joined by a domain"

SQL = """
alter table member
    add column visible_from timestamptz, -- what the member did before is shown by consent only; null: no boundary
    add column concealed_at timestamptz; -- since when administrators see address and state alone
create index member_behind_boundary on member (organisation_id, id)
    where visible_from is not null or concealed_at is not null;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
