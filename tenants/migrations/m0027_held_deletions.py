"""The privacy team lists the deletions that wait for it."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0027-held-deletions"
DESCRIPTION = "The privacy team lists the deletions that wait for it"

SQL = """
create index approval_with_privacy_team on approval (created_at, id) where is_with_privacy_team and state = 'asked';

-- Deletions that wait for the privacy team, in every organisation: identifiers and moments only.
create function deletions_with_privacy_team(at timestamptz, after_asked timestamptz, after_id uuid, most integer)
returns table (organisation_id uuid, organisation_slug text, organisation_name text, approval_id uuid, kind text,
    asked_at timestamptz, expires_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select o.id, o.slug, o.name, a.id, a.kind, a.created_at, a.expires_at
    from approval a join organisation o on o.id = a.organisation_id
    where a.is_with_privacy_team and a.state = 'asked' and a.expires_at > at
        and (after_id is null or (a.created_at, a.id) > (after_asked, after_id))
    order by a.created_at, a.id limit most
$$;
revoke execute on function deletions_with_privacy_team from public;
grant execute on function deletions_with_privacy_team to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
