"""Appending to the audit chain in the message of COMMIT."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.core.migrations import APP_NAME

ID = "core-0002-audit-at-commit"
DESCRIPTION = "Appending to the audit chain in the message of COMMIT"

SQL = """
-- What append_audit did, as a procedure: CALL needs no planner, and the plans inside are kept. The moment is given in
-- microseconds since 1970, and texts are given as their bytes, so that a caller can write every value in digits.
create procedure append_audit_entry(
    organisation uuid, entry_id uuid, at bigint, entry bytea, actor uuid, action bytea, target_kind bytea, target uuid
) language plpgsql as $$
declare
    link_number bigint;
    link bytea;
    moment timestamptz := timestamptz 'epoch' + at * interval '1 microsecond';
begin
    -- The row lock on the head keeps concurrent writers from forking the chain.
    update audit_head h set sequence = h.sequence + 1, hash = sha256(h.hash || sha256(entry))
        where h.organisation_id = organisation returning h.sequence, h.hash into link_number, link;
    if not found then
        insert into audit_head as h (organisation_id, id, created_at, sequence, hash)
        values (organisation, entry_id, moment, 1, sha256(sha256(entry)))
        on conflict (organisation_id) do update
            set sequence = h.sequence + 1, hash = sha256(h.hash || sha256(entry))
        returning h.sequence, h.hash into link_number, link;
    end if;
    insert into audit_entry (
        organisation_id, id, created_at, sequence, entry, hash, actor_id, action, target_kind, target_id)
    values (organisation, entry_id, moment, link_number, convert_from(entry, 'UTF8'), link, actor,
        convert_from(action, 'UTF8'), convert_from(target_kind, 'UTF8'), target);
end $$;

drop function append_audit(uuid, uuid, timestamptz, text, bytea, uuid, text, text, uuid);
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
