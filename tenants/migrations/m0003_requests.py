"""Requests from members, their rights, events, previews, export files and certificates."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0003-requests"
DESCRIPTION = "Requests from members, rights, events, previews, export files, certificates"

SQL = """
create table data_request (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    member_id uuid not null,
    submitted_at timestamptz not null,
    country text not null default '' check (country ~ '^([A-Z]{2})?$'),
    work_country text not null default '' check (work_country ~ '^([A-Z]{2})?$'),
    regime text not null,
    due_at timestamptz not null,
    original_due_at timestamptz not null,
    extension_reason text not null default '',
    extended_at timestamptz,
    identity_state text not null default 'pending' check (identity_state in ('pending', 'verified', 'expired')),
    identity_method text not null default '',
    identity_verified_at timestamptz,
    identity_code_hash bytea,
    identity_code_sent_at timestamptz,
    identity_code_attempts integer not null default 0,
    handler text not null default 'admin' check (handler in ('admin', 'privacy_team')),
    acknowledge_by timestamptz not null,
    decide_by timestamptz not null,
    acknowledged_at timestamptz,
    escalated_at timestamptz,
    escalation_reason text not null default '',
    late_since timestamptz,
    reference_hash bytea not null unique,
    is_certificate_due boolean not null default false,
    ended_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, member_id) references member (organisation_id, id)
);
create index data_request_order on data_request (organisation_id, submitted_at, id);
create index data_request_member on data_request (organisation_id, member_id, submitted_at, id);
create index data_request_certificate on data_request (id) where is_certificate_due;
create index data_request_clock on data_request (decide_by, acknowledge_by) where ended_at is null;
call isolate_tenant_table('data_request');
call let_owner_read('data_request');

create table request_right (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    request_id uuid not null,
    kind text not null check (kind in ('access', 'portability', 'correction', 'restriction', 'erasure', 'objection',
        'consent_withdrawal', 'deactivation')),
    state text not null check (state in ('submitted', 'with_admin', 'approved', 'refused', 'escalated',
        'with_privacy_team', 'denied', 'previewed', 'scheduled', 'in_progress', 'awaiting_vendors', 'attesting',
        'fulfilled', 'partially_fulfilled', 'withdrawn', 'expired')),
    handler text not null default 'admin' check (handler in ('admin', 'privacy_team')),
    details jsonb not null default '{}',
    decided_by uuid,
    decided_at timestamptz,
    decision_code text not null default '',
    decision_reason text not null default '',
    limitation text not null default '',
    committed_by uuid,
    scheduled_for timestamptz,
    started_at timestamptz,
    outcome text not null default '',
    ended_at timestamptz,
    primary key (organisation_id, id),
    unique (organisation_id, request_id, kind),
    foreign key (organisation_id, request_id) references data_request (organisation_id, id) on delete cascade
);
create index request_right_order on request_right (organisation_id, request_id, created_at, id);
create index request_right_moving on request_right (state) where state in ('with_admin', 'approved', 'scheduled',
    'in_progress', 'awaiting_vendors', 'attesting');
create trigger request_right_calls_for_sweep after update of state on request_right for each row
    when (new.state is distinct from old.state) execute function call_for_sweep();
create index request_right_clock on request_right (scheduled_for) where scheduled_for is not null;
call isolate_tenant_table('request_right');
call let_owner_read('request_right');

create table request_event (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    request_id uuid not null,
    right_id uuid,
    actor_id uuid,
    actor_kind text not null check (actor_kind in ('member', 'admin', 'privacy_team', 'system', 'integration')),
    kind text not null,
    reason text not null default '',
    primary key (organisation_id, id),
    foreign key (organisation_id, request_id) references data_request (organisation_id, id) on delete cascade
);
create index request_event_order on request_event (organisation_id, request_id, created_at, id);
call isolate_tenant_table('request_event');

create table preview (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    right_id uuid not null,
    digest bytea not null,
    content jsonb not null,
    made_by uuid not null,
    committed_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, right_id) references request_right (organisation_id, id) on delete cascade
);
create index preview_right on preview (organisation_id, right_id, created_at, id);
call isolate_tenant_table('preview');

-- A copy for the person, encrypted under a key of the deployment and bound to its row; destroyed, the row stays.
create table export_file (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    request_id uuid not null,
    right_id uuid not null,
    member_id uuid not null,
    media_type text not null,
    name text not null,
    content bytea,
    content_sha256 bytea not null,
    is_complete boolean not null default true,
    expires_at timestamptz not null,
    destroyed_at timestamptz,
    downloaded_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, request_id) references data_request (organisation_id, id) on delete cascade,
    foreign key (organisation_id, right_id) references request_right (organisation_id, id) on delete cascade,
    foreign key (organisation_id, member_id) references member (organisation_id, id),
    check (destroyed_at is null or content is null)
);
create index export_file_member on export_file (organisation_id, member_id);
create index export_file_expiry on export_file (expires_at) where destroyed_at is null;
call isolate_tenant_table('export_file');
call let_owner_read('export_file');

create table certificate (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    request_id uuid not null,
    jws text not null,
    primary key (organisation_id, id),
    unique (organisation_id, request_id),
    foreign key (organisation_id, request_id) references data_request (organisation_id, id) on delete cascade
);
call isolate_tenant_table('certificate');
call let_owner_read('certificate');

-- What the clocks demand of requests in every organisation: identifiers only. Each deed is checked again, under a lock,
-- in a transaction of its own organisation.
create function requests_due(at timestamptz, unverified_before timestamptz, most integer)
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
    (select g.organisation_id, g.id, 'end_grace' from request_right g
        join data_request r on r.organisation_id = g.organisation_id and r.id = g.request_id
        join member m on m.organisation_id = r.organisation_id and m.id = r.member_id
        where g.kind = 'deactivation' and g.state = 'fulfilled' and g.scheduled_for <= at
            and m.state = 'deactivated' limit most)
    union all
    (select r.organisation_id, r.id, 'certify' from data_request r
        where r.is_certificate_due limit most)
    union all
    (select f.organisation_id, f.id, 'destroy_export' from export_file f
        where f.destroyed_at is null and f.expires_at <= at limit most)
$$;
revoke execute on function requests_due from public;
grant execute on function requests_due to wardship_serve;

-- What the privacy team has to decide, soonest due first: identifiers and dates only.
create function requests_with_privacy_team(after_due timestamptz, after_id uuid, most integer)
returns table (organisation_id uuid, organisation_slug text, request_id uuid, due_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select r.organisation_id, o.slug, r.id, r.due_at from data_request r
    join organisation o on o.id = r.organisation_id
    where r.handler = 'privacy_team' and r.ended_at is null
        and (after_due is null or (r.due_at, r.id) > (after_due, after_id))
    order by r.due_at, r.id limit most
$$;
revoke execute on function requests_with_privacy_team from public;
grant execute on function requests_with_privacy_team to wardship_serve;

-- The certificate that belongs to a reference, which only the person holds: works after the account is gone.
create function certificate_by_reference(hash bytea) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select c.jws from data_request r
    join certificate c on c.organisation_id = r.organisation_id and c.request_id = r.id
    where r.reference_hash = hash
$$;
revoke execute on function certificate_by_reference from public;
grant execute on function certificate_by_reference to wardship_serve;

-- The country of residence that a member of this organisation gave to the account; '' when none was given.
create function member_residence(member_id uuid) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select a.residence_country from member m join account a on a.id = m.account_id
    where m.organisation_id = current_tenant() and m.id = member_id
$$;
revoke execute on function member_residence from public;
grant execute on function member_residence to wardship_serve;

-- Mail to a member of this organisation, at the verified address of the account, without showing the address.
create function queue_member_mail(member_id uuid, mail_id uuid, at timestamptz, subject text, body text)
returns boolean language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into outgoing_mail (id, created_at, account_id, recipient, subject, body, next_at)
    select mail_id, at, m.account_id, e.address, queue_member_mail.subject, queue_member_mail.body, at
    from member m join account_email e on e.account_id = m.account_id
    where m.organisation_id = current_tenant() and m.id = queue_member_mail.member_id
        and e.is_primary and e.verified_at is not null
    returning true
$$;
revoke execute on function queue_member_mail from public;
grant execute on function queue_member_mail to wardship_serve;

-- Whether a person is still a member anywhere: decides whether the account itself goes with an erasure.
create function account_has_membership(account uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (select from member m where m.account_id = account)
$$;
revoke execute on function account_has_membership from public;
grant execute on function account_has_membership to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
