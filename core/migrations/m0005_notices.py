"""Notices to accounts, how a person wants to be mailed, and mail that is sealed while it waits."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.core.migrations import APP_NAME

ID = "core-0005-notices"
DESCRIPTION = "Notices to accounts, how a person wants to be mailed, mail sealed while it waits"

SQL = """
-- Subject and body are encrypted while they wait. No statement has the key: what was queued before is sent as it was,
-- with four zero bytes where a key's id would be.
alter table outgoing_mail
    add column content bytea,
    add column about text not null default '', -- what learns of a refusal: that which has the mail's id
    add column organisation_id uuid; -- where that is; no reference, since mail outlives it
update outgoing_mail set content = '\\x00000000'::bytea
    || convert_to(jsonb_build_object('subject', subject, 'body', body)::text, 'UTF8');
alter table outgoing_mail alter column content set not null, alter column subject drop not null,
    alter column body drop not null; -- a migration of tenants drops both, with the function there that writes them
drop function queue_mail(uuid, timestamptz, uuid, text, text, text);
create function queue_mail(
    at timestamptz, ids uuid[], accounts uuid[], recipients text[], contents bytea[], abouts text[],
    organisations uuid[]
) returns void language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into outgoing_mail (id, created_at, account_id, recipient, content, about, organisation_id, next_at)
    select id, at, account, recipient, content, about, organisation, at
    from unnest(ids, accounts, recipients, contents, abouts, organisations)
        as q (id, account, recipient, content, about, organisation)
$$;
revoke execute on function queue_mail from public;
grant execute on function queue_mail to wardship_serve;

-- Mail that was given up, until what it was about has learned of it. It names no address.
create table refused_mail (
    id uuid primary key, -- of the mail
    created_at timestamptz not null,
    account_id uuid references account (id) on delete cascade,
    about text not null,
    organisation_id uuid,
    reason text not null
);
create index refused_mail_about on refused_mail (about, organisation_id);
call isolate_directory_table('refused_mail');

-- What is told to somebody as the owner of an account, or as one of the provider's staff. What is told to a member
-- stands in the organisation: `notice`.
create table account_notice (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid not null references account (id) on delete cascade,
    kind text not null,
    needs text not null default '', -- the role of staff without which it is seen no more
    organisation_id uuid references organisation (id) on delete cascade, -- that of the target
    target_kind text not null default '',
    target_id uuid,
    details jsonb not null default '{}',
    event bytea not null, -- the same event is told once
    read_at timestamptz,
    mail_state text not null default 'new'
        check (mail_state in ('new', 'waiting', 'mailed', 'in_product', 'unreachable', 'refused')),
    mail_at timestamptz not null,
    mail_id uuid, -- of the mail that it was put into
    unique (account_id, event)
);
create index account_notice_order on account_notice (account_id, created_at, id);
create index account_notice_unread on account_notice (account_id, created_at, id) where read_at is null;
create index account_notice_due on account_notice (mail_at) where mail_state in ('new', 'waiting');
create index account_notice_mail on account_notice (mail_id) where mail_id is not null;
create index account_notice_age on account_notice (created_at);
create index account_notice_read on account_notice (read_at) where read_at is not null;
call isolate_directory_table('account_notice');
call let_owner_write('account_notice');

-- A transaction of any organisation may tell the provider's staff something, and learns nothing of them.
create function tell_staff(
    wanted_role text, at timestamptz, kind text, organisation uuid, target_kind text, target uuid, details jsonb,
    event bytea, ordered text
) returns void language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into account_notice (id, created_at, account_id, kind, needs, organisation_id, target_kind, target_id,
        details, event, mail_at)
    select (ordered || substr(gen_random_uuid()::text, 19))::uuid, at, s.account_id, tell_staff.kind, wanted_role,
        organisation, tell_staff.target_kind, target, tell_staff.details, tell_staff.event, at
    from staff s join account a on a.id = s.account_id and a.state = 'active'
    where s.role = wanted_role
    on conflict (account_id, event) do nothing
$$;
revoke execute on function tell_staff from public;
grant execute on function tell_staff to wardship_serve;

-- What an account was told, the newest first, and reading it, in a transaction of whichever organisation the person is
-- in. What was told to staff needs the role still.
create function account_notices(
    account uuid, roles text[], is_unread boolean, before timestamptz, before_id uuid, most integer
) returns table (
    id uuid, created_at timestamptz, kind text, target_kind text, target_id uuid, details jsonb, read_at timestamptz,
    organisation text, slug text
) language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin -- unread ones apart, because an index has them alone
    if is_unread then
        return query select n.id, n.created_at, n.kind, n.target_kind, n.target_id, n.details, n.read_at,
            coalesce(o.name, ''), coalesce(o.slug, '')
        from account_notice n left join organisation o on o.id = n.organisation_id
        where n.account_id = account and n.read_at is null and (n.needs = '' or n.needs = any(roles))
            and (before is null or (n.created_at, n.id) < (before, before_id))
        order by n.created_at desc, n.id desc limit most;
    else
        return query select n.id, n.created_at, n.kind, n.target_kind, n.target_id, n.details, n.read_at,
            coalesce(o.name, ''), coalesce(o.slug, '')
        from account_notice n left join organisation o on o.id = n.organisation_id
        where n.account_id = account and (n.needs = '' or n.needs = any(roles))
            and (before is null or (n.created_at, n.id) < (before, before_id))
        order by n.created_at desc, n.id desc limit most;
    end if;
end $$;
create function account_notices_by_id(account uuid, roles text[], wanted uuid[]) returns table (
    id uuid, created_at timestamptz, kind text, target_kind text, target_id uuid, details jsonb, read_at timestamptz,
    organisation text, slug text
) language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select n.id, n.created_at, n.kind, n.target_kind, n.target_id, n.details, n.read_at, coalesce(o.name, ''),
        coalesce(o.slug, '')
    from unnest(wanted) w (id)
        cross join lateral (select a.* from account_notice a where a.id = w.id offset 0) n -- each by its key
        left join organisation o on o.id = n.organisation_id
    where n.account_id = account and (n.needs = '' or n.needs = any(roles))
$$;
create function read_account_notices(account uuid, ids uuid[], at timestamptz) returns void
    language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    update account_notice set read_at = at
    where account_id = account and read_at is null and (ids is null or id = any(ids))
$$;
revoke execute on function account_notices, account_notices_by_id, read_account_notices from public;
grant execute on function account_notices, account_notices_by_id, read_account_notices to wardship_serve;

-- Who watches is told that there is something new.
create function account_notice_is_news() returns trigger language plpgsql as $$
begin
    perform pg_notify('wardship_changes', '00000000-0000-0000-0000-000000000000:notices:' || account_id)
    from (select distinct account_id from made) news;
    return null;
end $$;
create trigger account_notice_notifies after insert on account_notice
    referencing new table as made for each statement execute function account_notice_is_news();

create table notice_preference (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid not null unique references account (id) on delete cascade,
    pace text not null default 'daily' check (pace in ('at_once', 'daily')),
    turned_off text[] not null default '{}'
);
call isolate_directory_table('notice_preference');
call let_owner_write('notice_preference');

-- What somebody chose, and choosing it, in a transaction of whichever organisation the person is in.
create function notice_preference_of(account uuid) returns table (pace text, turned_off text[], zone text)
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin -- the next migration adds the time zone, before this is called
    return query select coalesce(p.pace, 'daily'), coalesce(p.turned_off, '{}'), a.time_zone
        from account a left join notice_preference p on p.account_id = a.id where a.id = account;
end $$;
create function choose_notices(account uuid, at timestamptz, chosen_pace text, turned_off text[]) returns void
    language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into notice_preference (id, created_at, account_id, pace, turned_off)
    values (gen_random_uuid(), at, account, chosen_pace, choose_notices.turned_off)
    on conflict (account_id) do update set pace = excluded.pace, turned_off = excluded.turned_off
$$;
revoke execute on function notice_preference_of, choose_notices from public;
grant execute on function notice_preference_of, choose_notices to wardship_serve;

create trigger account_notice_calls_for_sweep after insert on account_notice
    for each statement execute function call_for_sweep();
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
