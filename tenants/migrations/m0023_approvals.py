"""Deletions of members are counted, and those beyond the limit wait for a second person."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0023-approvals"
DESCRIPTION = "Deletions of members are counted, and those beyond the limit wait for a second person"

SQL = """
-- Deletions that no second person approved, for a day.
create table counted_deletion (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    member_id uuid not null,
    primary key (organisation_id, id),
    foreign key (organisation_id, member_id) references member (organisation_id, id) on delete cascade
);
create index counted_deletion_time on counted_deletion (organisation_id, created_at);
call isolate_tenant_table('counted_deletion');
call let_owner_read('counted_deletion');

-- Deletions that wait: what is done once somebody approves is in kind, member and arguments.
create table approval (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    kind text not null check (kind in ('remove_member', 'commit_erasure')),
    member_id uuid not null,
    arguments jsonb not null,
    asked_by uuid, -- the member; null for the privacy team
    asked_by_account uuid,
    is_with_privacy_team boolean not null,
    expires_at timestamptz not null,
    state text not null check (state in ('asked', 'approved', 'refused', 'withdrawn', 'expired')),
    decided_by uuid, -- the member; null for the privacy team
    decided_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, member_id) references member (organisation_id, id) on delete cascade
);
create unique index approval_asked on approval (organisation_id, kind, member_id) where state = 'asked';
create index approval_order on approval (organisation_id, created_at, id);
create index approval_open on approval (organisation_id, created_at, id) where state = 'asked';
create index approval_due on approval (expires_at) where state = 'asked';
call isolate_tenant_table('approval');
call let_owner_read('approval');

-- Approvals whose time is over, and counts that count no more, in every organisation: identifiers only.
create function approvals_due(at timestamptz, counted_until timestamptz, most integer)
returns table (organisation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    (select a.organisation_id from approval a where a.state = 'asked' and a.expires_at <= at limit most)
    union
    (select d.organisation_id from counted_deletion d where d.created_at <= counted_until limit most)
$$;
revoke execute on function approvals_due from public;
grant execute on function approvals_due to wardship_serve;
create index counted_deletion_due on counted_deletion (created_at);
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
