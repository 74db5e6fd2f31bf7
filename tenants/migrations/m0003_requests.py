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
    regime text not null check (regime in ('gdpr', 'ccpa', 'lgpd', 'dpdp')),
    due_at timestamptz not null,
    original_due_at timestamptz not null,
    extension_reason text not null default '',
    extended_at timestamptz,
    identity_state text not null default 'pending' check (identity_state in ('pending', 'verified', 'expired')),
    identity_method text not null default '',
    identity_verified_at timestamptz,
    handler text not null default 'admin' check (handler in ('admin', 'privacy_team')),
    acknowledge_by timestamptz not null,
    decide_by timestamptz not null,
    acknowledged_at timestamptz,
    escalated_at timestamptz,
    escalation_reason text not null default '',
    reference_hash bytea not null,
    ended_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, member_id) references member (organisation_id, id)
);
create index data_request_order on data_request (organisation_id, submitted_at, id);
create index data_request_member on data_request (organisation_id, member_id, submitted_at, id);
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
    details jsonb not null default '{}',
    decided_by uuid,
    decided_at timestamptz,
    decision_reason text not null default '',
    scheduled_for timestamptz,
    ended_at timestamptz,
    primary key (organisation_id, id),
    unique (organisation_id, request_id, kind),
    foreign key (organisation_id, request_id) references data_request (organisation_id, id) on delete cascade
);
create index request_right_clock on request_right (scheduled_for) where state = 'scheduled';
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

-- An encrypted copy for the person; the key is wrapped by the deployment's key, and dies with the row.
create table export_file (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    request_id uuid not null,
    member_id uuid not null,
    media_type text not null,
    name text not null,
    content bytea,
    content_sha256 bytea not null,
    expires_at timestamptz not null,
    destroyed_at timestamptz,
    downloaded_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, request_id) references data_request (organisation_id, id) on delete cascade,
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
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
