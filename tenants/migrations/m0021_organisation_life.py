"""Organisations that are suspended, leave and end; what operators see of them and of the staff."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0021-organisation-life"
DESCRIPTION = "Organisations that are suspended, leave and end"

SQL = """
-- Customers' organisations without anything that is in them, in the scope of the provider alone.
create function managed_organisations(
    wanted text[], chosen_slug text, after_created timestamptz, after_id uuid, most integer
) returns table (
    id uuid, created_at timestamptz, slug text, name text, state text, state_since timestamptz, state_reason text,
    state_until timestamptz, awaited text, members bigint, open_installations bigint, open_tasks bigint,
    kept_remainders bigint
)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select o.id, o.created_at, o.slug, o.name, o.state, coalesce(o.state_since, o.created_at), o.state_reason,
        o.state_until, p.address,
        (select count(*) from member m where m.organisation_id = o.id and m.state = 'active'),
        (select count(*) from installation i where i.organisation_id = o.id and i.state <> 'removed'),
        (select count(*) from manual_task t where t.organisation_id = o.id and t.state = 'open'),
        (select count(*) from erasure_remainder e where e.organisation_id = o.id and e.ended_at is null)
    from organisation o left join appointment p on p.organisation_id = o.id
    where o.kind = 'customer' and (select current_tenant()) = THE_PROVIDER
        and (chosen_slug is null or o.slug = chosen_slug) and (wanted = '{}' or o.state = any(wanted))
        and (after_created is null or (o.created_at, o.id) > (after_created, after_id))
    order by o.created_at, o.id limit most
$$;

-- What only people can do for organisations that close, in which nobody is left to do it.
create function closing_tasks(chosen_slug text, after_due timestamptz, after_id uuid, most integer) returns table (
    id uuid, created_at timestamptz, organisation text, instructions text, due_at timestamptz
)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select t.id, t.created_at, o.slug, t.instructions, t.due_at
    from organisation o join manual_task t on t.organisation_id = o.id and t.state = 'open'
    where o.state = 'closing' and (select current_tenant()) = THE_PROVIDER
        and (chosen_slug is null or o.slug = chosen_slug)
        and (after_due is null or (t.due_at, t.id) > (after_due, after_id))
    order by t.due_at, t.id limit most
$$;

create function staff_members() returns table (
    account_id uuid, role text, address text, display_name text, since timestamptz, awaited_until timestamptz
)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select f.account_id, f.role, coalesce(e.address, ''), a.display_name, f.created_at, null::timestamptz
    from staff f join account a on a.id = f.account_id
        left join account_email e on e.account_id = a.id and e.is_primary
    where (select current_tenant()) = THE_PROVIDER
    union all
    select p.account_id, p.staff_role, p.address, '', p.created_at, p.expires_at
    from appointment p where p.staff_role is not null and (select current_tenant()) = THE_PROVIDER
    order by 2, 3
$$;
drop function authenticate(text, bytea, text);

-- As before, and with the state of the organisation. One that ends is nobody's any more. Whoever belongs to suspended
-- ones alone may ask at the provider meanwhile.
create function authenticate(credential_kind text, credential_hash bytea, chosen_slug text)
returns table (
    credential_id uuid, account_id uuid, stage text, csrf_token text, expires_at timestamptz, used_at timestamptz,
    stepped_up_at timestamptz, scopes text[], staff_roles text[],
    organisation_id uuid, organisation_slug text, member_id uuid, member_state text, roles text[],
    organisation_state text
)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
    if credential_kind = 'token' then
        -- A token is bound to its organisation, whatever slug was named, and never acts for the staff.
        return query
        select t.id, t.account_id, 'complete', '', t.expires_at, t.last_used_at, null::timestamptz, t.scopes,
            null::text[], o.id, o.slug, m.id, m.state,
            array(select r.role from role_assignment r
                where r.organisation_id = m.organisation_id and r.member_id = m.id and m.state = 'active'
                order by r.role),
            case when o.suspended_at is null then o.state else 'suspended' end
        from access_token t join account a on a.id = t.account_id and a.state = 'active'
            left join member m on m.organisation_id = t.organisation_id and m.account_id = t.account_id
                and m.state <> 'erased'
            left join organisation o on o.id = m.organisation_id and o.state not in ('closing', 'closed')
        where t.token_hash = credential_hash and t.revoked_at is null;
    elsif credential_kind = 'session' then
        return query
        with known as (
            select s.id, s.account_id, s.stage, s.csrf_token, s.expires_at, s.last_seen_at, s.stepped_up_at,
                array(select f.role from staff f where f.account_id = s.account_id) as staff_roles
            from session s join account a on a.id = s.account_id and a.state = 'active'
            where s.token_hash = credential_hash
        ), membership as (
            select m.organisation_id, m.id, m.state, m.state = 'active' and g.suspended_at is null as is_open
            from known k join member m on m.account_id = k.account_id and m.state <> 'erased'
                join organisation g on g.id = m.organisation_id and g.state not in ('closing', 'closed')
        ), counted as (
            select count(*) filter (where p.is_open) as open, count(*) filter (where p.state = 'active') as active,
                count(*) as linked
            from membership p where p.organisation_id <> THE_PROVIDER
        ), chosen as (
            select n.open, case
                when chosen_slug is not null then (select o.id from organisation o where o.slug = chosen_slug)
                when n.open = 1 then (select p.organisation_id from membership p
                    where p.is_open and p.organisation_id <> THE_PROVIDER)
                when n.open = 0 and n.active = 1 then (select p.organisation_id from membership p
                    where p.state = 'active' and p.organisation_id <> THE_PROVIDER)
                when k.staff_roles <> '{}' or n.linked = 0 then THE_PROVIDER
                when n.linked = 1 then (select p.organisation_id from membership p
                    where p.organisation_id <> THE_PROVIDER)
                end as organisation_id
            from known k cross join counted n
        )
        select k.id, k.account_id, k.stage, k.csrf_token, k.expires_at, k.last_seen_at, k.stepped_up_at, null::text[],
            k.staff_roles, o.id, o.slug, m.id, m.state,
            case when o.id = THE_PROVIDER and m.id is null and c.open = 0 then array['customer']
                else array(select r.role from role_assignment r
                    where r.organisation_id = m.organisation_id and r.member_id = m.id and m.state = 'active'
                    order by r.role)
                end,
            case when o.suspended_at is null then o.state else 'suspended' end
        from known k cross join chosen c
            left join membership m on m.organisation_id = c.organisation_id
            left join organisation o on o.id = c.organisation_id and (m.id is not null
                or 'privacy_team' = any(k.staff_roles)
                or (o.id = THE_PROVIDER and (k.staff_roles <> '{}' or c.open = 0)));
    end if;
end $$;

revoke execute on function authenticate(text, bytea, text) from public;
grant execute on function authenticate(text, bytea, text) to wardship_serve;

create or replace function organisations_of(account uuid)
returns table (organisation_id uuid, slug text, name text, member_id uuid, state text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select o.id, o.slug, o.name, m.id, m.state
    from member m join organisation o on o.id = m.organisation_id and o.id <> THE_PROVIDER
        and o.state not in ('closing', 'closed')
    where m.account_id = account and m.state <> 'erased' order by o.slug
$$;

-- Requests that wait for administrators who can't get in, or whose organisation ends.
create function requests_without_admin(at timestamptz, most integer)
returns table (organisation_id uuid, id uuid, reason text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select distinct g.organisation_id, g.request_id,
        case when o.suspended_at is not null then 'organisation_suspended' else 'organisation_leaves' end
    from request_right g join organisation o on o.id = g.organisation_id
    where g.state = 'with_admin' and (o.suspended_at is not null or (o.state = 'leaving' and o.state_until <= at))
    limit most
$$;
revoke execute on function managed_organisations, closing_tasks, staff_members, requests_without_admin from public;
grant execute on function managed_organisations, closing_tasks, staff_members, requests_without_admin to wardship_serve;
call let_owner_read('manual_task');

-- As before, but where the organisation is suspended or leaves, what lets data out waits, and what is owed to people
-- and taken back goes on past it.
create or replace function claim_obligations(
    worker text, at timestamptz, lease interval, batch integer, start_after uuid, busy uuid[]
) returns table (organisation_id uuid, installation_id uuid, verb text, obligation_id uuid, attempt integer)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
    first constant uuid := '00000000-0000-0000-0000-000000000000';
    beginning constant uuid := coalesce(start_after, first);
    place uuid := beginning;
    has_wrapped boolean := false;
    candidate record;
    wanted text;
    chosen uuid[];
    is_open boolean;
    waiting constant text[] := array['check', 'grant', 'correct', 'share', 'reconcile'];
begin
    loop
        select o.organisation_id, o.installation_id, o.next_at into candidate from obligation o
            where o.state in ('pending', 'leased', 'waiting') and o.installation_id > place
            order by o.installation_id, o.next_at limit 1;
        if not found or (has_wrapped and candidate.installation_id > beginning) then
            exit when has_wrapped;
            has_wrapped := true;
            place := first;
            continue;
        end if;
        place := candidate.installation_id;
        continue when candidate.next_at > at or place = any(busy);
        continue when not pg_try_advisory_xact_lock(hashtextextended(place::text, 0));
        is_open := (select g.state = 'active' from organisation g where g.id = candidate.organisation_id);
        foreach wanted in array array['revoke', 'erase', 'restrict', 'check', 'grant', 'attest', 'correct', 'export',
            'share', 'reconcile']
        loop
            continue when not is_open and wanted = any(waiting);
            -- Chosen first, updated then: joined in one statement, the planner reads the whole table.
            select array_agg(due.id) into chosen from (
                select o.id from obligation o
                where o.organisation_id = candidate.organisation_id and o.installation_id = place
                    and o.verb = wanted and o.next_at <= at and o.state in ('pending', 'leased', 'waiting')
                    and (is_open or o.verb <> 'restrict' or o.arguments ->> 'active' is distinct from 'false')
                    and (o.member_id is null or not exists (
                        select from obligation other
                        where other.organisation_id = o.organisation_id and other.installation_id = place
                            and other.place_id = o.place_id
                            and other.member_id = o.member_id and other.id <> o.id
                            and other.state in ('pending', 'leased', 'waiting')
                            and ((other.state = 'leased' and other.next_at > at)
                                or (other.id < o.id
                                    and (is_open or not (other.verb = any(waiting)))
                                    and o.verb not in ('export', 'attest')
                                    and other.verb not in ('export', 'attest')
                                    and not (o.verb in ('erase', 'revoke')
                                        and other.verb in ('share', 'correct', 'restrict'))
                                    and not (o.verb = 'restrict' and other.verb in ('share', 'restrict'))
                                    and not (o.verb = 'share' and other.verb = 'share')))))
                    and (o.verb <> 'revoke' or o.member_id is not null or not exists (
                        select from obligation other
                        where other.organisation_id = o.organisation_id and other.installation_id = place
                            and other.place_id = o.place_id
                            and other.member_id is not null and other.state in ('pending', 'leased', 'waiting')
                            and (other.verb in ('share', 'correct', 'restrict', 'erase')
                                or (other.failures = 0 and other.state <> 'waiting'))))
                order by o.next_at, o.id limit batch for update of o skip locked
            ) due;
            continue when chosen is null;
            return query update obligation o set
                state = 'leased', attempt = o.attempt + 1, failures = o.failures + (o.state = 'leased')::integer,
                lease_owner = worker, lease_until = at + lease, next_at = at + lease
            where o.organisation_id = candidate.organisation_id and o.id = any(chosen)
            returning o.organisation_id, o.installation_id, o.verb, o.id, o.attempt;
            return;
        end loop;
    end loop;
end $$;

-- Nobody is reminded of what waits for an organisation, and nothing is late for it.
create or replace function due_reminders(at timestamptz, batch integer)
returns table (organisation_id uuid, obligation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select o.organisation_id, o.id from obligation o join organisation g on g.id = o.organisation_id
    where o.ended_at is null and o.remind_at <= at
        and (g.state = 'active' or o.verb not in ('check', 'grant', 'correct', 'share', 'reconcile'))
    order by o.remind_at limit batch
$$;

create or replace function due_reconciliations(at timestamptz, batch integer)
returns table (organisation_id uuid, installation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select i.organisation_id, i.id from installation i join organisation g on g.id = i.organisation_id
    where i.state = 'active' and i.reconcile_at <= at and g.state = 'active' order by i.reconcile_at limit batch
$$;

create or replace function overdue_obligations(before timestamptz) returns bigint
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select count(*) from obligation o join organisation g on g.id = o.organisation_id
    where o.state in ('pending', 'leased', 'waiting') and o.next_at < before
        and (g.state = 'active' or o.verb not in ('check', 'grant', 'correct', 'share', 'reconcile', 'restrict'))
$$;

-- The ledger is deleted by nobody; it goes with its organisation, when that has ended at recipients too.
create function forget_ledger(most integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    gone bigint;
begin
    delete from disclosure d where d.ctid = any(array(select f.ctid from disclosure f
        where f.organisation_id = current_tenant() and exists (select from organisation o
            where o.id = current_tenant() and o.state = 'closing') limit most));
    get diagnostics gone = row_count;
    return gone;
end $$;
revoke execute on function forget_ledger from public;
grant execute on function forget_ledger to wardship_serve;
call let_owner_read('disclosure');
do $$ begin
    execute format('create policy owner_deletes on disclosure for delete to %I using (true)', current_user);
end $$;

-- A certificate outlives the request that it is about, and the organisation.
alter table certificate add column reference_hash bytea;
alter table certificate no force row level security;
alter table data_request no force row level security;
update certificate c set reference_hash = r.reference_hash from data_request r
    where r.organisation_id = c.organisation_id and r.id = c.request_id;
alter table certificate force row level security;
alter table data_request force row level security;
alter table certificate alter column reference_hash set not null;
alter table certificate add constraint certificate_reference unique (reference_hash);
alter table certificate drop constraint certificate_organisation_id_request_id_fkey;
create or replace function certificate_by_reference(hash bytea) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select c.jws from certificate c where c.reference_hash = hash
$$;
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
