"""Integrations that vendors serve themselves: at the provider; and what they answer by calls of their own."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0062-remote-integrations"
DESCRIPTION = "Integrations that vendors serve themselves, the secrets that sign messages to them, and told outcomes"

SQL = r"""
-- All of them are the provider's rows: no transaction of another organisation reaches one.
create table remote_integration (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    account_id uuid not null,
    url text not null check (length(url) between 1 and 500),
    state text not null default 'checking'
        check (state in ('checking', 'requested', 'active', 'disabled', 'suspended', 'ended')),
    state_since timestamptz not null,
    integration_key text check (length(integration_key) between 1 and 64),
    name text not null default '',
    version text not null default '',
    vendor_name text not null default '',
    endpoint text not null default '',
    document text check (octet_length(document) <= 262144),
    fetched_at timestamptz,
    fetch_at timestamptz, -- null: not by itself any more
    looked_at timestamptz,
    fault text not null default '' check (length(fault) <= 2000),
    faulty_since timestamptz,
    is_admitted boolean not null default false,
    revision bigint not null default 1,
    followed bigint not null default 0, -- the revision by which installations were looked after
    primary key (organisation_id, id),
    check ((document is null) = (integration_key is null)),
    check (document is not null or state in ('checking', 'ended')),
    check ((fault = '') = (faulty_since is null))
);
create index remote_integration_order on remote_integration (organisation_id, created_at, id);
create index remote_integration_of_account on remote_integration (organisation_id, account_id, created_at, id);
create unique index remote_integration_key on remote_integration (integration_key)
    where state <> 'ended' and integration_key is not null;
create index remote_integration_of_key on remote_integration (organisation_id, integration_key, created_at, id);
create index remote_integration_fetched on remote_integration (organisation_id, fetch_at) where fetch_at is not null;
create index remote_integration_unfollowed on remote_integration (organisation_id, id) where followed < revision;
call isolate_tenant_table('remote_integration');
call let_owner_read('remote_integration');

create table remote_integration_secret (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    remote_id uuid not null,
    sealed bytea not null,
    expires_at timestamptz, -- null for the present one
    primary key (organisation_id, id),
    foreign key (organisation_id, remote_id) references remote_integration (organisation_id, id) on delete cascade
);
create unique index remote_integration_secret_present on remote_integration_secret (organisation_id, remote_id)
    where expires_at is null;
create index remote_integration_secret_of on remote_integration_secret (organisation_id, remote_id);
create index remote_integration_secret_over on remote_integration_secret (organisation_id, expires_at)
    where expires_at is not null;
call isolate_tenant_table('remote_integration_secret');

-- How the endpoint of an integration stands, for who has it installed.
create function remote_endpoint(key text) returns table (state text, state_since timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select r.state, r.state_since from remote_integration r
    where r.organisation_id = THE_PROVIDER and r.integration_key = key and r.is_admitted
    order by r.state = 'ended', r.created_at desc limit 1
$$;

-- Where an integration is installed: to look after these when it has changed, and to keep a key from strangers.
create function installations_of_integration(key text)
returns table (organisation_id uuid, installation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select i.organisation_id, i.id from installation i where i.integration_key = key and i.state <> 'removed'
    order by i.organisation_id, i.id
$$;
create index installation_of_integration on installation (integration_key, organisation_id, id)
    where state <> 'removed';
revoke execute on function remote_endpoint, installations_of_integration from public;
grant execute on function remote_endpoint, installations_of_integration to wardship_serve;

-- What became of something that a vendor had begun, as it told by a call of its own: it takes the place of a call.
alter table obligation add column told bytea;
alter table obligation add constraint obligation_ends_what_was_told
    check (told is null or state in ('pending', 'leased', 'waiting'));
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
