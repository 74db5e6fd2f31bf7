"""Lists of requests by the day on which they are due, and of those that are late."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0050-request-lists"
DESCRIPTION = "Lists of requests by due date, and of late ones"

SQL = """
create index data_request_due on data_request (organisation_id, due_at, id);
create index data_request_due_open on data_request (organisation_id, due_at, id) where ended_at is null;
create index data_request_due_at_team on data_request (organisation_id, due_at, id) where handler = 'privacy_team';
create index data_request_late on data_request (organisation_id, due_at, id) where late_since is not null;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
