"""Links that change an account, and a way back for who has lost the second factor."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0020-accounts"
DESCRIPTION = "Links that change an account, and its recovery from a lost second factor"

SQL = """
-- Two people approve, then it waits, then a link is mailed that sets a new second factor.
create table account_recovery (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid not null references account (id) on delete cascade,
    organisation_id uuid not null references organisation (id) on delete cascade, -- whose people decide
    state text not null
        check (state in ('asked', 'approved', 'open', 'done', 'declined', 'cancelled', 'expired', 'refused')),
    state_since timestamptz not null,
    asked_by uuid not null, -- an account: the person's own, or an administrator's
    address_id uuid not null, -- the primary address when it was asked for: the link goes there or nowhere
    replaces_password boolean not null default false,
    first_approver_id uuid, -- accounts
    second_approver_id uuid,
    is_announced boolean not null default false, -- whether those who decide know of where it stands
    acts_at timestamptz not null, -- when the clock leads on
    ended_at timestamptz,
    reason text not null default '',
    check (first_approver_id <> account_id and second_approver_id <> account_id),
    check (first_approver_id <> second_approver_id),
    check (second_approver_id is null or first_approver_id is not null),
    check (state not in ('approved', 'open', 'done') or second_approver_id is not null),
    check ((ended_at is null) = (state in ('asked', 'approved', 'open')))
);
create unique index account_recovery_one on account_recovery (account_id) where ended_at is null;
create index account_recovery_due on account_recovery (acts_at) where ended_at is null;
create index account_recovery_untold on account_recovery (id) where not is_announced;
create index account_recovery_organisation on account_recovery (organisation_id, state, created_at, id);
call isolate_directory_table('account_recovery');
call let_owner_read('account_recovery');

alter table session add column recovery_id uuid references account_recovery (id) on delete cascade;
create index session_recovery on session (recovery_id) where recovery_id is not null;

-- A link knows the address that it was mailed to, because it dies when the address leaves the account.
alter table sign_in_link
    drop constraint sign_in_link_purpose_check,
    drop constraint sign_in_link_check1,
    add column recovery_id uuid references account_recovery (id) on delete cascade,
    add constraint sign_in_link_purpose_check check (purpose in ('verify_address', 'return_after_erasure',
        'reset_password', 'demonstration', 'add_address', 'keep_account', 'ask_recovery', 'cancel_recovery',
        'recover')),
    add constraint sign_in_link_address_check check (address <> '' or purpose not in ('verify_address', 'add_address')),
    add constraint sign_in_link_recovery_check
        check ((recovery_id is not null) = (purpose in ('cancel_recovery', 'recover')));
create index sign_in_link_recovery on sign_in_link (recovery_id) where recovery_id is not null;

create function rank_of(organisation uuid, account uuid) returns integer
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    -- As RANK in tenants/permissions.py, of an active member alone; -1 for others.
    select coalesce(max(case r.role when 'org_owner' then 4 when 'org_admin' then 3 when 'privacy_officer' then 2
        when 'auditor' then 1 else 0 end), -1)
    from member m join role_assignment r on r.organisation_id = m.organisation_id and r.member_id = m.id
    where m.organisation_id = organisation and m.account_id = account and m.state = 'active'
$$;

-- Whose people may decide on the recovery of an account: its only organisation, where two others may, one of whom ranks
-- above the person; else the provider's privacy team. Memberships that have ended count: they can come back. So does a
-- place in the staff.
create function recovery_place(account uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    with place as (
        select m.organisation_id, m.state, rank_of(m.organisation_id, account) as rank,
            count(*) over () as places
        from member m
        where m.account_id = account and m.state <> 'erased' and m.organisation_id <> THE_PROVIDER
    )
    select coalesce((
        select p.organisation_id from place p join organisation o on o.id = p.organisation_id and o.state = 'active'
        where p.places = 1 and p.state = 'active' and not exists (select from staff s where s.account_id = account)
            and (select count(*) >= 2 and max(rank_of(p.organisation_id, a.account_id)) > p.rank from member a
                where a.organisation_id = p.organisation_id and a.state = 'active' and a.account_id <> account
                    and rank_of(p.organisation_id, a.account_id) >= greatest(p.rank, 3))
    ), THE_PROVIDER)
$$;

-- Why a recovery may not go on, in a word; null when it may. Asked again at each step.
create function recovery_fault(recovery uuid) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select case
        when a.state <> 'active' then 'account_gone'
        when not exists (select from account_email e where e.id = r.address_id and e.account_id = r.account_id
            and e.is_primary and e.verified_at is not null) then 'address_changed'
        when r.organisation_id <> THE_PROVIDER and recovery_place(r.account_id) <> r.organisation_id
            then 'belongs_elsewhere'
        when r.organisation_id = THE_PROVIDER and exists (
            select from unnest(array[r.first_approver_id, r.second_approver_id]) as approver
            where approver is not null and not exists (select from staff s where s.account_id = approver
                and s.role = 'privacy_team')) then 'approver_gone'
        when r.organisation_id <> THE_PROVIDER and exists (
            select from unnest(array[r.first_approver_id, r.second_approver_id]) as approver
            where approver is not null and rank_of(r.organisation_id, approver)
                < greatest(3, rank_of(r.organisation_id, r.account_id))) then 'approver_gone'
        when r.organisation_id <> THE_PROVIDER and r.second_approver_id is not null
            and greatest(rank_of(r.organisation_id, r.first_approver_id),
                rank_of(r.organisation_id, r.second_approver_id)) <= rank_of(r.organisation_id, r.account_id)
            then 'approver_gone'
        end
    from account_recovery r join account a on a.id = r.account_id where r.id = recovery
$$;

-- A page of the recoveries on which this organisation's people decide. At the provider the address tells who it is,
-- elsewhere the membership does.
create function account_recoveries(wanted text[], after_at timestamptz, after_id uuid, ceiling integer)
returns table (id uuid, created_at timestamptz, account_id uuid, state text, state_since timestamptz,
    acts_at timestamptz, ended_at timestamptz, reason text, asked_by uuid, replaces_password boolean,
    first_approver_id uuid, second_approver_id uuid, member_id uuid, address text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select r.id, r.created_at, r.account_id, r.state, r.state_since, r.acts_at, r.ended_at, r.reason, r.asked_by,
        r.replaces_password, r.first_approver_id, r.second_approver_id, m.id,
        case when r.organisation_id = THE_PROVIDER and r.ended_at is null then coalesce(e.address, '') else '' end
    from (
        select each.* from unnest(coalesce(wanted, array['asked', 'approved', 'open', 'done', 'declined', 'cancelled',
                'expired', 'refused'])) as s (state)
            cross join lateral (
                select * from account_recovery c
                where c.organisation_id = current_tenant() and c.state = s.state and (c.created_at, c.id)
                    > (coalesce(after_at, '-infinity'), coalesce(after_id, '00000000-0000-0000-0000-000000000000'))
                order by c.created_at, c.id limit ceiling
            ) each
        order by each.created_at, each.id limit ceiling
    ) r
        left join member m on m.organisation_id = r.organisation_id and m.account_id = r.account_id
        left join account_email e on e.id = r.address_id
    order by r.created_at, r.id
$$;

create function recovery_by_id(recovery uuid)
returns table (id uuid, created_at timestamptz, account_id uuid, state text, state_since timestamptz,
    acts_at timestamptz, ended_at timestamptz, reason text, asked_by uuid, replaces_password boolean,
    first_approver_id uuid, second_approver_id uuid, member_id uuid, address text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select r.id, r.created_at, r.account_id, r.state, r.state_since, r.acts_at, r.ended_at, r.reason, r.asked_by,
        r.replaces_password, r.first_approver_id, r.second_approver_id, m.id, ''
    from account_recovery r
        left join member m on m.organisation_id = current_tenant() and m.account_id = r.account_id
    where r.id = recovery
$$;

-- The recovery of one account that has not ended.
create function recovery_of(account uuid)
returns table (id uuid, created_at timestamptz, account_id uuid, state text, state_since timestamptz,
    acts_at timestamptz, ended_at timestamptz, reason text, asked_by uuid, replaces_password boolean,
    first_approver_id uuid, second_approver_id uuid, member_id uuid, address text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select r.id, r.created_at, r.account_id, r.state, r.state_since, r.acts_at, r.ended_at, r.reason, r.asked_by,
        r.replaces_password, r.first_approver_id, r.second_approver_id, null::uuid, ''
    from account_recovery r where r.account_id = account and r.ended_at is null
$$;
-- As before, but the place in the list is a bound of the index whether there is one or not: an alternative is none.
create or replace function account_events(account uuid, before uuid, ceiling integer)
returns table (id uuid, created_at timestamptz, kind text, organisation_id uuid, organisation_name text, network text,
    user_agent text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select e.id, e.created_at, e.kind, e.organisation_id, coalesce(o.name, ''), e.network, e.user_agent
    from account_event e left join organisation o on o.id = e.organisation_id
    where e.account_id = account and e.id < coalesce(before, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    order by e.id desc limit ceiling
$$;

revoke execute on function rank_of, recovery_place, recovery_fault, account_recoveries, recovery_by_id, recovery_of
    from public;
grant execute on function recovery_place, recovery_fault, account_recoveries, recovery_by_id, recovery_of
    to wardship_serve;
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
