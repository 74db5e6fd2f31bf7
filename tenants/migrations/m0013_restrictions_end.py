"""Restrictions that end as announced, and grace periods after memberships that ended."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0013-restrictions-end"
DESCRIPTION = "Announced ends of restrictions, grace periods"

SQL = """
alter table restriction add column lift_at timestamptz;
create index restriction_lift on restriction (lift_at) where lifted_at is null and lift_at is not null;
create index restriction_member on restriction (organisation_id, member_id, created_at, id);
create index restriction_request on restriction (organisation_id, request_id) where lifted_at is null;
call let_owner_read('restriction');

-- The time after the end of a membership. `next_at` alone says when the clock acts on one that is running.
create table grace_period (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    member_id uuid not null,
    state text not null default 'running' check (state in ('running', 'erasure_asked', 'ended')),
    cause text not null check (cause in ('requested', 'suspended', 'removed')),
    ends_at timestamptz not null,
    next_at timestamptz not null,
    warnings integer not null default 0,
    request_id uuid,
    ended_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, member_id) references member (organisation_id, id) on delete cascade,
    check ((state = 'erasure_asked') <= (request_id is not null)),
    check ((state = 'ended') = (ended_at is not null))
);
create unique index one_open_grace_period on grace_period (organisation_id, member_id) where state <> 'ended';
create index grace_period_member on grace_period (organisation_id, member_id);
create index grace_period_clock on grace_period (next_at) where state = 'running';
create index grace_period_asked on grace_period (request_id) where state = 'erasure_asked';
create index data_request_of_retention on data_request (id) where identity_method = 'grace_ended' and ended_at is null;

-- For the owner, too, a table that forces its policies looks empty.
alter table member no force row level security;
alter table data_request no force row level security;
alter table request_right no force row level security;
alter table request_event no force row level security;
alter table restriction no force row level security;

-- An erasure that waits restricts from now on.
insert into restriction (organisation_id, id, created_at, member_id, cause, request_id)
    select g.organisation_id, time_ordered_id(), now(), r.member_id, 'erasure', r.id
    from request_right g join data_request r on r.organisation_id = g.organisation_id and r.id = g.request_id
    where g.kind = 'erasure' and g.state = 'scheduled' and r.identity_method <> 'grace_ended'
    on conflict do nothing;

-- What ended without lifting what it restricted: the clock lifts it, which also tells the vendors.
update restriction x set lift_at = now(), lifted_reason = 'its cause has ended'
    where x.lifted_at is null and x.cause in ('disputed', 'late') and not exists (
        select from request_right g where g.organisation_id = x.organisation_id and g.request_id = x.request_id
            and g.ended_at is null
            and (x.cause = 'late' or (g.state = 'with_privacy_team' and g.decided_at is not null)));

-- An erasure that the end of the grace period scheduled, and that nobody has decided, starts over with warnings.
with gone as (
    update request_right g set state = 'withdrawn', ended_at = now(), outcome = 'grace_renewed', scheduled_for = null
    from data_request r where r.organisation_id = g.organisation_id and r.id = g.request_id
        and r.identity_method = 'grace_ended' and g.ended_at is null and g.started_at is null
    returning g.organisation_id, g.request_id, g.id
), closed as (
    update data_request r set ended_at = now() from gone
    where r.organisation_id = gone.organisation_id and r.id = gone.request_id
)
insert into request_event (organisation_id, id, created_at, request_id, right_id, actor_kind, kind, reason)
    select organisation_id, time_ordered_id(), now(), request_id, id, 'system', 'withdrawn', 'grace_renewed' from gone;

-- Everybody whose membership has ended is warned before anything is asked for: thirty days at least, from now on.
insert into grace_period (organisation_id, id, created_at, member_id, cause, ends_at, next_at)
    select m.organisation_id, time_ordered_id(), now(), m.id,
        case when m.state = 'removed' then 'removed' when asked.scheduled_for is null then 'suspended'
            else 'requested' end,
        greatest(coalesce(asked.scheduled_for, m.left_at + interval '90 days'), now() + interval '30 days'),
        greatest(coalesce(asked.scheduled_for, m.left_at + interval '90 days'), now() + interval '30 days')
            - interval '30 days'
    from member m left join lateral (
        select coalesce(g.scheduled_for, g.ended_at) as scheduled_for from request_right g
        join data_request r on r.organisation_id = g.organisation_id and r.id = g.request_id
        where r.organisation_id = m.organisation_id and r.member_id = m.id and g.kind = 'deactivation'
            and g.state in ('fulfilled', 'partially_fulfilled') order by g.ended_at desc limit 1) asked on true
    where m.state in ('deactivated', 'removed');
update request_right set scheduled_for = null where kind = 'deactivation';

alter table member force row level security;
alter table data_request force row level security;
alter table request_right force row level security;
alter table request_event force row level security;
alter table restriction force row level security;
call isolate_tenant_table('grace_period');
call let_owner_read('grace_period');

-- As before; besides, announced ends of restrictions, and grace periods.
create or replace function requests_due(at timestamptz, unverified_before timestamptz, most integer)
returns table (organisation_id uuid, id uuid, deed text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    (select r.organisation_id, r.id, 'expire' from data_request r
        where r.ended_at is null and r.identity_state = 'pending' and r.submitted_at <= unverified_before limit most)
    union all
    (select r.organisation_id, r.id, 'escalate' from data_request r
        where r.ended_at is null and r.identity_state = 'verified'
            and (r.decide_by <= at or (r.acknowledged_at is null and r.acknowledge_by <= at))
            and exists (select from request_right g where g.organisation_id = r.organisation_id
                and g.request_id = r.id and g.state = 'with_admin') limit most)
    union all
    (select r.organisation_id, r.id, 'restrict_late' from data_request r
        where r.ended_at is null and r.identity_state = 'verified' and r.due_at <= at and r.late_since is null
        limit most)
    union all
    (select g.organisation_id, g.id, 'carry_out' from request_right g
        where (g.state = 'approved' and g.kind <> 'erasure') or (g.state = 'scheduled' and g.scheduled_for <= at
            and not exists (select from request_right other where other.organisation_id = g.organisation_id
                and other.request_id = g.request_id and other.kind in ('access', 'portability')
                and other.ended_at is null)) limit most)
    union all
    (select g.organisation_id, g.id, 'settle' from request_right g
        where g.state in ('in_progress', 'awaiting_vendors', 'attesting')
            and not exists (select from obligation o where o.organisation_id = g.organisation_id
                and o.request_id = g.request_id and o.right_id = g.id and o.ended_at is null
                and (o.verb <> 'attest' or g.state = 'attesting')) limit most)
    union all
    (select r.organisation_id, r.id, 'withdraw' from data_request r
        join member m on m.organisation_id = r.organisation_id and m.id = r.member_id
        where r.ended_at is null and r.identity_method = 'grace_ended' and m.state = 'active'
            and exists (select from request_right g where g.organisation_id = r.organisation_id
                and g.request_id = r.id and g.state in ('with_admin', 'with_privacy_team', 'approved', 'previewed',
                    'scheduled')) limit most)
    union all
    (select p.organisation_id, p.id, 'act_on_grace' from grace_period p
        where p.state = 'running' and p.next_at <= at limit most)
    union all
    (select p.organisation_id, p.id, 'act_on_grace' from grace_period p
        join data_request r on r.organisation_id = p.organisation_id and r.id = p.request_id
        where p.state = 'erasure_asked' and r.ended_at is not null limit most)
    union all
    (select x.organisation_id, x.id, 'lift' from restriction x
        where x.lifted_at is null and x.lift_at <= at limit most)
    union all
    (select r.organisation_id, r.id, 'certify' from data_request r
        where r.is_certificate_due limit most)
    union all
    (select f.organisation_id, f.id, 'destroy_export' from export_file f
        where f.destroyed_at is null and f.expires_at <= at limit most)
$$;

"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
