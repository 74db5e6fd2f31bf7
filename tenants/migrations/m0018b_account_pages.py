"""Pages of what happened to an account, and of recoveries, from where the last one ended."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0018b-account-pages"
DESCRIPTION = "Pages of what happened to an account, and of recoveries, found by their index"

SQL = """
-- As before, but the place in the list is a bound of the index whether there is one or not: an alternative is none.
create or replace function account_events(account uuid, before uuid, ceiling integer)
returns table (id uuid, created_at timestamptz, kind text, organisation_id uuid, organisation_name text, network text,
    user_agent text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select e.id, e.created_at, e.kind, e.organisation_id, coalesce(o.name, ''), e.network, e.user_agent
    from account_event e left join organisation o on o.id = e.organisation_id
    where e.account_id = account and e.id < coalesce(before, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    order by e.id desc limit ceiling
$$;

create or replace function account_recoveries(
    wanted text[], after_at timestamptz, after_id uuid, ceiling integer)
returns table (id uuid, created_at timestamptz, account_id uuid, state text, state_since timestamptz,
    acts_at timestamptz, ended_at timestamptz, reason text, asked_by uuid, replaces_password boolean,
    first_approver_id uuid, second_approver_id uuid, member_id uuid, address text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select r.id, r.created_at, r.account_id, r.state, r.state_since, r.acts_at, r.ended_at, r.reason, r.asked_by,
        r.replaces_password, r.first_approver_id, r.second_approver_id, m.id,
        case when r.organisation_id = THE_PROVIDER and r.ended_at is null then coalesce(e.address, '') else '' end
    from (
        select each.* from unnest(coalesce(wanted, array['asked', 'approved', 'open', 'done', 'declined', 'cancelled',
                'expired', 'refused'])) as s (state)
            cross join lateral (
                select * from account_recovery c
                where c.organisation_id = current_tenant() and c.state = s.state and (c.created_at, c.id)
                    > (coalesce(after_at, '-infinity'), coalesce(after_id, '00000000-0000-0000-0000-000000000000'))
                order by c.created_at, c.id limit ceiling
            ) each
        order by each.created_at, each.id limit ceiling
    ) r
        left join member m on m.organisation_id = r.organisation_id and m.account_id = r.account_id
        left join account_email e on e.id = r.address_id
    order by r.created_at, r.id
$$;
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
