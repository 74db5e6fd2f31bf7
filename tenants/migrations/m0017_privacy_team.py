"""What the privacy team sees: its queue, and the people whose rights are with it."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0017-privacy-team"
DESCRIPTION = "What the privacy team sees: its queue, and the people whose rights are with it"

SQL = """
create index request_right_with_privacy_team on request_right (organisation_id, request_id)
    where handler = 'privacy_team' and ended_at is null;

-- The people of an organisation whom the privacy team decides about: while a right of theirs is with it, and no longer.
-- Who is erased is nobody any more, while recipients still prove that they have erased.
create function members_with_privacy_team(organisation uuid) returns setof uuid language sql stable as $$
    select r.member_id from request_right g
    join data_request r on r.organisation_id = organisation and r.id = g.request_id
    join member m on m.organisation_id = organisation and m.id = r.member_id and m.state <> 'erased'
    where g.organisation_id = organisation and g.handler = 'privacy_team' and g.ended_at is null
$$;

-- What decisions of the privacy team leave that somebody has to end: what an erasure keeps, a restriction it granted.
alter table erasure_remainder add column is_privacy_teams boolean not null default false;
alter table restriction add column is_privacy_teams boolean not null default false;
create function note_privacy_teams_remainder() returns trigger language plpgsql as $$ begin
    new.is_privacy_teams := exists (select from request_right g where g.organisation_id = new.organisation_id
        and g.id = new.right_id and g.handler = 'privacy_team');
    return new;
end $$;
create function note_privacy_teams_restriction() returns trigger language plpgsql as $$ begin
    new.is_privacy_teams := exists (select from request_right g where g.organisation_id = new.organisation_id
        and g.request_id = new.request_id and g.kind = 'restriction' and g.handler = 'privacy_team');
    return new;
end $$;
alter table erasure_remainder no force row level security;
alter table restriction no force row level security;
alter table request_right no force row level security;
update erasure_remainder e set is_privacy_teams = true from request_right g
    where g.organisation_id = e.organisation_id and g.id = e.right_id and g.handler = 'privacy_team';
update restriction x set is_privacy_teams = true from request_right g
    where g.organisation_id = x.organisation_id and g.request_id = x.request_id and x.cause = 'requested'
        and g.kind = 'restriction' and g.handler = 'privacy_team';
alter table erasure_remainder force row level security;
alter table restriction force row level security;
alter table request_right force row level security;
create trigger remainder_is_privacy_teams before insert on erasure_remainder
    for each row execute function note_privacy_teams_remainder();
create trigger restriction_is_privacy_teams before insert on restriction
    for each row when (new.cause = 'requested' and new.request_id is not null)
    execute function note_privacy_teams_restriction();
create index erasure_remainder_privacy_team on erasure_remainder (organisation_id, right_id, id)
    where ended_at is null and is_privacy_teams;
create index restriction_privacy_team on restriction (organisation_id, request_id, id)
    where lifted_at is null and is_privacy_teams;
create view left_by_privacy_team with (security_invoker = true) as
    select e.organisation_id, g.request_id, e.id as remainder_id, null::uuid as restriction_id
    from erasure_remainder e
    join request_right g on g.organisation_id = e.organisation_id and g.id = e.right_id
    where e.ended_at is null and e.is_privacy_teams
    union all
    select x.organisation_id, x.request_id, null, x.id from restriction x
    where x.lifted_at is null and x.is_privacy_teams;
grant select on left_by_privacy_team to wardship_serve;

drop function requests_with_privacy_team(timestamptz, uuid, integer);

-- Requests of every organisation of which something is with the privacy team: a right, or what it left.
create function requests_with_privacy_team(after_due timestamptz, after_id uuid, most integer)
returns table (
    organisation_id uuid, organisation_slug text, organisation_name text, request_id uuid, submitted_at timestamptz,
    due_at timestamptz, late_since timestamptz, escalated_at timestamptz, escalation_reason text,
    right_ids uuid[], right_kinds text[], right_states text[], remainder_ids uuid[], restriction_ids uuid[]
)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    with r as (
        (select q.* from data_request q
            where q.handler = 'privacy_team' and q.ended_at is null
                and (exists (select from request_right g where g.organisation_id = q.organisation_id
                        and g.request_id = q.id and g.handler = 'privacy_team' and g.ended_at is null)
                    or (q.organisation_id, q.id) in (
                        select l.organisation_id, l.request_id from left_by_privacy_team l))
                and (after_id is null or (q.due_at, q.id) > (after_due, after_id))
            order by q.due_at, q.id limit most)
        union all
        (select q.* from data_request q
            where (q.organisation_id, q.id) in (select l.organisation_id, l.request_id from left_by_privacy_team l)
                and q.ended_at is not null and (after_id is null or (q.due_at, q.id) > (after_due, after_id))
            order by q.due_at, q.id limit most)
    )
    select o.id, o.slug, o.name, r.id, r.submitted_at, r.due_at, r.late_since, r.escalated_at, r.escalation_reason,
        open.ids, open.kinds, open.states,
        array(select l.remainder_id from left_by_privacy_team l where l.organisation_id = r.organisation_id
            and l.request_id = r.id and l.remainder_id is not null order by 1),
        array(select l.restriction_id from left_by_privacy_team l where l.organisation_id = r.organisation_id
            and l.request_id = r.id and l.restriction_id is not null order by 1)
    from r
    join organisation o on o.id = r.organisation_id
    cross join lateral (
        select coalesce(array_agg(g.id order by g.created_at, g.id), '{}') as ids,
            coalesce(array_agg(g.kind order by g.created_at, g.id), '{}') as kinds,
            coalesce(array_agg(g.state order by g.created_at, g.id), '{}') as states
        from request_right g
        where g.organisation_id = r.organisation_id and g.request_id = r.id
            and g.handler = 'privacy_team' and g.ended_at is null
    ) open
    order by r.due_at, r.id limit most
$$;
revoke execute on function requests_with_privacy_team from public;
grant execute on function requests_with_privacy_team to wardship_serve;

-- Looks of the privacy team of which the organisation is not told yet: a sweep does, since who only reads writes
-- nothing but that he or she did. A row goes once it is told.
create table untold_look (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null, -- of the row of data_access
    created_at timestamptz not null,
    primary key (organisation_id, id)
);
call isolate_tenant_table('untold_look');
call let_owner_read('untold_look');
create function note_untold_look() returns trigger language plpgsql as $$ begin
    insert into untold_look (organisation_id, id, created_at) values (new.organisation_id, new.id, new.created_at);
    perform pg_notify('wardship_sweeps', '');
    return null;
end $$;
create trigger look_is_to_be_told after insert on data_access
    for each row when (new.actor_kind = 'privacy_team') execute function note_untold_look();
create function organisations_to_tell_of_looks() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select distinct organisation_id from untold_look
$$;
revoke execute on function organisations_to_tell_of_looks from public;
grant execute on function organisations_to_tell_of_looks to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
