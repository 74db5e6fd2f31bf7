"""What organisations' directories say of people and groups, by which tokens, and what could not be carried out."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0032-provisioning"
DESCRIPTION = "What directories say of people and groups, by which tokens, and what failed"

SQL = r"""
create table provisioning_token (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    name text not null check (length(name) between 1 and 100),
    token_hash bytea not null unique,
    created_by uuid, -- a member; null for the operator
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz,
    primary key (organisation_id, id)
);
create index provisioning_token_order on provisioning_token (organisation_id, created_at, id);
call isolate_tenant_table('provisioning_token');
call let_owner_read('provisioning_token');

-- Whose token it is, for who holds it. Nothing comes of one that ended, or whose organisation is suspended or ends.
create function authenticate_provisioning(wanted bytea, at timestamptz)
returns table (organisation_id uuid, token_id uuid, last_used_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select t.organisation_id, t.id, t.last_used_at from provisioning_token t
        join organisation o on o.id = t.organisation_id and o.state in ('active', 'leaving') and o.suspended_at is null
    where t.token_hash = wanted and t.revoked_at is null and t.expires_at > at
$$;
revoke execute on function authenticate_provisioning from public;
grant execute on function authenticate_provisioning to wardship_serve;

-- What the directory says of a member, beside the profile that it keeps up. Names of users are compared by the key,
-- which is made in one place: leakproof operators alone use an index under row-level security.
create table directory_user (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    member_id uuid not null,
    changed_at timestamptz not null,
    external_id text not null default '' check (length(external_id) <= 400),
    user_name text not null check (length(user_name) between 1 and 400),
    user_name_key text collate "C" not null check (length(user_name_key) between 1 and 800),
    formatted_name text not null default '',
    emails jsonb not null default '[]' check (jsonb_typeof(emails) = 'array'),
    phone_numbers jsonb not null default '[]' check (jsonb_typeof(phone_numbers) = 'array'),
    preferred_language text not null default '',
    employee_number text not null default '',
    cost_center text not null default '',
    organization text not null default '',
    division text not null default '',
    department text collate "C" not null default '',
    manager text not null default '',
    primary key (organisation_id, id),
    unique (organisation_id, member_id),
    foreign key (organisation_id, member_id) references member (organisation_id, id) on delete cascade
);
create unique index directory_user_name on directory_user (organisation_id, user_name_key);
create unique index directory_user_external on directory_user (organisation_id, external_id) where external_id <> '';
create index directory_user_department on directory_user (organisation_id, department, member_id);
call isolate_tenant_table('directory_user');

-- Who is in a group is decided by people, or by the organisation's directory alone.
alter table user_group
    add column managed_by text not null default 'people' check (managed_by in ('people', 'directory')),
    add column external_id text not null default '' check (length(external_id) <= 400),
    add column directory_changed_at timestamptz;
create unique index user_group_external on user_group (organisation_id, external_id)
    where external_id <> '' and archived_at is null;

-- What a directory asked for and was refused, once for each of its people and each reason, for a while.
create table provisioning_failure (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    token_id uuid not null,
    operation text not null,
    resource text not null check (resource in ('User', 'Group', '')),
    subject text not null default '',
    code text not null,
    message text not null,
    status integer not null,
    last_at timestamptz not null,
    times integer not null default 1,
    primary key (organisation_id, id),
    unique (organisation_id, operation, resource, subject, code)
);
create index provisioning_failure_order on provisioning_failure (organisation_id, last_at, id);
call isolate_tenant_table('provisioning_failure');
call let_owner_read('provisioning_failure');

-- Organisations with failures that were kept long enough.
create function provisioning_failures_over(before timestamptz, most integer) returns table (organisation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select distinct f.organisation_id from provisioning_failure f where f.last_at < before limit most
$$;
create index provisioning_failure_over on provisioning_failure (last_at);
revoke execute on function provisioning_failures_over from public;
grant execute on function provisioning_failures_over to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
