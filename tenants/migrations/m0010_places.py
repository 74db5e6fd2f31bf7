"""Places: where an installation's data went, so that what is taken back is taken back there."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0010-places"
DESCRIPTION = "Places: where an installation's data went"

SQL = r"""
-- One row for each place where an installation's data went or may go: the server with the account, as its settings name
-- it. Settings and secrets belong to the place, because what it holds is taken back with them; they go when it is left.
create table installation_place (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    installation_id uuid not null,
    state text not null default 'current' check (state in ('current', 'leaving', 'left')),
    recipient text not null default '',
    address text not null default '',
    hosts text[] not null default '{}',
    settings jsonb not null default '{}',
    settings_version integer not null default 1,
    secrets bytea,
    leaving_at timestamptz,
    left_at timestamptz,
    primary key (organisation_id, id),
    unique (organisation_id, installation_id, id),
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade,
    check (state <> 'left' or (secrets is null and settings = '{}')),
    check ((left_at is not null) = (state = 'left'))
);
create unique index installation_place_current on installation_place (organisation_id, installation_id)
    where state = 'current';
call isolate_tenant_table('installation_place');

-- The one place of an installation that was there before has the installation's id: secrets and keys of obligations
-- are bound to it.
alter table installation_place no force row level security;
alter table installation no force row level security;
alter table obligation no force row level security;
alter table subject_link no force row level security;
alter table disclosure no force row level security;
insert into installation_place (organisation_id, id, created_at, installation_id, state, recipient, hosts, settings,
    settings_version, secrets, left_at)
select i.organisation_id, i.id, i.created_at, i.id, case when i.state = 'removed' then 'left' else 'current' end,
    i.manifest -> 'vendor' ->> 'legal_name' || coalesce(' (' || servers.names || ')', ''),
    array(select jsonb_array_elements_text(coalesce(i.manifest -> 'hosts', '[]'))),
    case when i.state = 'removed' then '{}' else i.settings end, i.settings_version,
    case when i.state = 'removed' then null else i.secrets end,
    case when i.state = 'removed' then coalesce(i.removed_at, i.created_at) end
from installation i cross join lateral (
    select string_agg(distinct lower(
        substring(i.settings ->> name from '^[^:]+://(?:[^/@]*@)?(\[[^]]*\]|[^/:?#]+)')), ', ') as names
    from jsonb_array_elements_text(coalesce(i.manifest -> 'host_settings', '[]')) as name
) servers;

alter table installation add column place_id uuid;
update installation set place_id = id;
alter table installation alter column place_id set not null;
alter table installation add foreign key (organisation_id, id, place_id)
    references installation_place (organisation_id, installation_id, id) deferrable initially deferred;
alter table installation drop column settings, drop column settings_version, drop column secrets;

-- A place is one of an installation's: the one reference takes the place of that to the installation.
alter table obligation add column place_id uuid;
update obligation set place_id = installation_id;
alter table obligation alter column place_id set not null;
alter table obligation drop constraint obligation_organisation_id_installation_id_fkey;
alter table obligation add foreign key (organisation_id, installation_id, place_id)
    references installation_place (organisation_id, installation_id, id) on delete cascade;

alter table subject_link add column place_id uuid;
update subject_link set place_id = installation_id;
alter table subject_link alter column place_id set not null;
alter table subject_link drop constraint subject_link_organisation_id_installation_id_fkey;
alter table subject_link add foreign key (organisation_id, installation_id, place_id)
    references installation_place (organisation_id, installation_id, id) on delete cascade;
alter table subject_link drop constraint subject_link_organisation_id_installation_id_member_id_key;
alter table subject_link add unique (organisation_id, installation_id, member_id, place_id);

alter table disclosure add column place_id uuid;
update disclosure set place_id = installation_id;
alter table disclosure alter column place_id set not null;
alter table disclosure drop constraint disclosure_organisation_id_installation_id_fkey;
alter table disclosure add foreign key (organisation_id, installation_id, place_id)
    references installation_place (organisation_id, installation_id, id);

alter table installation_place force row level security;
alter table installation force row level security;
alter table obligation force row level security;
alter table subject_link force row level security;
alter table disclosure force row level security;

-- As before, but what waits for what is asked of one place: an old server that does not answer holds nothing up at the
-- new one, and the end of the old one does not wait for what is shared with the new one.
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
        foreach wanted in array array['revoke', 'erase', 'restrict', 'check', 'grant', 'attest', 'correct', 'export',
            'share', 'reconcile']
        loop
            -- Chosen first, updated then: joined in one statement, the planner reads the whole table.
            select array_agg(due.id) into chosen from (
                select o.id from obligation o
                where o.organisation_id = candidate.organisation_id and o.installation_id = place
                    and o.verb = wanted and o.next_at <= at and o.state in ('pending', 'leased', 'waiting')
                    and (o.member_id is null or not exists (
                        select from obligation other
                        where other.organisation_id = o.organisation_id and other.installation_id = place
                            and other.place_id = o.place_id
                            and other.member_id = o.member_id and other.id <> o.id
                            and other.state in ('pending', 'leased', 'waiting')
                            and ((other.state = 'leased' and other.next_at > at)
                                or (other.id < o.id
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
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
