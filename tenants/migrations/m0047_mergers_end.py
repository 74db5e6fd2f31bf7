"""Mergers that can't be carried out open the organisation again, and rules that nobody has looked at since one rest."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0047-mergers-end"
DESCRIPTION = "Ends of mergers that can't be carried out, and names and rules that go over"

SQL = r"""
-- The day of which everybody was told; `state_until` says when it is tried next.
alter table merger no force row level security;
alter table merger add column day timestamptz;
update merger set day = state_until where state in ('announced', 'merging');
alter table merger drop constraint merger_waits_for_check;
alter table merger alter column waits_for drop not null, alter column waits_for drop default;
update merger set waits_for = null where waits_for = '';
alter table merger add constraint merger_waits_for_check
    check (waits_for in ('organisations', 'erasures', 'deliveries', 'faults'));
alter table merger force row level security;

drop function own_mergers(uuid, timestamptz, uuid, integer);
create function own_mergers(chosen uuid, after_at timestamptz, after_id uuid, most integer) returns table (
    id uuid, created_at timestamptz, source_id uuid, source_slug text, source_name text, target_slug text,
    target_id uuid, target_name text, state text, state_since timestamptz, state_until timestamptz, offered_by uuid,
    delivered_at timestamptz, day timestamptz, figures jsonb, moved jsonb, waits_for text
)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select g.id, g.created_at, g.source_id, s.slug, s.name, g.target_slug, g.target_id,
        case when g.state in ('announced', 'merging', 'merged') or g.target_id = (select current_tenant())
            then t.name end,
        g.state, g.state_since, g.state_until, g.offered_by, g.delivered_at, g.day, g.figures, g.moved, g.waits_for
    from (
        (select * from merger m where m.source_id = (select current_tenant()) and (chosen is null or m.id = chosen)
            and (after_at is null or (m.created_at, m.id) > (after_at, after_id))
            order by m.created_at, m.id limit most)
        union all
        (select * from merger m where m.target_id = (select current_tenant()) and (chosen is null or m.id = chosen)
            and (after_at is null or (m.created_at, m.id) > (after_at, after_id))
            order by m.created_at, m.id limit most)
    ) g join organisation s on s.id = g.source_id left join organisation t on t.id = g.target_id
    order by g.created_at, g.id limit most
$$;
revoke execute on function own_mergers from public;
grant execute on function own_mergers to wardship_serve;

-- As before; null when nothing keeps it.
create or replace function merger_waits_for(chosen uuid) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select case
        when exists (select from request_right g
            join data_request r on r.organisation_id = g.organisation_id and r.id = g.request_id
            join members_in_both(m.source_id, m.target_id) b on r.member_id = any(array[b.from_id, b.to_id])
            where g.organisation_id in (m.source_id, m.target_id) and g.kind in ('erasure', 'deactivation')
                and g.ended_at is null) then 'erasures'
        when m.state = 'merging' and exists (select from obligation o where o.organisation_id = m.source_id
            and o.state = 'leased') then 'deliveries' end
    from merger m where m.id = chosen and (select current_tenant()) in (m.source_id, m.target_id)
$$;

-- Since when a rule does nothing, because an organisation has joined whose people nobody looked at.
alter table group_rule add column rests_since timestamptz;

create or replace procedure reconcile_names(source uuid, target uuid, at timestamptz) language plpgsql as $$
begin
    -- A name that is taken in one of both once the organisation's stands behind it gets what nobody can foresee.
    with met as (
        select g.id, left(g.name, 150) as beginning, left(g.name, 150) || ' (' || left(o.name, 40) || ')' as called
        from user_group g join organisation o on o.id = source
        where g.organisation_id = source and g.archived_at is null and exists (select from user_group t
            where t.organisation_id = target and t.name = g.name and t.archived_at is null)
    ), named as (
        select m.id, case when count(*) over (partition by m.called) > 1 or exists (select from user_group t
                where t.organisation_id in (source, target) and t.name = m.called and t.archived_at is null)
            then m.beginning || ' ' || gen_random_uuid() else m.called end as name
        from met m
    )
    update user_group g set name = n.name from named n where g.organisation_id = source and g.id = n.id;
    -- The directory and the rules that filled them speak for the other organisation no more: people do.
    update user_group g set managed_by = 'people', external_id = '' where g.organisation_id = source;
    update group_membership g set is_by_rule = false where g.organisation_id = source and g.is_by_rule;
    update invitation i set roles = array['member']
        where i.organisation_id = source and i.accepted_at is null and i.revoked_at is null;
    update invitation i set revoked_at = at
        where i.organisation_id = source and i.accepted_at is null and i.revoked_at is null
            and exists (select from invitation o where o.organisation_id = target and o.email = i.email
                and o.accepted_at is null and o.revoked_at is null);
end $$;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
