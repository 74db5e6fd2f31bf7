"""Whether an installation receives some fields, asked by the statement that changes them."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0008-received"
DESCRIPTION = "Whether an installation receives some fields"

SQL = """
-- For `update member … returning …`. Volatile, so that it looks after the member's row is locked and not when the
-- statement began: what was made active meanwhile may have read the row before the change. In PL/pgSQL, which keeps
-- the plan.
create function is_received(organisation uuid, fields text[]) returns boolean language plpgsql volatile as $$ begin
    return exists (select from installation where organisation_id = organisation
        and state in ('active', 'degraded', 'needs_approval', 'paused', 'load_failed', 'migration_failed')
        and jsonb_path_query_array(manifest, '$.receives[*].fields[*]') ?| fields);
end $$;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
