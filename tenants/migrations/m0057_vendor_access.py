"""Clients of vendors at the provider, and what organisations let them fetch: grants, codes, families of tokens."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0057-vendor-access"
DESCRIPTION = "Vendors' clients, what organisations let them fetch, and by which tokens"

SQL = r"""
-- All clients are the provider's rows: no transaction of another organisation reaches one.
create table vendor_client (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    account_id uuid not null,
    integration_key text not null check (length(integration_key) between 1 and 64),
    name text not null check (length(name) between 1 and 100),
    is_confidential boolean not null,
    redirect_uris text[] not null,
    state text not null default 'requested' check (state in ('requested', 'active', 'suspended', 'ended')),
    primary key (organisation_id, id)
);
create index vendor_client_order on vendor_client (organisation_id, created_at, id);
create index vendor_client_of_account on vendor_client (organisation_id, account_id, created_at, id);
call isolate_tenant_table('vendor_client');
call let_owner_read('vendor_client');

create table vendor_client_secret (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    client_id uuid not null,
    secret_hash bytea not null,
    expires_at timestamptz, -- null for the present one
    primary key (organisation_id, id),
    foreign key (organisation_id, client_id) references vendor_client (organisation_id, id) on delete cascade
);
create unique index vendor_client_secret_present on vendor_client_secret (organisation_id, client_id)
    where expires_at is null;
create index vendor_client_secret_of_client on vendor_client_secret (organisation_id, client_id);
call isolate_tenant_table('vendor_client_secret');

-- That somebody who may do so lets a client fetch what an installation's declaration said then.
create table vendor_grant (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    client_id uuid not null,
    client_name text not null,
    installation_id uuid not null,
    consented jsonb not null check (jsonb_typeof(consented) = 'array'),
    granted_by uuid,
    ended_at timestamptz,
    ended_by uuid,
    end_cause text not null default '',
    primary key (organisation_id, id),
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade
);
create unique index vendor_grant_open on vendor_grant (organisation_id, installation_id, client_id)
    where ended_at is null;
create index vendor_grant_of_installation on vendor_grant (organisation_id, installation_id, created_at, id);
create index vendor_grant_of_client on vendor_grant (client_id, installation_id) where ended_at is null;
call isolate_tenant_table('vendor_grant');
call let_owner_read('vendor_grant');

create table vendor_code (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    grant_id uuid not null,
    code_hash bytea not null unique,
    redirect_uri text not null,
    code_challenge text not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, grant_id) references vendor_grant (organisation_id, id) on delete cascade
);
create index vendor_code_of_grant on vendor_code (organisation_id, grant_id);
create index vendor_code_over on vendor_code (expires_at);
call isolate_tenant_table('vendor_code');
call let_owner_read('vendor_code');

-- All tokens that came of one code, or of one call by client credentials: what ends it ends them. That of a code has
-- the code's id.
create table vendor_token_family (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    grant_id uuid not null,
    ended_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, grant_id) references vendor_grant (organisation_id, id) on delete cascade
);
create index vendor_token_family_of_grant on vendor_token_family (organisation_id, grant_id);
call isolate_tenant_table('vendor_token_family');
call let_owner_read('vendor_token_family');

create table vendor_token (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    family_id uuid not null,
    kind text not null check (kind in ('access', 'refresh')),
    token_hash bytea not null unique,
    expires_at timestamptz not null,
    used_at timestamptz, -- a refresh token is used once
    revoked_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, family_id) references vendor_token_family (organisation_id, id) on delete cascade
);
create index vendor_token_of_family on vendor_token (organisation_id, family_id);
create index vendor_token_over on vendor_token (expires_at);
call isolate_tenant_table('vendor_token');
call let_owner_read('vendor_token');

-- What the vendor fetched, beside what was sent to it.
alter table disclosure add column is_fetched boolean not null default false;

-- Whether a grant opens anything at this moment: every end of the vendor, of its client, of the organisation, of the
-- installation and of the grant itself is asked each time, so that nothing has to be carried over to tokens.
create function vendor_grant_opens(place uuid, wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (
        select from vendor_grant g
        join installation i on i.organisation_id = g.organisation_id and i.id = g.installation_id
            and i.state in ('active', 'degraded', 'needs_approval')
        join organisation o on o.id = g.organisation_id and o.state = 'active' and o.suspended_at is null
        join vendor_client c on c.organisation_id = THE_PROVIDER and c.id = g.client_id and c.state = 'active'
            and c.integration_key = i.integration_key
        join account a on a.id = c.account_id and a.state = 'active'
        join staff s on s.account_id = c.account_id and s.role = 'vendor'
        where g.organisation_id = place and g.id = wanted and g.ended_at is null)
$$;

create function find_vendor_code(wanted bytea)
returns table (organisation_id uuid, id uuid, grant_id uuid, client_id uuid, installation_id uuid, redirect_uri text,
    code_challenge text, expires_at timestamptz, used_at timestamptz, opens boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select c.organisation_id, c.id, c.grant_id, g.client_id, g.installation_id, c.redirect_uri, c.code_challenge,
        c.expires_at, c.used_at, vendor_grant_opens(c.organisation_id, c.grant_id)
    from vendor_code c join vendor_grant g on g.organisation_id = c.organisation_id and g.id = c.grant_id
    where c.code_hash = wanted
$$;

create function find_vendor_token(wanted bytea)
returns table (organisation_id uuid, id uuid, kind text, family_id uuid, grant_id uuid, client_id uuid,
    installation_id uuid, created_at timestamptz, expires_at timestamptz, used_at timestamptz, opens boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select t.organisation_id, t.id, t.kind, t.family_id, f.grant_id, g.client_id, g.installation_id, t.created_at,
        t.expires_at, t.used_at,
        t.revoked_at is null and f.ended_at is null and vendor_grant_opens(f.organisation_id, f.grant_id)
    from vendor_token t
    join vendor_token_family f on f.organisation_id = t.organisation_id and f.id = t.family_id
    join vendor_grant g on g.organisation_id = f.organisation_id and g.id = f.grant_id
    where t.token_hash = wanted
$$;

-- What a client was let into at an installation: for who has both identifiers.
create function find_vendor_grant(client uuid, installation uuid)
returns table (organisation_id uuid, grant_id uuid, opens boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select g.organisation_id, g.id, vendor_grant_opens(g.organisation_id, g.id) from vendor_grant g
    where g.client_id = client and g.installation_id = installation and g.ended_at is null
$$;

-- Where an account is an active member and an integration shares: what somebody may be asked to consent to.
create function consentable_installations(account uuid, key text, most integer)
returns table (organisation_id uuid, slug text, organisation_name text, installation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select o.id, o.slug, o.name, i.id from member m
    join organisation o on o.id = m.organisation_id and o.state = 'active' and o.suspended_at is null
    join installation i on i.organisation_id = o.id and i.integration_key = key
        and i.state in ('active', 'degraded', 'needs_approval')
    where m.account_id = account and m.state = 'active'
    order by o.name, i.created_at, i.id limit most
$$;

-- Organisations with codes or tokens that have long been of no use.
create function vendor_tokens_over(before timestamptz, most integer) returns table (organisation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    (select distinct c.organisation_id from vendor_code c where c.expires_at < before limit most)
    union (select distinct t.organisation_id from vendor_token t where t.expires_at < before limit most)
$$;
revoke execute on function vendor_grant_opens, find_vendor_code, find_vendor_token, find_vendor_grant,
    consentable_installations, vendor_tokens_over from public;
grant execute on function find_vendor_code, find_vendor_token, find_vendor_grant, consentable_installations,
    vendor_tokens_over to wardship_serve;
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
