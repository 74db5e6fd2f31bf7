"""How the rows of an organisation go over to another: by one function of the owner, all at once."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0036-carrying-over"
DESCRIPTION = "Rows of one organisation that go over to another"

SQL = r"""
-- Rows go over to another organisation by one function of the owner, and by nothing else: while it runs.
create function is_carrying_over() returns boolean language sql stable parallel safe
    return coalesce(current_setting('wardship.carrying_over', true), '') = 'on';
create procedure let_owner_carry_over(name regclass) language plpgsql as $$
begin
    execute format('create policy owner_carries_over on %s to %I using ((select is_carrying_over()))
        with check ((select is_carrying_over()))', name, current_user);
end $$;
do $$
declare
    named regclass;
begin
    for named in select distinct a.attrelid::regclass from pg_attribute a
            join pg_class c on c.oid = a.attrelid and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
            where a.attname = 'organisation_id' and not a.attisdropped
                and c.relname not in ('audit_entry', 'audit_head')
    loop
        call let_owner_carry_over(named);
    end loop;
end $$;
create or replace procedure isolate_tenant_table(name regclass) language plpgsql as $$
begin
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy tenant_isolation on %s to wardship_serve
        using (organisation_id = (select current_tenant()))
        with check (organisation_id = (select current_tenant()))', name);
    execute format('grant select, insert, update, delete on %s to wardship_serve', name);
    call let_owner_carry_over(name);
end $$;
create function note_members_in_both(chosen uuid, at timestamptz) returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    noted bigint;
begin
    insert into merged_membership (id, created_at, merger_id, from_id, to_id, is_changed)
    select time_ordered_id(), at, m.id, b.from_id, b.to_id, s.state <> t.state
        from merger m cross join lateral members_in_both(m.source_id, m.target_id) b
            join member s on s.organisation_id = m.source_id and s.id = b.from_id
            join member t on t.organisation_id = m.target_id and t.id = b.to_id
        where m.id = chosen and m.state = 'merging' and m.source_id = (select current_tenant());
    get diagnostics noted = row_count;
    return noted;
end $$;

-- A text in which memberships that were two are named by the one that is left.
create function with_merged_members(content text, chosen uuid) returns text
language plpgsql stable strict set search_path = pg_catalog, public, pg_temp as $$
declare
    met record;
    changed text := content;
begin
    for met in
        select distinct d.from_id::text as earlier, d.to_id::text as later
        from regexp_matches(content, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') as found (parts)
            join merged_membership d on d.merger_id = chosen and d.from_id = found.parts[1]::uuid
    loop
        changed := replace(changed, met.earlier, met.later);
    end loop;
    return changed;
end $$;
revoke execute on function with_merged_members from public;

-- What can't stand twice in one organisation is brought into one, before the rows go over.
create procedure reconcile_members(chosen uuid, source uuid, target uuid, at timestamptz) language plpgsql as $$
begin
    -- Who was not active in one of both leaves its groups there, so that nothing begins to be shared unasked.
    update group_membership g set left_at = at
        from merged_membership d join member b on b.organisation_id = source and b.id = d.from_id
            join member a on a.organisation_id = target and a.id = d.to_id
        where d.merger_id = chosen and g.left_at is null and (b.state = 'active') <> (a.state = 'active')
            and ((g.organisation_id = source and g.member_id = d.from_id and b.state <> 'active')
                or (g.organisation_id = target and g.member_id = d.to_id and a.state <> 'active'));
    update grace_period g set state = 'ended', ended_at = at
        from merged_membership d join member b on b.organisation_id = source and b.id = d.from_id
            join member a on a.organisation_id = target and a.id = d.to_id
        where d.merger_id = chosen and g.state <> 'ended'
            and ((g.organisation_id = source and g.member_id = d.from_id and (a.state = 'active'
                    or exists (select from grace_period o where o.organisation_id = target and o.member_id = d.to_id
                        and o.state <> 'ended')))
                or (g.organisation_id = target and g.member_id = d.to_id and b.state = 'active'));
    delete from role_assignment r using merged_membership d, member a, member b
        where d.merger_id = chosen and r.organisation_id = target and r.member_id = d.to_id and r.role <> 'member'
            and a.organisation_id = target and a.id = d.to_id and a.state <> 'active'
            and b.organisation_id = source and b.id = d.from_id and b.state = 'active';
    delete from role_assignment r where r.organisation_id = source and (r.role <> 'member'
        or exists (select from merged_membership d join role_assignment o on o.organisation_id = target
                and o.member_id = d.to_id and o.role = 'member'
            where d.merger_id = chosen and d.from_id = r.member_id));
    update member a set
        state = case when b.state = 'active' then 'active' else a.state end,
        left_at = case when b.state = 'active' then null else a.left_at end,
        account_id = coalesce(a.account_id, b.account_id),
        title = coalesce(nullif(a.title, ''), b.title),
        first_name = coalesce(nullif(a.first_name, ''), b.first_name),
        last_name = coalesce(nullif(a.last_name, ''), b.last_name),
        job_title = coalesce(nullif(a.job_title, ''), b.job_title),
        company = coalesce(nullif(a.company, ''), b.company),
        username = coalesce(nullif(a.username, ''), b.username),
        phone = coalesce(nullif(a.phone, ''), b.phone),
        postal_address = coalesce(nullif(a.postal_address, ''), b.postal_address),
        picture_url = coalesce(nullif(a.picture_url, ''), b.picture_url),
        email = case when a.email = '' and not exists (select from member o where o.organisation_id = target
            and o.email = b.email) then b.email else a.email end,
        joined_at = least(a.joined_at, b.joined_at),
        last_seen_at = greatest(a.last_seen_at, b.last_seen_at)
        from merged_membership d join member b on b.organisation_id = source and b.id = d.from_id
        where d.merger_id = chosen and a.organisation_id = target and a.id = d.to_id;
    update member b set email = '' where b.organisation_id = source and b.email <> ''
        and exists (select from member a where a.organisation_id = target and a.email = b.email);
end $$;

create procedure reconcile_choices(chosen uuid, source uuid, target uuid, at timestamptz) language plpgsql as $$
begin
    -- A consent to every recipient that stands in both goes on for each recipient of its own organisation.
    with twice as (
        select b.id, b.member_id, b.purpose, b.category from merged_membership d
            join consent b on b.organisation_id = source and b.member_id = d.from_id
            join consent a on a.organisation_id = target and a.member_id = d.to_id and a.purpose = b.purpose
                and a.category = b.category
        where d.merger_id = chosen and a.withdrawn_at is null and b.withdrawn_at is null
            and a.installation_id is null and b.installation_id is null
    ), named as (
        insert into consent (organisation_id, id, created_at, member_id, purpose, category, installation_id)
        select source, time_ordered_id(), at, t.member_id, t.purpose, t.category, i.id
        from twice t join installation i on i.organisation_id = source and i.state <> 'removed'
        where not exists (select from consent_withdrawal w where w.organisation_id = source and w.consent_id = t.id
            and w.installation_id = i.id)
        on conflict do nothing
    )
    update consent c set withdrawn_at = at from twice t where c.organisation_id = source and c.id = t.id;
    update objection b set withdrawn_at = at from merged_membership d, objection a
        where d.merger_id = chosen and b.organisation_id = source and b.member_id = d.from_id
            and b.withdrawn_at is null and a.organisation_id = target and a.member_id = d.to_id
            and a.withdrawn_at is null and a.purpose = b.purpose
            and a.installation_id is null and b.installation_id is null;
    update restriction b set lifted_at = at from merged_membership d, restriction a
        where d.merger_id = chosen and b.organisation_id = source and b.member_id = d.from_id and b.lifted_at is null
            and a.organisation_id = target and a.member_id = d.to_id and a.lifted_at is null
            and (a.category, a.cause) = (b.category, b.cause) and a.request_id is not distinct from b.request_id;
    update notice n set event = sha256(n.event || decode(replace(n.id::text, '-', ''), 'hex'))
        from merged_membership d
        where d.merger_id = chosen and n.organisation_id = source and n.member_id = d.from_id;
end $$;

-- One claim of an account stands in one organisation: that by which it is managed, or else that of the one that stays.
create procedure reconcile_account_claims(source uuid, target uuid) language plpgsql as $$
begin
    delete from account_claim a using account_claim b
        where a.organisation_id = target and a.state not in ('matched', 'notified', 'undecided', 'managed')
            and b.organisation_id = source and b.state = 'managed'
            and a.account_hash = claimed_account(target, b.account_id);
    delete from account_claim b using account_claim a
        where b.organisation_id = source and a.organisation_id = target
            and a.account_hash = claimed_account(target, b.account_id);
end $$;

create procedure reconcile_names(source uuid, target uuid, at timestamptz) language plpgsql as $$
declare
    named text;
begin
    select left(o.name, 40) into named from organisation o where o.id = source;
    update user_group g set name = left(g.name, 150) || ' (' || named || ')'
        where g.organisation_id = source and g.archived_at is null
            and exists (select from user_group o where o.organisation_id = target and o.name = g.name
                and o.archived_at is null);
    update user_group g set name = left(g.name, 150) || ' ' || g.id
        where g.organisation_id = source and g.archived_at is null
            and exists (select from user_group o where o.organisation_id in (source, target) and o.id <> g.id
                and o.name = g.name and o.archived_at is null);
    -- The directory that filled them speaks for the other organisation no more: people do.
    update user_group g set managed_by = 'people', external_id = '' where g.organisation_id = source;
    update invitation i set roles = array['member']
        where i.organisation_id = source and i.accepted_at is null and i.revoked_at is null;
    update invitation i set revoked_at = at
        where i.organisation_id = source and i.accepted_at is null and i.revoked_at is null
            and exists (select from invitation o where o.organisation_id = target and o.email = i.email
                and o.accepted_at is null and o.revoked_at is null);
end $$;

create procedure carry_over_directory(source uuid, target uuid) language plpgsql as $$
begin
    update tombstone t set lifted_at = null from tombstone s
        where t.organisation_id = target and s.organisation_id = source and s.kind = t.kind
            and s.identifier_hash = t.identifier_hash and s.lifted_at is null and t.lifted_at is not null;
    delete from tombstone s using tombstone t where s.organisation_id = source and t.organisation_id = target
        and s.kind = t.kind and s.identifier_hash = t.identifier_hash;
    update tombstone set organisation_id = target where organisation_id = source;
    update outgoing_mail set organisation_id = target where organisation_id = source;
    update refused_mail set organisation_id = target where organisation_id = source;
    update account_notice set organisation_id = target where organisation_id = source;
    update account_recovery set organisation_id = target where organisation_id = source;
    update domain set holder_id = target where holder_id = source;
end $$;
revoke execute on procedure reconcile_members, reconcile_choices, reconcile_names, reconcile_account_claims,
    carry_over_directory from public;

-- How a column goes over: an identifier or a text that names a membership that was two names the one that is left.
create function carried_column(called text, type oid) returns text
language sql stable set search_path = pg_catalog, public, pg_temp as $$
    select case
        when type = 'uuid'::regtype then format('%1$I = coalesce((select d.to_id from merged_membership d'
            ' where d.merger_id = $3 and d.from_id = t.%1$I), t.%1$I)', called)
        when type = 'jsonb'::regtype then format('%1$I = with_merged_members(t.%1$I::text, $3)::jsonb', called)
        else format('%1$I = with_merged_members(t.%1$I, $3)', called) end
$$;
revoke execute on function carried_column from public;

-- Every row of an organisation goes over in one statement: keys and references change at the same moment, so that no
-- reference is ever broken, and who writes into the organisation meanwhile makes it fail as a whole.
create function carry_over(chosen uuid, tables text[], ends text[], texts text[], at timestamptz) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    source uuid;
    target uuid;
    has_common boolean;
    relation regclass;
    changes text;
    parts text[] := '{}';
    counts text[] := '{}';
    moved jsonb;
    left_behind boolean;
begin
    select m.source_id, m.target_id into source, target from merger m
        join organisation s on s.id = m.source_id and s.state = 'merging'
        join organisation t on t.id = m.target_id and t.state = 'active'
        where m.id = chosen and m.state = 'merging' and m.source_id = (select current_tenant());
    if source is null then
        raise exception 'no such merger is being carried out';
    end if;
    perform set_config('wardship.carrying_over', 'on', true);
    has_common := exists (select from merged_membership d where d.merger_id = chosen);
    call reconcile_members(chosen, source, target, at);
    call reconcile_choices(chosen, source, target, at);
    call reconcile_names(source, target, at);
    call reconcile_account_claims(source, target);
    foreach relation in array tables::regclass[] loop
        changes := 'organisation_id = $2';
        if has_common then
            changes := concat_ws(', ', changes, (
                select string_agg(carried_column(a.attname, a.atttypid), ', ') from pg_attribute a
                where a.attrelid = relation and a.attnum > 0 and not a.attisdropped
                    and (a.atttypid = 'uuid'::regtype and a.attname not in ('organisation_id', 'id')
                        or relation::text || '.' || a.attname = any(texts))));
        end if;
        if relation = 'account_claim'::regclass then
            changes := changes || ', account_hash = coalesce(claimed_account($2, t.account_id), t.account_hash)';
        end if;
        parts := parts || format('%I as (update %s t set %s where t.organisation_id = $1%s returning 1)',
            'to_' || relation, relation, changes, case when relation = 'member'::regclass then ' and not exists ('
                'select from merged_membership d where d.merger_id = $3 and d.from_id = t.id)' else '' end);
        counts := counts || format('%L, (select count(*) from %I)', relation, 'to_' || relation);
    end loop;
    foreach relation in array ends::regclass[] loop
        parts := parts || format('%I as (delete from %s t where t.organisation_id = $1)', 'end_' || relation, relation);
    end loop;
    -- A consent to every recipient does not come to reach those of the other organisation.
    execute 'with ' || array_to_string(parts, ', ') || ', one as (delete from member t where t.organisation_id = $1'
        ' and exists (select from merged_membership d where d.merger_id = $3 and d.from_id = t.id)),'
        ' narrowed as (insert into consent_withdrawal (organisation_id, id, created_at, member_id, consent_id,'
        ' installation_id) select $2, time_ordered_id(), $4, coalesce((select d.to_id from merged_membership d'
        ' where d.merger_id = $3 and d.from_id = c.member_id), c.member_id), c.id, i.id'
        ' from consent c join installation i on i.organisation_id in ($1, $2)'
        ' and i.organisation_id <> c.organisation_id and i.state <> ''removed'''
        ' where c.organisation_id in ($1, $2) and c.installation_id is null and c.withdrawn_at is null)'
        ' select jsonb_build_object(' || array_to_string(counts, ', ') || ')'
        into moved using source, target, chosen, at;
    call carry_over_directory(source, target);
    foreach relation in array tables::regclass[] loop
        execute format('select exists (select from %s where organisation_id = $1)', relation)
            into left_behind using source;
        if left_behind then
            raise exception '% was written meanwhile', relation;
        end if;
    end loop;
    perform set_config('wardship.carrying_over', '', true);
    return moved;
end $$;

revoke execute on function note_members_in_both, carry_over from public;
grant execute on function note_members_in_both, carry_over to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
