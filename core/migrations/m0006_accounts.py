"""A person's time zone, what happened to an account, and when it is closed."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.core.migrations import APP_NAME

ID = "core-0006-accounts"
DESCRIPTION = "Time zone, security log and closing of an account"

SQL = """
alter table account
    add column time_zone text not null default 'UTC' check (length(time_zone) <= 64),
    add column closes_at timestamptz,
    add column recovered_at timestamptz;
create index account_closes on account (closes_at) where closes_at is not null;

-- What happened to an account: for its owner, and gone with it. Identifiers are in order of time, so the list needs no
-- other index.
create table account_event (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid not null references account (id) on delete cascade,
    kind text not null check (kind ~ '^[a-z_]{1,40}$'),
    organisation_id uuid references organisation (id) on delete set null,
    network text not null default '',
    user_agent text not null default ''
);
create index account_event_account on account_event (account_id, id);
create index account_event_organisation on account_event (organisation_id) where organisation_id is not null;
call isolate_directory_table('account_event');
call let_owner_read('account_event');
call let_owner_write('account_event');

-- From a transaction of any scope. Where no device is given it is that of the session, if there is one.
create function record_account_event(
    event uuid, at timestamptz, account uuid, kind text, organisation uuid, network text, user_agent text, session uuid
) returns void language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into account_event (id, created_at, account_id, kind, organisation_id, network, user_agent)
    select event, at, account, record_account_event.kind, organisation,
        coalesce(s.network, record_account_event.network), coalesce(s.user_agent, record_account_event.user_agent)
    from (select) as once left join session s on s.id = session and s.account_id = account
$$;

-- A page of what happened to one account, latest first.
create function account_events(account uuid, before uuid, ceiling integer)
returns table (id uuid, created_at timestamptz, kind text, organisation_id uuid, organisation_name text, network text,
    user_agent text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select e.id, e.created_at, e.kind, e.organisation_id, coalesce(o.name, ''), e.network, e.user_agent
    from account_event e left join organisation o on o.id = e.organisation_id
    where e.account_id = account and (before is null or e.id < before) order by e.id desc limit ceiling
$$;

-- What a person sees of the own account: addresses that wait for their mailed link among the verified ones.
call let_owner_read('recovery_code');
call let_owner_read('sign_in_link');
create function account_details(account uuid, now timestamptz)
returns table (id uuid, created_at timestamptz, display_name text, time_zone text, recovery_codes_left integer,
    closes_at timestamptz, addresses jsonb)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select a.id, a.created_at, a.display_name, a.time_zone,
        (select count(*) from recovery_code r where r.account_id = a.id and r.used_at is null)::integer, a.closes_at,
        (select coalesce(jsonb_agg(to_jsonb(held) order by held.is_primary desc, held.created_at, held.id), '[]') from (
            select e.id, e.created_at, e.address, e.is_primary, e.verified_at, null::timestamptz as expires_at
            from account_email e where e.account_id = a.id and e.verified_at is not null
            union all
            select l.id, l.created_at, l.address, false, null, l.expires_at from sign_in_link l
            where l.account_id = a.id and l.purpose = 'add_address' and l.used_at is null and l.expires_at > now
        ) as held)
    from account a where a.id = account and a.state = 'active'
$$;
revoke execute on function record_account_event, account_events, account_details from public;
grant execute on function record_account_event, account_events, account_details to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
