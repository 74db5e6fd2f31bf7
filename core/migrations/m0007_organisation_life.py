"""The life of an organisation, and roles that wait for somebody to prove an address."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.core.migrations import APP_NAME

ID = "core-0007-organisation-life"
DESCRIPTION = "The life of an organisation, and roles that wait for a proven address"

SQL = """
alter table organisation drop constraint organisation_state_check;
alter table organisation
    add constraint organisation_state_check check (state in ('awaiting_owner', 'active', 'suspended', 'leaving',
        'closing', 'closed')),
    -- Null: since it was made.
    add column state_since timestamptz,
    -- Since when nobody gets in, also while it leaves.
    add column suspended_at timestamptz,
    add column state_reason text not null default '' check (length(state_reason) <= 500),
    -- When the clock acts: the offer to the owner ends, the erasure begins, or the slug is free again.
    add column state_until timestamptz;
create index organisation_clock on organisation (state_until) where state_until is not null;
create index organisation_closing on organisation (id) where state in ('leaving', 'closing');
create index organisation_order on organisation (created_at, id);
create trigger organisation_calls_for_sweep after update of state on organisation for each row
    when (new.state is distinct from old.state) execute function call_for_sweep();

-- A role for an address that nobody has proven yet: the owner's of one organisation, or one among the provider's staff.
create table appointment (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid references account (id) on delete cascade,
    address text not null check (address = btrim(address) and length(address) <= 320),
    organisation_id uuid references organisation (id) on delete cascade,
    staff_role text check (staff_role in ('privacy_team', 'operator')),
    expires_at timestamptz not null,
    check ((organisation_id is null) <> (staff_role is null))
);
create unique index appointment_owner on appointment (organisation_id) where organisation_id is not null;
create unique index appointment_staff on appointment (address, staff_role) where staff_role is not null;
create index appointment_address on appointment (address);
create index appointment_account on appointment (account_id);
call isolate_directory_table('appointment');
call let_owner_read('appointment');

-- Whoever has set up the second factor may have been waited for.
create trigger totp_credential_calls_for_sweep after update of confirmed_at on totp_credential for each row
    when (new.confirmed_at is not null and old.confirmed_at is null) execute function call_for_sweep();
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
