"""A batch of records is the same in every attempt, and a vendor hears of an objection before it erases."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0061-batches"
DESCRIPTION = "In which batch an obligation is delivered, and what waits for an objection"

SQL = """
alter table obligation add column batch_id uuid;
alter table obligation add column batch_digest bytea;
create index obligation_batch on obligation (organisation_id, batch_id)
    where batch_id is not null and state in ('pending', 'leased', 'waiting');

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
    most integer;
    of_batch uuid;
    is_alone boolean;
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
            -- As many as the vendor takes in one call, where it takes several (contract 2).
            most := case when wanted <> 'share' then batch else greatest(batch, (
                select case when (i.manifest ->> 'contract')::integer > 1
                    then (i.manifest #>> '{limits,batch}')::integer end
                from installation i where i.organisation_id = candidate.organisation_id and i.id = place)) end;
            of_batch := null;
            loop
                -- Chosen first, updated then: joined in one statement, the planner reads the whole table.
                select array_agg(due.id order by due.next_at, due.id) into chosen from (
                    select o.id, o.next_at from obligation o
                    where o.organisation_id = candidate.organisation_id and o.installation_id = place
                        and o.verb = wanted and o.state in ('pending', 'leased', 'waiting')
                        and (o.next_at <= at or (of_batch is not null and o.state <> 'leased'))
                        and (of_batch is null or o.batch_id = of_batch)
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
                                            and (other.verb in ('share', 'correct') or (other.verb = 'restrict'
                                                and coalesce(other.arguments ->> 'purpose', '') = '')))
                                        and not (o.verb = 'restrict' and other.verb = 'share')
                                        and not (o.verb = 'restrict' and other.verb = 'restrict'
                                            and coalesce(other.arguments ->> 'purpose', '')
                                                = coalesce(o.arguments ->> 'purpose', ''))
                                        and not (o.verb = 'share' and other.verb = 'share')))))
                        and (o.verb <> 'revoke' or o.member_id is not null or not exists (
                            select from obligation other
                            where other.organisation_id = o.organisation_id and other.installation_id = place
                                and other.place_id = o.place_id
                                and other.member_id is not null and other.state in ('pending', 'leased', 'waiting')
                                and (other.verb in ('share', 'correct', 'restrict', 'erase')
                                    or (other.failures = 0 and other.state <> 'waiting'))))
                    order by o.next_at, o.id limit most for update of o skip locked
                ) due;
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
                        order by o.next_at, o.id limit case when is_alone then batch else most end);
                    exit;
                end if;
            end loop;
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
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
