"""What administrators were told of provisioning tokens that end, and which tokens are due: a sweep asks."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0045-provisioning-token-ends"
DESCRIPTION = "What was told of provisioning tokens that end"

SQL = r"""
alter table provisioning_token
    add column end_foretold_at timestamptz,
    add column end_told_at timestamptz,
    add column maker_told_at timestamptz;
create index provisioning_token_ends on provisioning_token (expires_at) where revoked_at is null;

-- Organisations with a token that ends soon, has ended, was made by who may make none any more, or ended long ago.
create function provisioning_tokens_due(at timestamptz, soon interval, gone timestamptz, roles text[], most integer)
returns table (organisation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select distinct t.organisation_id from provisioning_token t
        join organisation o on o.id = t.organisation_id and o.state in ('active', 'leaving')
    where least(t.expires_at, t.revoked_at) <= gone
        or t.revoked_at is null and t.end_told_at is null and (
            t.expires_at <= at
            or t.end_foretold_at is null and t.expires_at <= at + soon and t.created_at <= t.expires_at - soon
            or t.maker_told_at is null and t.created_by is not null and not exists (
                select from member m join role_assignment a on a.organisation_id = m.organisation_id
                    and a.member_id = m.id and a.role = any(roles)
                where m.organisation_id = t.organisation_id and m.id = t.created_by and m.state = 'active'))
    limit most
$$;
revoke execute on function provisioning_tokens_due from public;
grant execute on function provisioning_tokens_due to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
