"""How much of a domain is claimed, for who is asked for an account there."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0048-scope-of-claims"
DESCRIPTION = "How much of a domain is claimed, for who is asked for an account there"

SQL = """
drop function account_claims_of(uuid);
-- What organisations claim of one account: for its owner, in a transaction of whichever organisation.
create function account_claims_of(account uuid) returns table (
    id uuid, created_at timestamptz, organisation_id uuid, organisation_name text, domain_name text, domain_scope text,
    state text, state_since timestamptz, decide_until timestamptz, member_id uuid, managed_at timestamptz,
    earlier_shared_at timestamptz
) language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select c.id, c.created_at, c.organisation_id, o.name, d.name, d.scope, c.state, c.state_since, c.decide_until,
        c.member_id, c.managed_at, c.earlier_shared_at
    from (select * from account_claim k where k.account_id = account
            order by k.created_at desc, k.id desc limit 100) c
        join organisation o on o.id = c.organisation_id
        cross join lateral (select * from domain_claim n
            where n.organisation_id = c.organisation_id and n.id = c.domain_id limit 1) d
    order by c.created_at desc, c.id desc
$$;
revoke execute on function account_claims_of from public;
grant execute on function account_claims_of to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
