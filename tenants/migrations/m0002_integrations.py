"""Installations, grants, consents, objections, restrictions, the ledger and obligations."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0002-integrations"
DESCRIPTION = "Installations, grants, consents, objections, restrictions, ledger, obligations"

SQL = """
create table installation (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    integration_key text not null,
    integration_version text not null,
    manifest jsonb not null,
    declaration_digest bytea not null,
    audience text not null check (audience in ('organisation', 'group', 'member')),
    group_id uuid,
    member_id uuid,
    state text not null check (state in ('installed', 'checked', 'active', 'degraded', 'paused', 'revoking', 'removed',
        'load_failed', 'needs_approval', 'migration_failed', 'revocation_overdue')),
    state_reason text not null default '',
    settings jsonb not null default '{}',
    settings_version integer not null default 1,
    secrets bytea,
    installed_by uuid not null,
    pending_manifest jsonb,
    breaker_failures integer not null default 0,
    breaker_open_until timestamptz,
    removed_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, group_id) references user_group (organisation_id, id),
    foreign key (organisation_id, member_id) references member (organisation_id, id),
    check ((audience = 'group') = (group_id is not null)),
    check ((audience = 'member') = (member_id is not null))
);
create index installation_order on installation (organisation_id, created_at, id);
call isolate_tenant_table('installation');

-- What the organisation allows of what the integration declares: one row per category and purpose.
create table integration_grant (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    installation_id uuid not null,
    category text not null,
    purpose text not null,
    granted_by uuid not null,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    primary key (organisation_id, id),
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade
);
create unique index integration_grant_open on integration_grant (organisation_id, installation_id, category, purpose)
    where withdrawn_at is null;
call isolate_tenant_table('integration_grant');

-- The name under which a vendor knows a member: a different one for each installation.
create table subject_link (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    installation_id uuid not null,
    member_id uuid not null,
    subject_ref text not null,
    external_ref text not null default '',
    state text not null default 'shared' check (state in ('shared', 'restricted', 'erased', 'revoked')),
    primary key (organisation_id, id),
    unique (organisation_id, installation_id, member_id),
    unique (organisation_id, installation_id, subject_ref),
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade,
    foreign key (organisation_id, member_id) references member (organisation_id, id)
);
create index subject_link_member on subject_link (organisation_id, member_id);
call isolate_tenant_table('subject_link');

create table consent (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    member_id uuid not null,
    purpose text not null,
    category text not null default '',
    installation_id uuid,
    withdrawn_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, member_id) references member (organisation_id, id) on delete cascade,
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade
);
create unique index consent_open on consent (organisation_id, member_id, purpose, category, installation_id)
    nulls not distinct where withdrawn_at is null;
call isolate_tenant_table('consent');

-- A member objects to a purpose, to a recipient, or to both; '' and null mean any.
create table objection (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    member_id uuid not null,
    purpose text not null default '',
    installation_id uuid,
    request_id uuid,
    withdrawn_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, member_id) references member (organisation_id, id) on delete cascade,
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade
);
create unique index objection_open on objection (organisation_id, member_id, purpose, installation_id)
    nulls not distinct where withdrawn_at is null;
call isolate_tenant_table('objection');

-- While one is open nothing of the member is shared. category '' means everything.
create table restriction (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    member_id uuid not null,
    category text not null default '',
    cause text not null check (cause in ('requested', 'disputed', 'late', 'erasure')),
    request_id uuid,
    lifted_at timestamptz,
    lifted_reason text not null default '',
    primary key (organisation_id, id),
    foreign key (organisation_id, member_id) references member (organisation_id, id) on delete cascade
);
create unique index restriction_open on restriction (organisation_id, member_id, category, cause, request_id)
    nulls not distinct where lifted_at is null;
call isolate_tenant_table('restriction');

create table obligation (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    installation_id uuid not null,
    request_id uuid,
    right_id uuid,
    member_id uuid,
    verb text not null check (verb in ('check', 'grant', 'share', 'revoke', 'export', 'correct', 'restrict', 'erase',
        'attest', 'reconcile')),
    dedupe_key text not null,
    arguments jsonb not null default '{}',
    submitted_at timestamptz not null,
    due_at timestamptz not null,
    next_at timestamptz not null,
    attempt integer not null default 0,
    lease_owner text not null default '',
    lease_until timestamptz,
    state text not null default 'pending' check (state in ('pending', 'leased', 'waiting', 'completed', 'failed',
        'manual', 'cancelled')),
    reminded integer not null default 0,
    outcome jsonb,
    attestation jsonb,
    ended_at timestamptz,
    primary key (organisation_id, id),
    unique (organisation_id, dedupe_key),
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade,
    foreign key (organisation_id, member_id) references member (organisation_id, id)
);
create index obligation_due on obligation (next_at, installation_id) where state in ('pending', 'leased', 'waiting');
create index obligation_order on obligation (organisation_id, installation_id, created_at, id);
create index obligation_request on obligation (organisation_id, request_id) where request_id is not null;
create index obligation_member on obligation (organisation_id, member_id);
call isolate_tenant_table('obligation');
call let_owner_read('obligation');
create policy owner_claims on obligation for update to wardship_owner using (true) with check (true);

create table manual_task (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    obligation_id uuid not null,
    instructions text not null,
    due_at timestamptz not null,
    state text not null default 'open' check (state in ('open', 'done', 'cancelled')),
    completed_by uuid,
    completed_at timestamptz,
    evidence text not null default '',
    primary key (organisation_id, id),
    unique (organisation_id, obligation_id),
    foreign key (organisation_id, obligation_id) references obligation (organisation_id, id) on delete cascade
);
create index manual_task_order on manual_task (organisation_id, state, due_at, id);
call isolate_tenant_table('manual_task');

-- The ledger: one row for each delivery of one member's record to one recipient. Identifiers and names of fields only.
create table disclosure (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    installation_id uuid not null,
    member_id uuid not null,
    obligation_id uuid not null,
    attempt integer not null,
    recipient text not null,
    categories text[] not null,
    fields text[] not null,
    purposes text[] not null,
    grant_ids uuid[] not null,
    record_sha256 bytea not null,
    state text not null default 'sending' check (state in ('sending', 'delivered', 'rejected', 'unknown')),
    settled_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, installation_id) references installation (organisation_id, id),
    foreign key (organisation_id, member_id) references member (organisation_id, id)
);
create index disclosure_member on disclosure (organisation_id, member_id, created_at, id);
create index disclosure_installation on disclosure (organisation_id, installation_id, created_at, id);
create index disclosure_obligation on disclosure (organisation_id, obligation_id);
call isolate_tenant_table('disclosure');
revoke delete on disclosure from wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
