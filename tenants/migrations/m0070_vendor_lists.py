"""Lists of what vendors have are narrowed by state, and say how much depends on each: counts, and nothing else."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0070-vendor-lists"
DESCRIPTION = "Vendors' clients and integrations by state, and how many organisations depend on each"

SQL = """
create index remote_integration_of_state on remote_integration (organisation_id, state, created_at, id);
create index vendor_client_of_state on vendor_client (organisation_id, state, created_at, id);

-- How many organisations have an integration installed, in how many places, and how many of these wait for somebody to
-- approve what it declares now: counts, at the provider.
create function use_of_integrations(keys text[])
returns table (integration_key text, organisations bigint, installations bigint, awaiting bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select i.integration_key, count(distinct i.organisation_id), count(*),
        count(*) filter (where i.pending_manifest is not null)
    from installation i
    where i.integration_key = any(keys) and i.state <> 'removed' and (select current_tenant()) = THE_PROVIDER
    group by i.integration_key
$$;

-- How many organisations have let a vendor's client in.
create function use_of_vendor_clients(clients uuid[]) returns table (client_id uuid, organisations bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select g.client_id, count(distinct g.organisation_id) from vendor_grant g
    where g.client_id = any(clients) and g.ended_at is null and (select current_tenant()) = THE_PROVIDER
    group by g.client_id
$$;
revoke execute on function use_of_integrations, use_of_vendor_clients from public;
grant execute on function use_of_integrations, use_of_vendor_clients to wardship_serve;
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
