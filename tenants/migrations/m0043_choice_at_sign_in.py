"""Who has not chosen in time about a claimed account does so at the next sign-in, before anything else."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0043-choice-at-sign-in"
DESCRIPTION = "Who has not chosen about a claimed account chooses at the next sign-in"

SQL = """
-- Whether the owner of an account who signed in then has to choose: his or her days were over, and each choice is open.
-- While the organisation has to prove the domain again, or is suspended, nobody could stay, and nobody has to choose.
create function must_choose(account uuid, signed_in_at timestamptz) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (
        select from account_claim c
            join domain_claim d on d.organisation_id = c.organisation_id and d.id = c.domain_id
                and d.state = 'verified'
            join organisation o on o.id = c.organisation_id and o.state = 'active' and o.suspended_at is null
        where c.account_id = account and c.state = 'undecided' and c.state_since <= signed_in_at
            and exists (select from account_email e where e.account_id = account and e.verified_at is not null
                and (split_part(e.address, '@', -1) = mail_domain(d.name)
                    or (d.scope = 'subtree' and split_part(e.address, '@', -1) like '%.' || mail_domain(d.name)))))
$$;

-- As before. A session whose owner has to choose reaches the provider alone, where the account is.
create or replace function authenticate(credential_kind text, credential_hash bytea, chosen_slug text)
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
                s.organisation_id is null and exists (
                    select from account_claim u where u.account_id = s.account_id and u.state = 'undecided')
                    and must_choose(s.account_id, s.created_at) as must_choose,
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
            case when o.id = THE_PROVIDER and m.id is null and (m.open = 0 or k.must_choose) then array['customer']
                else m.roles end,
            case when o.suspended_at is null then o.state else 'suspended' end, k.bound_to,
            case when k.created_at <= m.sessions_end_at then 'ended'
                when k.must_choose and o.id <> THE_PROVIDER then 'choice'
                when k.bound_to is not null or m.state is distinct from 'active' or not exists (
                    select from identity_provider p where p.organisation_id = o.id and p.state = 'enforced') then 'open'
                when 'org_owner' = any(m.roles) then 'break_glass'
                else 'provider' end
        from known k cross join placed m
            left join organisation o on o.id = m.chosen_id and (m.id is not null
                or 'privacy_team' = any(k.staff_roles)
                or (o.id = THE_PROVIDER and k.bound_to is null and (k.staff_roles <> '{}' or m.open = 0
                    or k.must_choose)));
    end if;
end $$;

revoke execute on function must_choose from public;
grant execute on function must_choose to wardship_serve;
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
