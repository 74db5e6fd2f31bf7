"""Organisations' own providers of sign-in, and sessions that reach one organisation alone."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0040-single-sign-on"
DESCRIPTION = "Organisations' own providers of sign-in, and sessions that reach one organisation alone"

SQL = r"""
create table identity_provider (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    state text not null check (state in ('draft', 'tested', 'active', 'enforced', 'off')),
    state_since timestamptz not null,
    name text not null check (length(name) between 1 and 80),
    issuer text not null check (length(issuer) between 1 and 500),
    client_id text not null check (length(client_id) between 1 and 400),
    client_secret bytea not null,
    second_step text not null check (second_step in ('own', 'proven', 'trusted')),
    acr_values text[] not null default '{}',
    hosted_domain text not null default '' check (length(hosted_domain) <= 200),
    admits text not null check (admits in ('members', 'addresses')),
    address_key text not null unique check (length(address_key) between 10 and 60),
    tested_at timestamptz,
    tested_by uuid,
    trouble text,
    trouble_since timestamptz,
    primary key (organisation_id, id),
    check ((trouble is null) = (trouble_since is null))
);
-- By one provider at a time people sign in.
create unique index identity_provider_in_force on identity_provider (organisation_id)
    where state in ('active', 'enforced');
create index identity_provider_order on identity_provider (organisation_id, created_at, id);
create unique index identity_provider_id on identity_provider (id);
call isolate_tenant_table('identity_provider');
call let_owner_read('identity_provider');

-- Whose provider it is, for the address to which it sends people back, and for the organisation's own sign-in address.
create function identity_provider_place(provider uuid, address text) returns table (organisation_id uuid, id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select p.organisation_id, p.id from identity_provider p join organisation o on o.id = p.organisation_id
        and o.state not in ('closing', 'closed')
    where p.id = provider or p.address_key = address
$$;

-- The sign-in address of the organisation by whose provider the owner of a mailbox signs in: the one that was named, or
-- the one that holds the domain; else the only one in which the address is an active member's. Null for all others.
create function way_to_sign_in(mailbox text, wanted text, above text[], slug_named text)
returns table (organisation_name text, address_key text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    with holder as (
        select d.holder_id as organisation_id from domain d
        where d.state = 'held' and (d.name = wanted or (d.name = any(above) and d.scope = 'subtree'))
        order by length(d.name) desc limit 1
    ), belonging as (
        select m.organisation_id from account_email e join member m on m.account_id = e.account_id
            and m.state = 'active' and m.organisation_id <> THE_PROVIDER
        where e.address = mailbox and e.verified_at is not null
    ), possible as (
        select o.id, o.name, p.address_key, o.id in (select h.organisation_id from holder h) as is_holder
        from organisation o join identity_provider p on p.organisation_id = o.id and p.state in ('active', 'enforced')
        where (o.id in (select h.organisation_id from holder h) or o.id in (select b.organisation_id from belonging b))
            and (slug_named is null or o.slug = slug_named)
            and o.suspended_at is null and o.state not in ('closing', 'closed')
    )
    select p.name, p.address_key from possible p
    where p.is_holder or (select count(*) from possible) = 1
    order by p.is_holder desc limit 1
$$;

alter table session
    add column break_glass_in uuid references organisation (id) on delete set null,
    add column break_glass_at timestamptz,
    add column break_glass_told boolean not null default false;
create index session_break_glass on session (break_glass_at) where break_glass_in is not null and not break_glass_told;
alter table member add column sessions_end_at timestamptz;
-- Sessions by which an owner came into the organisation past its provider, of which people were not told yet.
create function break_glass_due(most integer)
returns table (organisation_id uuid, account_id uuid, session_id uuid, used_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select s.break_glass_in, s.account_id, s.id, s.break_glass_at from session s
    where s.break_glass_in is not null and not s.break_glass_told limit most
$$;

drop function authenticate(text, bytea, text);

-- As before. A session that an organisation's provider opened reaches that organisation alone, and one that it did not
-- open reaches no organisation whose people have to sign in by its provider, but for its owner.
create function authenticate(credential_kind text, credential_hash bytea, chosen_slug text)
returns table (
    credential_id uuid, account_id uuid, stage text, csrf_token text, expires_at timestamptz, used_at timestamptz,
    stepped_up_at timestamptz, scopes text[], staff_roles text[],
    organisation_id uuid, organisation_slug text, member_id uuid, member_state text, roles text[],
    organisation_state text, bound_to uuid, door text
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
            case when o.suspended_at is null then o.state else 'suspended' end, null::uuid, 'open'
        from access_token t join account a on a.id = t.account_id and a.state = 'active'
            left join member m on m.organisation_id = t.organisation_id and m.account_id = t.account_id
                and m.state <> 'erased'
            left join organisation o on o.id = m.organisation_id and o.state not in ('closing', 'closed')
        where t.token_hash = credential_hash and t.revoked_at is null;
    elsif credential_kind = 'session' then
        return query
        with known as (
            select s.id, s.account_id, s.stage, s.csrf_token, s.expires_at, s.last_seen_at, s.stepped_up_at,
                s.created_at, s.organisation_id as bound_to,
                array(select f.role from staff f
                    where f.account_id = s.account_id and s.organisation_id is null) as staff_roles
            from session s join account a on a.id = s.account_id and a.state = 'active'
            where s.token_hash = credential_hash
        ), membership as (
            select m.organisation_id, m.id, m.state, m.state = 'active' and g.suspended_at is null as is_open,
                m.sessions_end_at
            from known k join member m on m.account_id = k.account_id and m.state <> 'erased'
                    and (k.bound_to is null or m.organisation_id = k.bound_to)
                join organisation g on g.id = m.organisation_id and g.state not in ('closing', 'closed')
        ), counted as (
            select count(*) filter (where p.is_open) as open, count(*) filter (where p.state = 'active') as active,
                count(*) as linked
            from membership p where p.organisation_id <> THE_PROVIDER
        ), chosen as (
            select n.open, case
                when chosen_slug is not null then (select o.id from organisation o where o.slug = chosen_slug)
                when k.bound_to is not null then k.bound_to
                when n.open = 1 then (select p.organisation_id from membership p
                    where p.is_open and p.organisation_id <> THE_PROVIDER)
                when n.open = 0 and n.active = 1 then (select p.organisation_id from membership p
                    where p.state = 'active' and p.organisation_id <> THE_PROVIDER)
                when k.staff_roles <> '{}' or n.linked = 0 then THE_PROVIDER
                when n.linked = 1 then (select p.organisation_id from membership p
                    where p.organisation_id <> THE_PROVIDER)
                end as organisation_id
            from known k cross join counted n
        ), placed as (
            select m.id, m.state, c.open, c.organisation_id as chosen_id, m.sessions_end_at,
                array(select r.role from role_assignment r
                    where r.organisation_id = m.organisation_id and r.member_id = m.id and m.state = 'active'
                    order by r.role) as roles
            from chosen c left join membership m on m.organisation_id = c.organisation_id
        )
        select k.id, k.account_id, k.stage, k.csrf_token, k.expires_at, k.last_seen_at, k.stepped_up_at, null::text[],
            k.staff_roles, o.id, o.slug, m.id, m.state,
            case when o.id = THE_PROVIDER and m.id is null and m.open = 0 then array['customer'] else m.roles end,
            case when o.suspended_at is null then o.state else 'suspended' end, k.bound_to,
            case when k.created_at <= m.sessions_end_at then 'ended'
                when k.bound_to is not null or m.state is distinct from 'active' or not exists (
                    select from identity_provider p where p.organisation_id = o.id and p.state = 'enforced') then 'open'
                when 'org_owner' = any(m.roles) then 'break_glass'
                else 'provider' end
        from known k cross join placed m
            left join organisation o on o.id = m.chosen_id and (m.id is not null
                or 'privacy_team' = any(k.staff_roles)
                or (o.id = THE_PROVIDER and k.bound_to is null and (k.staff_roles <> '{}' or m.open = 0)));
    end if;
end $$;

revoke execute on function authenticate(text, bytea, text) from public;
grant execute on function authenticate(text, bytea, text) to wardship_serve;
revoke execute on function identity_provider_place, way_to_sign_in, break_glass_due from public;
grant execute on function identity_provider_place, way_to_sign_in, break_glass_due to wardship_serve;
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
