"""Roles' grants, tenant isolation, accounts, credentials, sessions, mail and audit."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.core.migrations import APP_NAME

ID = "core-0001-directory"
DESCRIPTION = "Tenant isolation, accounts, credentials, sessions, mail, audit"

SQL = """
revoke all on schema public from public;
grant usage on schema public to wardship_serve;
grant select on migration to wardship_serve; -- so that a server can tell whether the database is older than itself

create function current_tenant() returns uuid language sql stable parallel safe
    return nullif(current_setting('wardship.organisation_id', true), '')::uuid;

create function directory_is_open() returns boolean language sql stable parallel safe
    return coalesce(current_setting('wardship.directory', true), '') = 'on';

-- One place says how a table is isolated; every migration calls it for each table that it makes.
create procedure isolate_tenant_table(name regclass) language plpgsql as $$
begin
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy tenant_isolation on %s to wardship_serve
        using (organisation_id = (select current_tenant()))
        with check (organisation_id = (select current_tenant()))', name);
    execute format('grant select, insert, update, delete on %s to wardship_serve', name);
end $$;

create procedure isolate_directory_table(name regclass) language plpgsql as $$
begin
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy directory_isolation on %s to wardship_serve
        using ((select directory_is_open())) with check ((select directory_is_open()))', name);
    execute format('grant select, insert, update, delete on %s to wardship_serve', name);
end $$;

-- Lets a security-definer function of the owner read across tenants; granted table by table.
create procedure let_owner_read(name regclass) language plpgsql as $$
begin
    execute format('create policy owner_reads on %s for select to %I using (true)', name, current_user);
end $$;

-- Lets a security-definer function of the owner also change rows of a directory table.
create procedure let_owner_write(name regclass) language plpgsql as $$
begin
    execute format('create policy owner_writes on %s to %I using (true) with check (true)', name, current_user);
end $$;

create table organisation (
    id uuid primary key,
    created_at timestamptz not null,
    slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    name text not null check (length(name) between 1 and 200),
    state text not null default 'active' check (state in ('active', 'suspended', 'leaving')),
    settings jsonb not null default '{}'
);
alter table organisation enable row level security;
alter table organisation force row level security;
create policy own_or_directory on organisation to wardship_serve
    using (id = (select current_tenant()) or (select directory_is_open()))
    with check (id = (select current_tenant()) or (select directory_is_open()));
grant select, insert, update, delete on organisation to wardship_serve;
call let_owner_read('organisation');

create table account (
    id uuid primary key,
    created_at timestamptz not null,
    state text not null default 'active' check (state in ('active', 'deactivated', 'erased')),
    display_name text not null default '',
    locale text not null default 'en',
    residence_country text not null default '' check (residence_country ~ '^([A-Z]{2})?$'),
    erased_at timestamptz
);
call isolate_directory_table('account');
call let_owner_read('account');

create table account_email (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid not null references account (id) on delete cascade,
    address text not null unique check (address = btrim(address) and length(address) <= 320),
    is_primary boolean not null default false,
    verified_at timestamptz
);
create unique index account_email_primary on account_email (account_id) where is_primary;
create index account_email_account on account_email (account_id);
call isolate_directory_table('account_email');
call let_owner_read('account_email');

-- The provider's own people; role privacy_team decides what organisations do not.
create table staff (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid not null unique references account (id) on delete cascade,
    role text not null check (role in ('privacy_team'))
);
call isolate_directory_table('staff');
call let_owner_read('staff');

create table password_credential (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid not null unique references account (id) on delete cascade,
    password_hash text not null,
    changed_at timestamptz not null
);
call isolate_directory_table('password_credential');

create table totp_credential (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid not null unique references account (id) on delete cascade,
    secret bytea,
    pending_secret bytea,
    confirmed_at timestamptz,
    last_step bigint not null default 0,
    check ((secret is null) = (confirmed_at is null))
);
call isolate_directory_table('totp_credential');

create table recovery_code (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid not null references account (id) on delete cascade,
    code_hash bytea not null,
    used_at timestamptz,
    unique (account_id, code_hash)
);
call isolate_directory_table('recovery_code');

create table session (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid not null references account (id) on delete cascade,
    token_hash bytea not null unique,
    csrf_token text not null,
    stage text not null check (stage in ('second_step', 'enrolment', 'complete')),
    expires_at timestamptz not null,
    last_seen_at timestamptz not null,
    stepped_up_at timestamptz,
    user_agent text not null default '',
    network text not null default ''
);
create index session_account on session (account_id);
call isolate_directory_table('session');
call let_owner_read('session');

create table access_token (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid not null references account (id) on delete cascade,
    organisation_id uuid not null references organisation (id) on delete cascade,
    name text not null,
    token_hash bytea not null unique,
    scopes text[] not null,
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz
);
create index access_token_account on access_token (account_id);
call isolate_directory_table('access_token');
call let_owner_read('access_token');

-- One-time links by mail or for demonstration. A registration has no account until its address is verified, so that
-- nobody can occupy another's address.
create table sign_in_link (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid references account (id) on delete cascade,
    address text not null default '',
    purpose text not null
        check (purpose in ('verify_address', 'return_after_erasure', 'reset_password', 'demonstration')),
    token_hash bytea not null unique,
    expires_at timestamptz not null,
    used_at timestamptz,
    check ((account_id is null) = (purpose = 'verify_address')),
    check ((address = '') = (purpose <> 'verify_address'))
);
create index sign_in_link_account on sign_in_link (account_id);
create index sign_in_link_address on sign_in_link (address) where address <> '';
call isolate_directory_table('sign_in_link');

create table sign_in_attempt (
    id uuid primary key,
    created_at timestamptz not null,
    throttle_key bytea not null unique,
    window_started_at timestamptz not null,
    failures integer not null,
    locked_until timestamptz
);
call isolate_directory_table('sign_in_attempt');

-- A keyed hash of an identifier that must not come back. organisation_id is null when the account itself is gone.
create table tombstone (
    id uuid primary key,
    created_at timestamptz not null,
    organisation_id uuid references organisation (id) on delete cascade,
    kind text not null check (kind in ('email', 'phone', 'username', 'external')),
    identifier_hash bytea not null,
    lifted_at timestamptz
);
create unique index tombstone_identifier on tombstone (kind, identifier_hash, organisation_id) nulls not distinct;
call isolate_directory_table('tombstone');

call let_owner_write('tombstone');

-- Each of these does one narrow thing in the directory, so that a transaction of one organisation may ask for it.
create function buried(identifier_kind text, organisation uuid, hashes bytea[]) returns setof bytea
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select distinct identifier_hash from tombstone
    where kind = identifier_kind and identifier_hash = any(hashes) and lifted_at is null
        and (organisation_id is null or organisation_id = organisation)
$$;

create function bury(at timestamptz, organisation uuid, identifier_kind text, ids uuid[], hashes bytea[]) returns void
    language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into tombstone (id, created_at, organisation_id, kind, identifier_hash)
    select id, at, organisation, identifier_kind, hash from unnest(ids, hashes) as given (id, hash)
    on conflict (kind, identifier_hash, organisation_id) do update set created_at = at, lifted_at = null
$$;
revoke execute on function buried(text, uuid, bytea[]), bury(timestamptz, uuid, text, uuid[], bytea[]) from public;
grant execute on function buried(text, uuid, bytea[]), bury(timestamptz, uuid, text, uuid[], bytea[]) to wardship_serve;

create table outgoing_mail (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid references account (id) on delete cascade,
    recipient text not null,
    subject text not null,
    body text not null,
    attempt integer not null default 0,
    next_at timestamptz not null
);
create index outgoing_mail_due on outgoing_mail (next_at);
create index outgoing_mail_recipient on outgoing_mail (recipient);
call isolate_directory_table('outgoing_mail');
call let_owner_write('outgoing_mail');

create function queue_mail(mail uuid, at timestamptz, account uuid, recipient text, subject text, body text)
    returns void language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into outgoing_mail (id, created_at, account_id, recipient, subject, body, next_at)
    values (mail, at, account, recipient, subject, body, at)
$$;

-- A worker sweeps as soon as something is committed that a sweep must carry on, rather than by the clock alone.
create function call_for_sweep() returns trigger language plpgsql as
    $$ begin perform pg_notify('wardship_sweeps', ''); return null; end $$;
create trigger outgoing_mail_calls_for_sweep after insert on outgoing_mail
    for each row execute function call_for_sweep();

create function forget_mail(address text) returns void
    language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    delete from outgoing_mail where recipient = address
$$;
revoke execute on function queue_mail(uuid, timestamptz, uuid, text, text, text), forget_mail(text) from public;
grant execute on function queue_mail(uuid, timestamptz, uuid, text, text, text), forget_mail(text) to wardship_serve;

-- Hash chain: hash(n) = sha256(hash(n-1) || sha256(entry as RFC 8785 JSON)).
create table audit_head (
    organisation_id uuid primary key references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    sequence bigint not null,
    hash bytea not null
);
call isolate_tenant_table('audit_head');

create table audit_entry (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    sequence bigint not null,
    entry text not null,
    hash bytea not null,
    actor_id uuid,
    action text not null,
    target_kind text not null,
    target_id uuid,
    primary key (organisation_id, id),
    unique (organisation_id, sequence)
);
create index audit_entry_target on audit_entry (organisation_id, target_id, sequence);
call isolate_tenant_table('audit_entry');
revoke update, delete on audit_entry from wardship_serve;
-- The chain only grows, whoever asks.
create function refuse_change() returns trigger language plpgsql as
    $$ begin raise exception 'audit entries are never changed'; end $$;
create trigger audit_entry_is_append_only before update or delete on audit_entry
    for each row execute function refuse_change();

-- Appends in one statement; the row lock on the head keeps concurrent writers from forking the chain.
create function append_audit(
    organisation uuid, entry_id uuid, at timestamptz, entry text, entry_hash bytea,
    actor uuid, action text, target_kind text, target uuid
) returns bigint language sql as $$
    with head as (
        insert into audit_head (organisation_id, id, created_at, sequence, hash)
        values (organisation, entry_id, at, 1, sha256(entry_hash))
        on conflict (organisation_id) do update
            set sequence = audit_head.sequence + 1, hash = sha256(audit_head.hash || entry_hash)
        returning sequence, hash
    )
    insert into audit_entry (
        organisation_id, id, created_at, sequence, entry, hash, actor_id, action, target_kind, target_id)
    select organisation, entry_id, at, head.sequence, entry, head.hash, actor, action, target_kind, target from head
    returning sequence
$$;

-- Who looked at whose data: one row per person looked at.
create table data_access (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    member_id uuid not null,
    actor_id uuid not null,
    actor_kind text not null check (actor_kind in ('member', 'privacy_team', 'token')),
    categories text[] not null,
    primary key (organisation_id, id)
);
create index data_access_member on data_access (organisation_id, member_id, created_at);
call isolate_tenant_table('data_access');
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
