"""An account tells its owner's country of residence; what nothing enters or reads is gone."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.core.migrations import APP_NAME

ID = "core-0009-account-residence"
DESCRIPTION = "An account tells its owner's country of residence; what nothing enters or reads is gone"

SQL = """
alter table account drop column locale;
-- An account that somebody deactivated by hand stays so: it is not looked at again.
alter table account drop constraint account_state_check,
    add constraint account_state_check check (state in ('active', 'erased')) not valid;

drop function account_details(uuid, timestamptz);
create function account_details(account uuid, now timestamptz)
returns table (id uuid, created_at timestamptz, display_name text, time_zone text, residence_country text,
    recovery_codes_left integer, closes_at timestamptz, addresses jsonb)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select a.id, a.created_at, a.display_name, a.time_zone, a.residence_country,
        (select count(*) from recovery_code r where r.account_id = a.id and r.used_at is null)::integer, a.closes_at,
        (select coalesce(jsonb_agg(to_jsonb(held) order by held.is_primary desc, held.created_at, held.id), '[]') from (
            select e.id, e.created_at, e.address, e.is_primary, e.verified_at, null::timestamptz as expires_at
            from account_email e where e.account_id = a.id and e.verified_at is not null
            union all
            select l.id, l.created_at, l.address, false, null, l.expires_at from sign_in_link l
            where l.account_id = a.id and l.purpose = 'add_address' and l.used_at is null and l.expires_at > now
        ) as held)
    from account a where a.id = account and a.state = 'active'
$$;
revoke execute on function account_details from public;
grant execute on function account_details to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
