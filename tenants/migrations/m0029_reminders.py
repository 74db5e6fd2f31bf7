"""Those with whom a request is are reminded before its clocks run out."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0029-reminders"
DESCRIPTION = "When somebody is reminded of a request"

SQL = """
alter table data_request add column remind_at timestamptz; -- when somebody is reminded next; the clock sets it again
create index data_request_remind on data_request (remind_at) where ended_at is null;
alter table data_request no force row level security;
update data_request set remind_at = now() where ended_at is null;
alter table data_request force row level security;

-- As before; besides, reminders.
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
    (select r.organisation_id, r.id, 'remind' from data_request r
        where r.ended_at is null and r.identity_state = 'verified' and r.remind_at <= at limit most)
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
