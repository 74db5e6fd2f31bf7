"""What is known of letting in and taking away: opaque states, what was consented to and decided, certificates."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0069-letting-in"
DESCRIPTION = "Opaque states of connecting, what was consented to and decided, certificates of uninstalling"

SQL = """
-- Where a browser goes on that comes back from a vendor: the state that it brings names no organisation.
create index authorisation_flow_state on authorisation_flow (state_hash);
create function authorisation_flow_place(hash bytea) returns table (slug text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select o.slug from authorisation_flow f join organisation o on o.id = f.organisation_id where f.state_hash = hash
$$;
revoke execute on function authorisation_flow_place from public;
grant execute on function authorisation_flow_place to wardship_serve;

-- Keyed hashes of what somebody has decided on, a field's value as of a moment: the very same is not asked about again.
alter table inbound_order add column decided_keys bytea[] not null default '{}';

-- The declaration that was consented to, so that the next consent can show what is different; null before this.
alter table vendor_grant add column consented_at timestamptz;
alter table vendor_grant add column declared jsonb;
alter table vendor_grant add column declared_plan jsonb;

-- A certificate is of a request, which is found by its reference, or of an installation that was taken away.
alter table certificate alter column request_id drop not null;
alter table certificate alter column reference_hash drop not null;
alter table certificate add column installation_id uuid;
alter table certificate add constraint certificate_is_of_one_thing
    check (num_nonnulls(request_id, installation_id) = 1);
alter table certificate add constraint certificate_of_request_has_a_reference
    check ((request_id is null) = (reference_hash is null));
alter table certificate add constraint certificate_installation unique (organisation_id, installation_id);

alter table installation add column is_certificate_due boolean not null default false;
alter table installation no force row level security;
update installation set is_certificate_due = true where state = 'removed';
alter table installation force row level security;
create index installation_certificate on installation (id) where is_certificate_due;

-- Installations that were taken away and have no certificate yet: identifiers only.
create function installations_to_certify(most integer) returns table (organisation_id uuid, id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select i.organisation_id, i.id from installation i where i.is_certificate_due limit most
$$;
revoke execute on function installations_to_certify from public;
grant execute on function installations_to_certify to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
