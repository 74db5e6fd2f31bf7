"""Disputes of domains that the provider decides: what both sides say, and for how long it is looked at."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0042-domain-disputes"
DESCRIPTION = "Evidence in disputes of domains, and the provider's look at it"

SQL = """
create table domain_evidence (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    claim_id uuid not null,
    author_id uuid,
    text text not null check (length(text) between 1 and 5000),
    primary key (organisation_id, id),
    foreign key (organisation_id, claim_id) references domain_claim (organisation_id, id) on delete cascade
);
create index domain_evidence_claim on domain_evidence (organisation_id, claim_id, created_at, id);
call isolate_tenant_table('domain_evidence');

-- Since when the provider looks at both sides of a dispute, and until when.
alter table domain_claim
    add column examined_at timestamptz,
    add column examined_until timestamptz;

-- Disputed claims, for operators: the name, and nothing of the organisations.
create function domain_disputes(chosen uuid, after_at timestamptz, after_id uuid, most integer) returns table (
    organisation_id uuid, id uuid, created_at timestamptz, name text, state_since timestamptz, state_until timestamptz,
    examined_at timestamptz, examined_until timestamptz
)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select c.organisation_id, c.id, c.created_at, c.name, c.state_since, c.state_until, c.examined_at, c.examined_until
    from domain_claim c
    where c.state = 'disputed' and (select current_tenant()) = THE_PROVIDER and (chosen is null or c.id = chosen)
        and (after_id is null or (c.created_at, c.id) > (after_at, after_id))
    order by c.created_at, c.id limit most
$$;

-- Whether a claim of the transaction's own organisation takes part in a dispute, on either side.
create function is_in_dispute(claim uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (select from domain_claim c where c.organisation_id = current_tenant() and c.id = claim
        and (c.state = 'disputed' or (c.state in ('verified', 'grace') and exists (select from domain_claim o
            where o.state = 'disputed' and o.organisation_id <> c.organisation_id
                and (o.name = c.name or (c.scope = 'subtree' and right(o.name, length(c.name) + 1) = '.' || c.name))))))
$$;
revoke execute on function domain_disputes, is_in_dispute from public;
grant execute on function domain_disputes, is_in_dispute to wardship_serve;
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
