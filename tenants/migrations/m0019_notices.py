"""Notices to the members of an organisation."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0019-notices"
DESCRIPTION = "Notices to the members of an organisation"

SQL = """
create table notice (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    member_id uuid not null,
    kind text not null,
    needs text not null default '', -- the permission without which it is seen and mailed no more
    target_kind text not null default '',
    target_id uuid,
    details jsonb not null default '{}',
    event bytea not null, -- the same event is told once
    sealed bytea, -- details that only the owner of the address may see
    read_at timestamptz,
    mail_state text not null default 'new'
        check (mail_state in ('new', 'waiting', 'mailed', 'in_product', 'unreachable', 'refused')),
    mail_at timestamptz not null,
    mail_id uuid, -- of the mail that it was put into
    primary key (organisation_id, id),
    unique (organisation_id, member_id, event),
    foreign key (organisation_id, member_id) references member (organisation_id, id) on delete cascade
);
create index notice_order on notice (organisation_id, member_id, created_at, id);
create index notice_unread on notice (organisation_id, member_id, created_at, id) where read_at is null;
create index notice_due on notice (organisation_id, mail_at) where mail_state in ('new', 'waiting');
create index notice_due_anywhere on notice (mail_at, organisation_id) where mail_state in ('new', 'waiting');
create index notice_mail on notice (organisation_id, mail_id) where mail_id is not null;
create index notice_age on notice (created_at);
create index notice_read on notice (read_at) where read_at is not null;
call isolate_tenant_table('notice');
call let_owner_read('notice');
create trigger notice_calls_for_sweep after insert on notice for each statement execute function call_for_sweep();

-- Who watches is told that there is something new.
create function notice_is_news() returns trigger language plpgsql as $$
begin
    perform pg_notify('wardship_changes', organisation_id || ':notices:' || member_id)
    from (select distinct organisation_id, member_id from made) news;
    return null;
end $$;
create trigger notice_notifies after insert on notice
    referencing new table as made for each statement execute function notice_is_news();

-- Whoever tells a member something writes a notice; what mail holds is encrypted (core, m0005).
drop function queue_member_mail(uuid, uuid, timestamptz, text, text);
alter table outgoing_mail drop column subject, drop column body;

-- Which organisations have notices to mail; whom they are for is read in a transaction of each.
create function notices_due(until timestamptz) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select distinct organisation_id from notice where mail_state in ('new', 'waiting') and mail_at <= until
$$;

-- Which organisations have notices that were kept for long enough.
create function notices_kept_enough(read_until timestamptz, told_until timestamptz) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select organisation_id from notice where read_at < read_until
    union select organisation_id from notice where created_at < told_until
$$;

-- Which of these members of the own organisation have a verified address; the address stays in the directory.
create function members_with_address(wanted uuid[]) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select m.id from member m join account_email e on e.account_id = m.account_id
    where m.organisation_id = current_tenant() and m.id = any(wanted) and e.is_primary and e.verified_at is not null
$$;
revoke execute on function notices_due, notices_kept_enough, members_with_address from public;
grant execute on function notices_due, notices_kept_enough, members_with_address to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
