"""What lets this deployment in at vendors that demand OAuth 2.0: its clients there, and what each place holds."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0065-authorisations"
DESCRIPTION = "Clients of this deployment at vendors, and what administrators have let it in for"

SQL = """
-- What a vendor calls this deployment: rows of the provider alone, by which its every organisation is let in.
create table integration_client (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    integration_key text collate "C" not null check (length(integration_key) between 1 and 64),
    client_id text not null check (length(client_id) between 1 and 500),
    client_secret bytea not null,
    primary key (organisation_id, id),
    unique (organisation_id, integration_key)
);
call isolate_tenant_table('integration_client');
call let_owner_read('integration_client');

-- The deployment's client for an integration, sealed, for what an organisation does at its vendor.
create function find_integration_client(key text) returns table (id uuid, client_id text, client_secret bytea)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select c.id, c.client_id, c.client_secret from integration_client c
    where c.organisation_id = THE_PROVIDER and c.integration_key = key
$$;
revoke execute on function find_integration_client from public;
grant execute on function find_integration_client to wardship_serve;

-- What a vendor gave when an administrator let this deployment in, sealed; it goes when the vendor has ended it.
create table place_authorisation (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    installation_id uuid not null,
    place_id uuid not null,
    state text not null check (state in ('connected', 'expired', 'superseded', 'ending', 'ended')),
    changed_at timestamptz not null,
    connected_by uuid,
    client_id text not null,
    account_key bytea,
    oauth jsonb,
    tokens bytea,
    expires_at timestamptz,
    primary key (organisation_id, id),
    constraint place_authorisation_drops_what_has_ended
        check ((tokens is null) = (state = 'ended') and (oauth is null) = (state = 'ended')),
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade,
    foreign key (organisation_id, place_id) references installation_place (organisation_id, id) on delete cascade
);
create unique index place_authorisation_present on place_authorisation (organisation_id, place_id)
    where state in ('connected', 'expired', 'ending');
create index place_authorisation_place on place_authorisation (organisation_id, place_id, created_at, id);
create index place_authorisation_installation on place_authorisation (organisation_id, installation_id);
call isolate_tenant_table('place_authorisation');

-- A browser that was led to a vendor: it comes back once, in the session in which it went.
create table authorisation_flow (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    installation_id uuid not null,
    place_id uuid not null,
    session_id uuid not null,
    state_hash bytea not null,
    expires_at timestamptz not null,
    primary key (organisation_id, id),
    unique (organisation_id, state_hash),
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade,
    foreign key (organisation_id, place_id) references installation_place (organisation_id, id) on delete cascade
);
create index authorisation_flow_end on authorisation_flow (expires_at);
create index authorisation_flow_installation on authorisation_flow (organisation_id, installation_id);
create index authorisation_flow_place on authorisation_flow (organisation_id, place_id);
call isolate_tenant_table('authorisation_flow');
call let_owner_read('authorisation_flow');

-- Organisations with browsers that did not come back in time.
create function authorisation_flows_over(at timestamptz, most integer) returns table (organisation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select distinct f.organisation_id from authorisation_flow f where f.expires_at <= at limit most
$$;
revoke execute on function authorisation_flows_over from public;
grant execute on function authorisation_flows_over to wardship_serve;
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
