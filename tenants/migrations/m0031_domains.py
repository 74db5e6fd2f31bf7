"""Domains that organisations claim, and who holds each."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0031-domains"
DESCRIPTION = "Domains that organisations claim, and who holds each"

SQL = r"""
-- Who holds a domain, of all organisations. Nobody reads or writes it but by the functions below, one name at a time.
create table domain (
    id uuid primary key,
    created_at timestamptz not null,
    name text collate "C" not null unique
        check (name ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)+$' and length(name) <= 200),
    holder_id uuid references organisation (id),
    claim_id uuid,
    epoch integer not null default 0, -- how often it has had a new holder
    state text not null default 'free' check (state in ('free', 'held', 'suspended')),
    scope text not null default 'name' check (scope in ('name', 'subtree')),
    last_proven_at timestamptz,
    quarantined_until timestamptz,
    check ((state = 'free') = (holder_id is null) and (holder_id is null) = (claim_id is null))
);
call isolate_directory_table('domain');
call let_owner_write('domain');
revoke all on domain from wardship_serve;
create index domain_holder on domain (holder_id);

create table domain_claim (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    name text collate "C" not null
        check (name ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)+$' and length(name) <= 200),
    scope text not null check (scope in ('name', 'subtree')),
    state text not null check (state in ('pending', 'verified', 'grace', 'suspended', 'contested', 'disputed',
        'released', 'expired', 'transferred')),
    state_since timestamptz not null,
    state_until timestamptz,
    token_hash bytea,
    token_issued_at timestamptz not null,
    fresh_hash bytea,
    fresh_issued_at timestamptz,
    check_at timestamptz,
    is_asked boolean not null default false,
    checked_at timestamptz,
    finding text check (finding in ('proven', 'absent', 'old', 'wildcard', 'no_mail', 'unclear', 'outage')),
    misses integer not null default 0,
    missed_since timestamptz,
    remind_at timestamptz,
    proven_at timestamptz,
    contested_at timestamptz,
    contested_until timestamptz,
    against_id uuid,
    quarantined_until timestamptz,
    epoch integer,
    primary key (organisation_id, id)
);
-- Of all organisations one at most holds a name; nothing that an organisation asks for can meet this key.
create unique index domain_claim_holder on domain_claim (name) where state in ('verified', 'grace');
create unique index domain_claim_open on domain_claim (organisation_id, name)
    where state in ('pending', 'verified', 'grace', 'suspended', 'contested', 'disputed');
create index domain_claim_order on domain_claim (organisation_id, created_at, id);
create index domain_claim_pending on domain_claim (organisation_id) where state = 'pending';
create index domain_claim_check on domain_claim (check_at) where check_at is not null;
create index domain_claim_clock on domain_claim (state_until) where state_until is not null;
create index domain_claim_reminder on domain_claim (remind_at) where remind_at is not null;
create index domain_claim_against on domain_claim (against_id) where against_id is not null;
call isolate_tenant_table('domain_claim');
call let_owner_write('domain_claim');

-- Locks a name and those above it that are known, the shortest first. What is new is made at a moment, if one is given.
create function lock_domain(wanted text, above text[], at timestamptz) returns table (
    name text, holder_id uuid, claim_id uuid, epoch integer, state text, scope text, quarantined_until timestamptz
)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
    perform from domain d where d.name = any(above) order by length(d.name) for update;
    if at is not null then
        insert into domain (id, created_at, name) values (gen_random_uuid(), at, wanted) on conflict do nothing;
    end if;
    perform from domain d where d.name = wanted for update;
    return query select d.name, d.holder_id, d.claim_id, d.epoch, d.state, d.scope, d.quarantined_until
        from domain d where d.name = wanted or d.name = any(above) order by length(d.name) desc;
end $$;

-- Says who holds a name that the caller has locked.
create function set_domain(
    wanted text, holder uuid, claim uuid, new_epoch integer, new_state text, new_scope text, proven timestamptz,
    quarantined timestamptz
) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    update domain set holder_id = holder, claim_id = claim, epoch = new_epoch, state = new_state, scope = new_scope,
        last_proven_at = coalesce(proven, last_proven_at), quarantined_until = quarantined
    where name = wanted
$$;

-- Which organisation answers for addresses at a name: who holds it, or a name above it with all that is below.
create function domain_holder(wanted text, above text[]) returns table (
    name text, holder_id uuid, epoch integer, quarantined_until timestamptz
)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select d.name, d.holder_id, d.epoch, d.quarantined_until from domain d
    where d.state = 'held' and (d.name = wanted or (d.name = any(above) and d.scope = 'subtree'))
    order by length(d.name) desc limit 1
$$;

-- Gives claims whose time to be looked up has come to one worker, in every organisation: who asked comes first.
create function lease_domain_checks(at timestamptz, lease interval, most integer) returns table (
    organisation_id uuid, id uuid, name text, scope text, token_hash bytea, fresh_hash bytea, state text,
    leased_until timestamptz
)
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    update domain_claim c set check_at = at + lease from (
        select d.organisation_id, d.id from domain_claim d where d.check_at <= at
        order by d.is_asked desc, d.check_at limit most for update skip locked
    ) due
    where c.organisation_id = due.organisation_id and c.id = due.id
    returning c.organisation_id, c.id, c.name, c.scope, c.token_hash, c.fresh_hash, c.state, c.check_at
$$;

-- Claims whose state the clock ends, or of which people are to be reminded, in every organisation.
create function domain_claims_due(at timestamptz, most integer) returns table (
    organisation_id uuid, id uuid, name text
)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    (select c.organisation_id, c.id, c.name from domain_claim c where c.state_until <= at limit most)
    union
    (select c.organisation_id, c.id, c.name from domain_claim c where c.remind_at <= at limit most)
$$;

-- The claims, of whatever organisation, that were proven while this one held the domain.
create function claims_against(claim uuid) returns table (organisation_id uuid, id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select c.organisation_id, c.id from domain_claim c
    where c.against_id = claim and c.state = 'contested' order by c.state_since, c.id
$$;

create function organisation_of_claim(claim uuid) returns table (organisation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select c.organisation_id from domain_claim c where c.id = claim
$$;
create index domain_claim_id on domain_claim (id);

revoke execute on function lock_domain, set_domain, domain_holder, lease_domain_checks, domain_claims_due,
    claims_against, organisation_of_claim from public;
grant execute on function lock_domain, set_domain, domain_holder, lease_domain_checks, domain_claims_due,
    claims_against, organisation_of_claim to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
