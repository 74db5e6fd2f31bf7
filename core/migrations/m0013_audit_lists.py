"""The audit chain listed by who acted, what was done, and when."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.core.migrations import APP_NAME

ID = "core-0013-audit-lists"
DESCRIPTION = "The audit chain by who acted, what was done, and when"

SQL = """
-- An entry names the membership and the account of who acted; accounts change hands and go, memberships stay.
alter table audit_entry add column actor_member_id uuid
    generated always as (((entry::jsonb -> 'actor') ->> 'member')::uuid) stored;
create index audit_entry_actor on audit_entry (organisation_id, actor_member_id, sequence)
    where actor_member_id is not null;
create index audit_entry_action on audit_entry (organisation_id, action, sequence);
create index audit_entry_moment on audit_entry (organisation_id, created_at, sequence);
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
