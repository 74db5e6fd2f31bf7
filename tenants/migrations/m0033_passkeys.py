"""Passkeys, their challenges, and by what a session was opened."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0033-passkeys"
DESCRIPTION = "Passkeys, their challenges, and by what a session was opened"

SQL = """
create table passkey (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid not null references account (id) on delete cascade,
    credential_id bytea not null unique check (length(credential_id) <= 1023),
    public_key bytea not null,
    -- What the authenticator calls the account: random, and not its identifier.
    user_handle bytea not null,
    sign_count bigint not null,
    name text not null check (length(name) between 1 and 100),
    transports text[] not null,
    is_backup_eligible boolean not null,
    is_backed_up boolean not null,
    last_used_at timestamptz
);
create index passkey_account on passkey (account_id, created_at, id);
call isolate_directory_table('passkey');
call let_owner_read('passkey');

-- What a browser is to sign, once: of a session, or, before there is one, of the browser that holds a cookie.
create table passkey_challenge (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid references account (id) on delete cascade,
    session_id uuid references session (id) on delete cascade,
    browser_hash bytea,
    purpose text not null check (purpose in ('register', 'prove', 'sign_in')),
    challenge bytea not null unique,
    user_handle bytea,
    expires_at timestamptz not null,
    check ((session_id is null) = (purpose = 'sign_in')),
    check ((account_id is null) = (session_id is null)),
    check ((browser_hash is null) = (session_id is not null)),
    check ((user_handle is null) = (purpose <> 'register'))
);
create index passkey_challenge_account on passkey_challenge (account_id) where account_id is not null;
create index passkey_challenge_session on passkey_challenge (session_id) where session_id is not null;
create index passkey_challenge_expires on passkey_challenge (expires_at);
call isolate_directory_table('passkey_challenge');

-- One place says what a second factor is. The caller's scope decides what it sees.
create function has_second_factor(account uuid) returns boolean language sql stable as $$
    select exists (select from totp_credential t where t.account_id = account and t.confirmed_at is not null)
        or exists (select from passkey p where p.account_id = account)
$$;

-- Whoever has set up the second factor may have been waited for.
create trigger passkey_calls_for_sweep after insert on passkey for each row execute function call_for_sweep();

alter table session add column method text not null default 'password' check (method ~ '^[a-z0-9_:.-]{1,80}$');
alter table account_event add column method text not null default '' check (method ~ '^[a-z0-9_:.-]{0,80}$');

alter table sign_in_link
    drop constraint sign_in_link_purpose_check,
    add constraint sign_in_link_purpose_check check (purpose in ('verify_address', 'return_after_erasure',
        'reset_password', 'demonstration', 'add_address', 'keep_account', 'ask_recovery', 'cancel_recovery',
        'recover', 'sign_in'));

drop function record_account_event(uuid, timestamptz, uuid, text, uuid, text, text, uuid);
create function record_account_event(
    event uuid, at timestamptz, account uuid, kind text, organisation uuid, network text, user_agent text, session uuid,
    method text default ''
) returns void language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into account_event (id, created_at, account_id, kind, organisation_id, network, user_agent, method)
    select event, at, account, record_account_event.kind, organisation,
        coalesce(s.network, record_account_event.network), coalesce(s.user_agent, record_account_event.user_agent),
        record_account_event.method
    from (select) as once left join session s on s.id = session and s.account_id = account
$$;

drop function account_events(uuid, uuid, integer);
create function account_events(account uuid, before uuid, ceiling integer)
returns table (id uuid, created_at timestamptz, kind text, organisation_id uuid, organisation_name text, network text,
    user_agent text, method text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select e.id, e.created_at, e.kind, e.organisation_id, coalesce(o.name, ''), e.network, e.user_agent, e.method
    from account_event e left join organisation o on o.id = e.organisation_id
    where e.account_id = account and e.id < coalesce(before, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    order by e.id desc limit ceiling
$$;

call let_owner_read('totp_credential');
drop function account_details(uuid, timestamptz);
create function account_details(account uuid, now timestamptz)
returns table (id uuid, created_at timestamptz, display_name text, time_zone text, residence_country text,
    recovery_codes_left integer, closes_at timestamptz, addresses jsonb, has_authenticator boolean, passkeys jsonb)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select a.id, a.created_at, a.display_name, a.time_zone, a.residence_country,
        (select count(*) from recovery_code r where r.account_id = a.id and r.used_at is null)::integer, a.closes_at,
        (select coalesce(jsonb_agg(to_jsonb(held) order by held.is_primary desc, held.created_at, held.id), '[]') from (
            select e.id, e.created_at, e.address, e.is_primary, e.verified_at, null::timestamptz as expires_at
            from account_email e where e.account_id = a.id and e.verified_at is not null
            union all
            select l.id, l.created_at, l.address, false, null, l.expires_at from sign_in_link l
            where l.account_id = a.id and l.purpose = 'add_address' and l.used_at is null and l.expires_at > now
        ) as held),
        exists (select from totp_credential t where t.account_id = a.id and t.confirmed_at is not null),
        (select coalesce(jsonb_agg(to_jsonb(shown) order by shown.created_at, shown.id), '[]') from (
            select p.id, p.created_at, p.name, p.last_used_at, p.is_backup_eligible, p.is_backed_up
            from passkey p where p.account_id = a.id
        ) as shown)
    from account a where a.id = account and a.state = 'active'
$$;
revoke execute on function record_account_event, account_events, account_details from public;
grant execute on function record_account_event, account_events, account_details to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
