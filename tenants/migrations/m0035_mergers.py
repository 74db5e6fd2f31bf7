"""Organisations that become part of another: what is agreed on, what it would bring, what it waits for."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0035-mergers"
DESCRIPTION = "Mergers of organisations"

SQL = r"""
alter table organisation drop constraint organisation_state_check;
alter table organisation add constraint organisation_state_check check (state in ('awaiting_owner', 'active',
    'suspended', 'leaving', 'closing', 'closed', 'merging', 'merged'));

create table merger (
    id uuid primary key,
    created_at timestamptz not null,
    source_id uuid not null references organisation (id) on delete cascade,
    target_slug text not null,
    target_id uuid references organisation (id) on delete cascade,
    state text not null check (state in ('offered', 'announced', 'merging', 'merged', 'declined', 'withdrawn',
        'expired')),
    state_since timestamptz not null,
    -- When the clock acts: the offer ends, or the day has come.
    state_until timestamptz,
    offered_by uuid not null,
    accepted_by uuid,
    delivered_at timestamptz,
    -- What the accepting owner was shown, and what was carried over.
    figures jsonb,
    moved jsonb,
    waits_for text not null default '' check (waits_for in ('', 'organisations', 'erasures', 'deliveries')),
    check (state in ('offered', 'declined', 'withdrawn', 'expired') or (target_id is not null and figures is not null))
);
create unique index merger_open on merger (source_id) where state in ('offered', 'announced', 'merging');
create index merger_source on merger (source_id, created_at, id);
create index merger_target on merger (target_id, created_at, id) where target_id is not null;
create index merger_clock on merger (state_until) where state in ('offered', 'announced', 'merging', 'withdrawn');
call isolate_directory_table('merger');
call let_owner_read('merger');
create trigger merger_calls_for_sweep after insert or update of state on merger for each statement
    execute function call_for_sweep();

-- Who had a membership in both: the audit of the one that went names the earlier identifier.
create table merged_membership (
    id uuid primary key,
    created_at timestamptz not null,
    merger_id uuid not null references merger (id) on delete cascade,
    from_id uuid not null,
    to_id uuid not null,
    -- Whether groups, state or roles changed with it, so that recipients are to be brought in line.
    is_changed boolean not null default false,
    unique (merger_id, from_id),
    unique (merger_id, to_id)
);
create index merged_membership_to on merged_membership (to_id);
call isolate_directory_table('merged_membership');
call let_owner_write('merged_membership');

call let_owner_read('user_group');
call let_owner_read('audit_head');

-- The mergers of an organisation, or one of them; of the other organisation no more than may be known yet.
create function own_mergers(chosen uuid, after_at timestamptz, after_id uuid, most integer) returns table (
    id uuid, created_at timestamptz, source_id uuid, source_slug text, source_name text, target_slug text,
    target_id uuid, target_name text, state text, state_since timestamptz, state_until timestamptz, offered_by uuid,
    delivered_at timestamptz, figures jsonb, moved jsonb, waits_for text
)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select g.id, g.created_at, g.source_id, s.slug, s.name, g.target_slug, g.target_id,
        case when g.state in ('announced', 'merging', 'merged') or g.target_id = (select current_tenant())
            then t.name end,
        g.state, g.state_since, g.state_until, g.offered_by, g.delivered_at, g.figures, g.moved, g.waits_for
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

-- The same person: by the account, or by the address where one of both organisations knows no account and the other's
-- has proven the address.
create function members_in_both(source uuid, target uuid) returns table (from_id uuid, to_id uuid)
language sql stable set search_path = pg_catalog, public, pg_temp as $$
    select b.id, a.id from member b join member a on a.organisation_id = target and a.account_id = b.account_id
    where b.organisation_id = source
    union all
    select b.id, a.id from member b join member a on a.organisation_id = target and a.email = b.email
    where b.organisation_id = source and b.email <> '' and b.state <> 'erased' and a.state <> 'erased'
        and (a.account_id is null or b.account_id is null)
        and not exists (select from member m where m.organisation_id = target and m.account_id = b.account_id)
        and not exists (select from member m where m.organisation_id = source and m.account_id = a.account_id)
        and (coalesce(a.account_id, b.account_id) is null or exists (select from account_email e
            where e.account_id = coalesce(a.account_id, b.account_id) and e.address = b.email
                and e.verified_at is not null))
$$;
revoke execute on function members_in_both from public;

-- What a merger would bring, for the organisation to which it is offered.
create function merger_figures(chosen uuid) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    source uuid;
    target uuid;
    common uuid[];
begin
    select m.source_id, m.target_id into source, target from merger m
        where m.id = chosen and m.state = 'offered' and m.target_id = (select current_tenant());
    if source is null then
        return null;
    end if;
    common := array(select b.from_id from members_in_both(source, target) b);
    return jsonb_build_object(
        'members', (select count(*) from member m where m.organisation_id = source and m.state <> 'erased'),
        'members_in_both', cardinality(common),
        'addresses_left_out', (select count(*) from member b where b.organisation_id = source and b.email <> ''
            and b.id <> all(common)
            and exists (select from member a where a.organisation_id = target and a.email = b.email)),
        'roles_that_end', (select count(*) from role_assignment r where r.organisation_id = source
            and r.role <> 'member'),
        'groups', (select count(*) from user_group g where g.organisation_id = source and g.archived_at is null),
        'groups_renamed', (select count(*) from user_group g where g.organisation_id = source
            and g.archived_at is null and exists (select from user_group o where o.organisation_id = target
                and o.name = g.name and o.archived_at is null)),
        'posts', (select count(*) from post p where p.organisation_id = source),
        'files', (select count(*) from file_reference f where f.organisation_id = source),
        'open_invitations', (select count(*) from invitation i where i.organisation_id = source
            and i.accepted_at is null and i.revoked_at is null),
        'open_requests', (select count(*) from data_request r where r.organisation_id = source
            and r.ended_at is null),
        'open_erasures_of_members_in_both', (select count(*) from request_right g
            join data_request r on r.organisation_id = g.organisation_id and r.id = g.request_id
            join members_in_both(source, target) b on r.member_id = any(array[b.from_id, b.to_id])
            where g.organisation_id in (source, target) and g.kind in ('erasure', 'deactivation')
                and g.ended_at is null),
        'kept_remainders', (select count(*) from erasure_remainder e where e.organisation_id = source
            and e.ended_at is null),
        'restrictions', (select count(*) from restriction r where r.organisation_id = source
            and r.lifted_at is null),
        'obligations', (select count(*) from obligation o where o.organisation_id = source and o.ended_at is null),
        'certificates', (select count(*) from certificate c where c.organisation_id = source),
        'disclosures', (select count(*) from disclosure d where d.organisation_id = source),
        'installations_for_everybody', (select count(*) from installation i where i.organisation_id = source
            and i.state <> 'removed' and i.audience = 'organisation'),
        'installations_for_groups', (select count(*) from installation i where i.organisation_id = source
            and i.state <> 'removed' and i.audience = 'group'),
        'installations_of_members', (select count(*) from installation i where i.organisation_id = source
            and i.state <> 'removed' and i.audience = 'member'),
        'installations_held', (select count(*) from installation i where i.organisation_id in (source, target)
            and i.state not in ('removed', 'revoking', 'revocation_overdue') and i.audience = 'organisation'),
        'domains', (select count(*) from domain_claim d where d.organisation_id = source
            and d.state not in ('released', 'expired', 'transferred')),
        'domains_claimed_by_both', (select count(*) from domain_claim d join domain_claim o on o.name = d.name
                and o.organisation_id = target and o.state not in ('released', 'expired', 'transferred')
            where d.organisation_id = source and d.state not in ('released', 'expired', 'transferred')),
        'tombstones', (select count(*) from tombstone t where t.organisation_id = source and t.lifted_at is null),
        'tokens_that_end', (select count(*) from access_token t where t.organisation_id = source
            and t.revoked_at is null),
        'audit_entries', coalesce((select h.sequence from audit_head h where h.organisation_id = source), 0)
    );
end $$;

-- What keeps a merger from being carried out at this moment; empty when nothing does.
create function merger_waits_for(chosen uuid) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select case
        when exists (select from request_right g
            join data_request r on r.organisation_id = g.organisation_id and r.id = g.request_id
            join members_in_both(m.source_id, m.target_id) b on r.member_id = any(array[b.from_id, b.to_id])
            where g.organisation_id in (m.source_id, m.target_id) and g.kind in ('erasure', 'deactivation')
                and g.ended_at is null) then 'erasures'
        when m.state = 'merging' and exists (select from obligation o where o.organisation_id = m.source_id
            and o.state = 'leased') then 'deliveries'
        else '' end
    from merger m where m.id = chosen and (select current_tenant()) in (m.source_id, m.target_id)
$$;

-- Names that both have claimed: the other's claims, with their states, for one of the two.
create function domains_claimed_by_both(chosen uuid) returns table (name text, source_state text, target_state text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select d.name, d.state, o.state from merger m
        join domain_claim d on d.organisation_id = m.source_id and d.state not in ('released', 'expired', 'transferred')
        join domain_claim o on o.organisation_id = m.target_id and o.name = d.name
            and o.state not in ('released', 'expired', 'transferred')
    where m.id = chosen and m.state = 'merging' and (select current_tenant()) in (m.source_id, m.target_id)
$$;

-- The chain of an organisation that became part of this one, perhaps by way of another.
create function former_organisation(chosen uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    with recursive earlier as (
        select m.id, m.source_id from merger m
            where m.target_id = (select current_tenant()) and m.state = 'merged'
        union
        select m.id, m.source_id from merger m join earlier e on m.target_id = e.source_id and m.state = 'merged'
    )
    select e.source_id from earlier e where e.id = chosen
$$;
revoke execute on function merger_figures, merger_waits_for, domains_claimed_by_both, former_organisation from public;
grant execute on function merger_figures, merger_waits_for, domains_claimed_by_both, former_organisation
    to wardship_serve;

-- As before, but where an organisation is being merged nobody is away: the next minute has its administrators.
create or replace function requests_without_admin(at timestamptz, most integer)
returns table (organisation_id uuid, id uuid, reason text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select distinct g.organisation_id, g.request_id,
        case when o.suspended_at is not null then 'organisation_suspended' else 'organisation_leaves' end
    from request_right g join organisation o on o.id = g.organisation_id
    where g.state = 'with_admin' and o.state <> 'merging'
        and (o.suspended_at is not null or (o.state = 'leaving' and o.state_until <= at))
    limit most
$$;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
