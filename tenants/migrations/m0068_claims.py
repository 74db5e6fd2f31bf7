"""What may not be called now is not leased, however much of it waits."""

from __future__ import annotations

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0068-claims"
DESCRIPTION = "Lease as many as a place has turns for, and remember what was declared to be kept"

_ANYWAY: Final = """case when o.told is not null then 0 else
    extract(epoch from o.submitted_at - '2000-01-01 00:00:00+00'::timestamptz)
    + 0.8 * extract(epoch from o.due_at - o.submitted_at) end"""
"""Seconds since 2000 from which an obligation is leased although its place may not be called.

What its vendor told of it needs no call, and what is past four fifths of its time goes to a person.
"""

_CHOOSE: Final = """
                    select array_agg(due.id order by due.place_in_line, due.id) into chosen from (
                        select o.id, {order} as place_in_line from obligation o
                        where o.organisation_id = candidate.organisation_id and o.place_id = place
                            and o.verb = wanted and o.state in ('pending', 'leased', 'waiting') and {due}
                            and (is_open or o.verb <> 'restrict' or o.arguments ->> 'active' is distinct from 'false')
                            and (o.member_id is null or not exists (
                                select from obligation other
                                where other.organisation_id = o.organisation_id
                                    and other.installation_id = o.installation_id and other.place_id = o.place_id
                                    and other.member_id = o.member_id and other.id <> o.id
                                    and other.state in ('pending', 'leased', 'waiting')
                                    and ((other.state = 'leased' and other.next_at > at)
                                        or (other.id < o.id
                                            and (is_open or not (other.verb = any(waiting)))
                                            and o.verb not in ('export', 'attest')
                                            and other.verb not in ('export', 'attest')
                                            and not (o.verb in ('erase', 'revoke')
                                                and (other.verb in ('share', 'correct') or (other.verb = 'restrict'
                                                    and coalesce(other.arguments ->> 'purpose', '') = '')))
                                            and not (o.verb = 'restrict' and other.verb = 'share')
                                            and not (o.verb = 'restrict' and other.verb = 'restrict'
                                                and coalesce(other.arguments ->> 'purpose', '')
                                                    = coalesce(o.arguments ->> 'purpose', ''))
                                            and not (o.verb = 'share' and other.verb = 'share')))))
                            and (o.verb <> 'revoke' or o.member_id is not null or not exists (
                                select from obligation other
                                where other.organisation_id = o.organisation_id
                                    and other.installation_id = o.installation_id and other.place_id = o.place_id
                                    and other.member_id is not null
                                    and other.state in ('pending', 'leased', 'waiting')
                                    and (other.verb in ('share', 'correct', 'restrict', 'erase')
                                        or (other.failures = 0 and other.state <> 'waiting'))))
                        order by {order}, o.id limit most for update of o skip locked
                    ) due;"""
"""Chosen first, updated then: joined in one statement, the planner reads the whole table."""

# Three statements instead of one with conditions, so that each is read by the index that leads to what it chooses.
_CHOOSE_DUE: Final = _CHOOSE.format(order="o.next_at", due="o.next_at <= at")
_CHOOSE_BATCH: Final = _CHOOSE.format(
    order="o.next_at", due="o.batch_id = of_batch and (o.next_at <= at or o.state <> 'leased')"
)
_CHOOSE_ANYWAY: Final = _CHOOSE.format(
    order=f"({_ANYWAY})",
    due=f"o.next_at <= at and ({_ANYWAY}) <= since_2000 and (of_batch is null or o.batch_id = of_batch)",
)

SQL = """
-- By which rate the last turn was given, and for how long a call waits for one: what is owed is leased by both.
alter table place_pace
    add column per_minute integer,
    add column per_second integer,
    add column begins_within_ms integer not null default 0;

-- How many requests may be sent to a place until a moment, those counted that are given turns already. As
-- ``core/outbound/pacing`` has it.
create function turns_left(
    pace jsonb, per_minute integer, per_second integer, at timestamptz, until timestamptz
) returns integer
language sql stable set search_path = pg_catalog, public, pg_temp as $$
    select case when begins.at > until then 0 else greatest(0, coalesce(least(
        per_minute - (select coalesce(sum((given ->> 1)::integer), 0)::integer
            from jsonb_array_elements(pace -> 'given') given
            where (given ->> 0)::timestamptz + interval '1 minute' > until),
        1 + floor(extract(epoch from until - begins.at) * per_second)::integer), 1000)) end
    from (select greatest(at, (pace ->> 'held_until')::timestamptz,
        (pace #>> '{given,-1,0}')::timestamptz + interval '1 second' / per_second) as at) begins
$$;
call let_owner_read('place_pace');
revoke execute on function turns_left(jsonb, integer, integer, timestamptz, timestamptz) from public;

-- For how long anything is kept by declarations that others took the place of: what they declared stays promised.
alter table installation add column kept_days integer not null default 0;

drop index obligation_due;
create index obligation_due on obligation (place_id, next_at) where state in ('pending', 'leased', 'waiting');
drop index obligation_due_verb;
create index obligation_due_verb on obligation (place_id, verb, next_at, id)
    where state in ('pending', 'leased', 'waiting');
create index obligation_anyway on obligation (place_id, verb, (ANYWAY), id)
    where state in ('pending', 'leased', 'waiting');
create index obligation_leased on obligation (place_id, next_at) where state = 'leased';

drop function claim_obligations(text, timestamptz, interval, integer, uuid, uuid[]);
create function claim_obligations(
    worker text, at timestamptz, lease interval, batch integer, start_after uuid, busy uuid[]
) returns table (
    organisation_id uuid, installation_id uuid, place_id uuid, verb text, obligation_id uuid, attempt integer
)
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
    -- Calls that may begin now; null for any number.
    turns integer;
    turns_of_pace integer;
    -- What no call is made for: a person does it, or nobody has to.
    uncalled text[];
    is_held_back boolean;
    most integer;
    in_one_call integer;
    of_batch uuid;
    is_alone boolean;
    since_2000 constant numeric := extract(epoch from at - '2000-01-01 00:00:00+00'::timestamptz);
    -- Longer than from one look of a worker to the next, and so short that few wait for their turns in its hands.
    ahead_ms constant integer := 2000;
    waiting constant text[] := array['check', 'grant', 'correct', 'share', 'reconcile'];
begin
    loop
        select o.organisation_id, o.installation_id, o.place_id, o.next_at into candidate from obligation o
            where o.state in ('pending', 'leased', 'waiting') and o.place_id > place
            order by o.place_id, o.next_at limit 1;
        if not found or (has_wrapped and candidate.place_id > beginning) then
            exit when has_wrapped;
            has_wrapped := true;
            place := first;
            continue;
        end if;
        place := candidate.place_id;
        continue when candidate.next_at > at or candidate.installation_id = any(busy);
        continue when not pg_try_advisory_xact_lock(hashtextextended(place::text, 0));
        is_open := (select g.state = 'active' from organisation g where g.id = candidate.organisation_id);
        -- Nothing is called before the moment of the next trial, and one thing then.
        turns := (select case when p.next_try_at > at then 0 when p.next_try_at is not null then 1 end
            from installation_place p where p.organisation_id = candidate.organisation_id and p.id = place);
        turns_of_pace := (select turns_left(w.pace, w.per_minute, w.per_second, at,
                at + make_interval(secs => least(w.begins_within_ms, ahead_ms) / 1000.0))
            from place_pace w where w.organisation_id = candidate.organisation_id and w.id = place);
        if turns_of_pace > 0 then
            -- Whoever has leased before has taken none of them yet, or is about to take the next.
            turns_of_pace := greatest(0, turns_of_pace - (
                select count(*)::integer from obligation o
                where o.place_id = place and o.state = 'leased' and o.next_at > at));
        end if;
        turns := least(turns, turns_of_pace);
        uncalled := array[]::text[];
        if turns = 0 then
            select array_remove(array[
                case when is_gone or supports ->> 'erase' in ('manual', 'none') then 'erase' end,
                case when is_gone or supports ->> 'export' in ('manual', 'none') then 'export' end,
                case when is_gone or supports ->> 'attest' = 'none' then 'attest' end,
                case when is_gone or not ((supports ->> 'restrict')::boolean or (supports ->> 'object')::boolean)
                    then 'restrict' end,
                case when is_gone then 'correct' end
            ], null) into uncalled
            from (select i.state = 'load_failed' as is_gone, i.manifest -> 'supports' as supports from installation i
                where i.organisation_id = candidate.organisation_id and i.id = candidate.installation_id) i;
        end if;
        foreach wanted in array array['revoke', 'erase', 'restrict', 'check', 'grant', 'attest', 'correct', 'export',
            'share', 'reconcile']
        loop
            continue when not is_open and wanted = any(waiting);
            -- A revocation waits for nothing.
            is_held_back := coalesce(turns = 0, false) and wanted <> 'revoke' and not (wanted = any(uncalled));
            -- As many as the vendor takes in one call, where it takes several (contract 2).
            in_one_call := case when wanted <> 'share' then 1 else coalesce((
                select case when (i.manifest ->> 'contract')::integer > 1
                    then (i.manifest #>> '{limits,batch}')::integer end
                from installation i where i.organisation_id = candidate.organisation_id
                    and i.id = candidate.installation_id), 1) end;
            most := greatest(batch, in_one_call);
            if turns > 0 and wanted <> 'revoke' then
                most := least(most, turns * in_one_call);
            end if;
            of_batch := null;
            loop
                if is_held_back then CHOOSE_ANYWAY
                elsif of_batch is not null then CHOOSE_BATCH
                else CHOOSE_DUE
                end if;
                exit when chosen is null or wanted <> 'share' or of_batch is not null;
                -- A batch is leased whole, and nothing beside it; what is in none is leased without those that are.
                select o.batch_id into of_batch from obligation o
                    where o.organisation_id = candidate.organisation_id and o.id = chosen[1] and o.batch_id <> o.id;
                if of_batch is null then
                    is_alone := exists (select from obligation o
                        where o.organisation_id = candidate.organisation_id and o.id = chosen[1] and o.batch_id = o.id);
                    chosen := array(select o.id from obligation o
                        where o.organisation_id = candidate.organisation_id and o.id = any(chosen)
                            and case when is_alone then o.batch_id = o.id else o.batch_id is null end
                        order by o.next_at, o.id limit case when is_alone then least(batch, turns) else most end);
                    exit;
                end if;
            end loop;
            continue when chosen is null;
            return query update obligation o set
                state = 'leased', attempt = o.attempt + 1, failures = o.failures + (o.state = 'leased')::integer,
                lease_owner = worker, lease_until = at + lease, next_at = at + lease
            where o.organisation_id = candidate.organisation_id and o.id = any(chosen)
            returning o.organisation_id, o.installation_id, o.place_id, o.verb, o.id, o.attempt;
            return;
        end loop;
    end loop;
end $$;
revoke execute on function claim_obligations(text, timestamptz, interval, integer, uuid, uuid[]) from public;
grant execute on function claim_obligations(text, timestamptz, interval, integer, uuid, uuid[]) to wardship_serve;

-- What waits for a place's turns, or for an answer of it, is not overdue: that is called which may be.
create or replace function overdue_obligations(before timestamptz) returns bigint
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select count(*) from obligation o
        join installation_place p on p.organisation_id = o.organisation_id and p.id = o.place_id
        left join place_pace w on w.organisation_id = o.organisation_id and w.id = o.place_id
    where o.state in ('pending', 'leased', 'waiting') and o.next_at < before
        and p.next_try_at > before is not true
        and greatest((w.pace ->> 'held_until')::timestamptz, (w.pace #>> '{given,-1,0}')::timestamptz) > before
            is not true
$$;
""".replace(" CHOOSE_ANYWAY", _CHOOSE_ANYWAY)
SQL = SQL.replace(" CHOOSE_BATCH", _CHOOSE_BATCH).replace(" CHOOSE_DUE", _CHOOSE_DUE)
SQL = SQL.replace("ANYWAY", _ANYWAY.replace("o.", ""))


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
