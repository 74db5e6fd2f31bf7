"""Sign-ins at OpenID providers, whom they vouch for, and sessions that reach one organisation alone."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.core.migrations import APP_NAME

ID = "core-0010-openid"
DESCRIPTION = "Sign-ins at OpenID providers, whom they vouch for, and sessions that reach one organisation alone"

SQL = """
-- Who somebody is at a provider. Without an organisation the provider is the deployment's own.
create table identity (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid not null references account (id) on delete cascade,
    organisation_id uuid references organisation (id) on delete cascade,
    issuer text not null check (length(issuer) <= 500),
    subject text not null check (length(subject) between 1 and 255),
    used_at timestamptz not null
);
create unique index identity_of_person on identity (organisation_id, issuer, subject) nulls not distinct;
create index identity_account on identity (account_id);
call isolate_directory_table('identity');

alter table session
    add column organisation_id uuid references organisation (id) on delete cascade,
    add column identity_id uuid references identity (id) on delete cascade,
    add column provider_session text not null default '' check (length(provider_session) <= 400),
    add column id_token bytea;
create index session_identity on session (identity_id) where identity_id is not null;
create index session_organisation on session (organisation_id, account_id) where organisation_id is not null;

-- A sign-in that was begun at a provider and has not come back: once, by the browser that began it.
create table openid_flow (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid references account (id) on delete cascade,
    session_id uuid references session (id) on delete cascade,
    provider text not null check (length(provider) between 1 and 100),
    purpose text not null check (length(purpose) between 1 and 40),
    state_hash bytea not null unique,
    browser_hash bytea not null,
    expires_at timestamptz not null
);
create index openid_flow_account on openid_flow (account_id) where account_id is not null;
create index openid_flow_session on openid_flow (session_id) where session_id is not null;
create index openid_flow_end on openid_flow (expires_at);
call isolate_directory_table('openid_flow');

-- Logouts that a provider has sent, so that none is carried out twice.
create table openid_logout (
    id uuid primary key,
    created_at timestamptz not null,
    token_hash bytea not null unique
);
call isolate_directory_table('openid_logout');
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
