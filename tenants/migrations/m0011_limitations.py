"""Limitations that name what is withheld or kept, and what an erasure leaves for a while."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0011-limitations"
DESCRIPTION = "Limitations that name what is withheld or kept, and remainders of erasures"

SQL = """
-- Words in `limitation` without an entry here are of before: nothing was withheld for them.
alter table request_right add column limitations jsonb not null default '[]',
    add column limitation_reasons text[] not null default '{}';

-- What an erasure left, by one limitation of it. What is needed to erase it later, and the member's own values, are
-- encrypted for this row; both go with it.
create table erasure_remainder (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    right_id uuid not null,
    member_id uuid not null,
    position integer not null,
    reason_code text not null,
    named text not null,
    rows integer not null,
    until timestamptz,
    sealed bytea,
    ended_at timestamptz,
    ended_by uuid,
    primary key (organisation_id, id),
    unique (organisation_id, right_id, position),
    foreign key (organisation_id, right_id) references request_right (organisation_id, id) on delete cascade,
    foreign key (organisation_id, member_id) references member (organisation_id, id),
    check (ended_at is null or sealed is null)
);
create index erasure_remainder_member on erasure_remainder (organisation_id, member_id);
create index erasure_remainder_clock on erasure_remainder (until) where ended_at is null;
call isolate_tenant_table('erasure_remainder');
call let_owner_read('erasure_remainder');

-- A recipient that keeps what it has of an erased member by a limitation is not told to erase it meanwhile.
alter table subject_link add column is_kept boolean not null default false;

-- What was kept and whose time is over, in every organisation: identifiers only.
create function remainders_due(at timestamptz, most integer)
returns table (organisation_id uuid, id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select r.organisation_id, r.id from erasure_remainder r
    where r.ended_at is null and r.until <= at order by r.until limit most
$$;
revoke execute on function remainders_due from public;
grant execute on function remainders_due to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
