"""Each attempt at an obligation is kept in codes and times, and found by when it was made."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0064-deliveries"
DESCRIPTION = "The attempts of each obligation, and what vendors see of those of their own integrations"

SQL = """
alter table obligation add column attempts jsonb not null default '[]';
alter table obligation add column tried_at timestamptz;
alter table obligation add column integration_key text not null default '';
create index obligation_tried on obligation (organisation_id, installation_id, state, tried_at, id)
    where tried_at is not null;
create index obligation_of_integration on obligation (integration_key, state, tried_at, id) where tried_at is not null;
-- By its id alone it is looked for where a vendor names it: in calls that come in, and in the log.
create unique index installation_alone on installation (id);

-- What an account that the provider knows as a vendor sees of its integrations, of all organisations: no person, no
-- name, no organisation. An integration is the vendor's where an operator let a client of that account speak for it, or
-- what that account serves itself.
create function vendor_deliveries(
    account uuid, wanted text[], of_installation uuid, before_at timestamptz, before_id uuid, most integer
) returns table (id uuid, installation_id uuid, integration_key text, verb text, state text, attempt integer,
    failures integer, submitted_at timestamptz, due_at timestamptz, next_at timestamptz, tried_at timestamptz,
    ended_at timestamptz, status text, code text, detail text, attempts jsonb)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select o.id, o.installation_id, o.integration_key, o.verb, o.state, o.attempt, o.failures, o.submitted_at, o.due_at,
        o.next_at, o.tried_at, o.ended_at, coalesce(o.outcome ->> 'status', ''), coalesce(o.outcome ->> 'code', ''),
        o.detail, o.attempts
    from (
        select c.integration_key from vendor_client c
            where c.organisation_id = THE_PROVIDER and c.account_id = account and c.state = 'active'
        union select r.integration_key from remote_integration r
            where r.organisation_id = THE_PROVIDER and r.account_id = account and r.is_admitted
                and r.state in ('active', 'disabled')
    ) own
    join account a on a.id = account and a.state = 'active' and (select current_tenant()) = THE_PROVIDER
    join staff s on s.account_id = account and s.role = 'vendor'
    cross join lateral unnest(wanted) as w (state)
    cross join lateral (
        (select d.* from obligation d
            where of_installation is null and d.integration_key = own.integration_key and d.state = w.state
                and d.tried_at is not null and (before_at is null or (d.tried_at, d.id) < (before_at, before_id))
            order by d.tried_at desc, d.id desc limit most)
        union all
        (select d.* from installation i join obligation d on d.organisation_id = i.organisation_id
                and d.installation_id = i.id and d.state = w.state and d.tried_at is not null
            where i.id = of_installation and i.integration_key = own.integration_key
                and (before_at is null or (d.tried_at, d.id) < (before_at, before_id))
            order by d.tried_at desc, d.id desc limit most)
    ) o
    order by o.tried_at desc, o.id desc limit most
$$;
revoke execute on function vendor_deliveries from public;
grant execute on function vendor_deliveries to wardship_serve;
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
