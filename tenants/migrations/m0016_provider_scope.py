"""Calls in the scope of the provider."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0016-provider-scope"
DESCRIPTION = "Calls in the scope of the provider"

SQL = """
-- At the provider there are customers and nothing else, whoever writes; and customers are there alone.
alter table role_assignment drop constraint role_assignment_role_check;
alter table role_assignment
    add constraint role_assignment_role_check check (role in ('member', 'org_admin', 'org_owner', 'privacy_officer',
        'auditor', 'billing_contact', 'technical_contact', 'administrative_contact', 'customer')),
    add constraint customers_are_the_providers
        check ((role = 'customer') = (organisation_id = THE_PROVIDER));

drop function authenticate(text, bytea, text);

-- A membership of the provider's counts as none: it is where somebody asks who has no other.
create function authenticate(credential_kind text, credential_hash bytea, chosen_slug text)
returns table (
    credential_id uuid, account_id uuid, stage text, csrf_token text, expires_at timestamptz, used_at timestamptz,
    stepped_up_at timestamptz, scopes text[], staff_roles text[],
    organisation_id uuid, organisation_slug text, member_id uuid, member_state text, roles text[]
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
                order by r.role)
        from access_token t join account a on a.id = t.account_id and a.state = 'active'
            left join member m on m.organisation_id = t.organisation_id and m.account_id = t.account_id
                and m.state <> 'erased'
            left join organisation o on o.id = m.organisation_id
        where t.token_hash = credential_hash and t.revoked_at is null;
    elsif credential_kind = 'session' then
        return query
        with known as (
            select s.id, s.account_id, s.stage, s.csrf_token, s.expires_at, s.last_seen_at, s.stepped_up_at,
                array(select f.role from staff f where f.account_id = s.account_id) as staff_roles
            from session s join account a on a.id = s.account_id and a.state = 'active'
            where s.token_hash = credential_hash
        ), membership as (
            select m.organisation_id, m.id, m.state
            from known k join member m on m.account_id = k.account_id and m.state <> 'erased'
        ), counted as (
            select count(*) filter (where p.state = 'active') as active, count(*) as linked
            from membership p where p.organisation_id <> THE_PROVIDER
        ), chosen as (
            select n.active, case
                when chosen_slug is not null then (select o.id from organisation o where o.slug = chosen_slug)
                when n.active = 1 then (select p.organisation_id from membership p
                    where p.state = 'active' and p.organisation_id <> THE_PROVIDER)
                when k.staff_roles <> '{}' or n.linked = 0 then THE_PROVIDER
                when n.linked = 1 then (select p.organisation_id from membership p
                    where p.organisation_id <> THE_PROVIDER)
                end as organisation_id
            from known k cross join counted n
        )
        select k.id, k.account_id, k.stage, k.csrf_token, k.expires_at, k.last_seen_at, k.stepped_up_at, null::text[],
            k.staff_roles, o.id, o.slug, m.id, m.state,
            case when o.id = THE_PROVIDER and m.id is null and c.active = 0 then array['customer']
                else array(select r.role from role_assignment r
                    where r.organisation_id = m.organisation_id and r.member_id = m.id and m.state = 'active'
                    order by r.role)
                end
        from known k cross join chosen c
            left join membership m on m.organisation_id = c.organisation_id
            left join organisation o on o.id = c.organisation_id and (m.id is not null
                or 'privacy_team' = any(k.staff_roles)
                or (o.id = THE_PROVIDER and (k.staff_roles <> '{}' or c.active = 0)));
    end if;
end $$;

-- What somebody belongs to; the provider is no organisation of anybody's.
create or replace function organisations_of(account uuid)
returns table (organisation_id uuid, slug text, name text, member_id uuid, state text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select o.id, o.slug, o.name, m.id, m.state
    from member m join organisation o on o.id = m.organisation_id and o.id <> THE_PROVIDER
    where m.account_id = account and m.state <> 'erased' order by o.slug
$$;

create or replace function account_has_membership(account uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (select from member m
        where m.account_id = account and m.organisation_id <> THE_PROVIDER)
$$;

revoke execute on function authenticate(text, bytea, text) from public;
grant execute on function authenticate(text, bytea, text) to wardship_serve;
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
