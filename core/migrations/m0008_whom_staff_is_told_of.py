"""Staff is told of everybody but themselves, and operators of what nobody in the privacy team could be told."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.core.migrations import APP_NAME

ID = "core-0008-whom-staff-is-told-of"
DESCRIPTION = "Staff is not told of what is about them, and operators that nobody is in the privacy team to be told"

SQL = """
drop function tell_staff(text, timestamptz, text, uuid, text, uuid, jsonb, bytea, text);
create function tell_staff(
    wanted_role text, at timestamptz, kind text, organisation uuid, target_kind text, target uuid, details jsonb,
    event bytea, ordered text, spared uuid[]
) returns void language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    with reader as (
        select s.account_id, s.role from staff s join account a on a.id = s.account_id and a.state = 'active'
        where s.role in (wanted_role, 'operator') and s.account_id <> all(spared)
    )
    insert into account_notice (id, created_at, account_id, kind, needs, organisation_id, target_kind, target_id,
        details, event, mail_at)
    select (ordered || substr(gen_random_uuid()::text, 19))::uuid, at, r.account_id,
        case when r.role = wanted_role then tell_staff.kind else 'nobody_in_privacy_team' end, r.role,
        organisation, tell_staff.target_kind, target,
        case when r.role = wanted_role then tell_staff.details else '{}' end, tell_staff.event, at
    from reader r
    where r.role = wanted_role or not exists (select from reader other where other.role = wanted_role)
    on conflict (account_id, event) do nothing
$$;
revoke execute on function tell_staff from public;
grant execute on function tell_staff to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
