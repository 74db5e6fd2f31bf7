"""Look-ups across tenants that tell who is behind a credential."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0004-authentication"
DESCRIPTION = "Who is behind a credential"

SQL = """
-- One row for a credential that exists, none otherwise. The organisation is the token's own; or the one named by its
-- slug; or the only one. Whoever has neither a membership there nor a place in the privacy team gets no organisation.
create function authenticate(credential_kind text, credential_hash bytea, chosen_slug text)
returns table (
    credential_id uuid, account_id uuid, stage text, csrf_token text, expires_at timestamptz, used_at timestamptz,
    stepped_up_at timestamptz, scopes text[], is_privacy_team boolean,
    organisation_id uuid, organisation_slug text, member_id uuid, member_state text, roles text[]
)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    with credential as (
        select s.id, s.account_id, s.stage, s.csrf_token, s.expires_at, s.last_seen_at as used_at, s.stepped_up_at,
            null::text[] as scopes, null::uuid as bound_to
        from session s where credential_kind = 'session' and s.token_hash = credential_hash
        union all
        select t.id, t.account_id, 'complete', '', t.expires_at, t.last_used_at, null, t.scopes, t.organisation_id
        from access_token t
        where credential_kind = 'token' and t.token_hash = credential_hash and t.revoked_at is null
    ), known as (
        select c.*, c.bound_to is null and exists (
            select from staff f where f.account_id = c.account_id and f.role = 'privacy_team') as is_privacy_team
        from credential c join account a on a.id = c.account_id and a.state = 'active'
    ), membership as (
        select m.organisation_id, m.id, m.state,
            count(*) filter (where m.state = 'active') over () as active, count(*) over () as linked
        from known k join member m on m.account_id = k.account_id and m.state <> 'erased'
    ), chosen as (
        select case
            when k.bound_to is not null then k.bound_to
            when chosen_slug is not null then (select o.id from organisation o where o.slug = chosen_slug)
            else (select p.organisation_id from membership p
                where (p.active = 1 and p.state = 'active') or (p.active = 0 and p.linked = 1))
            end as organisation_id
        from known k
    )
    select k.id, k.account_id, k.stage, k.csrf_token, k.expires_at, k.used_at, k.stepped_up_at, k.scopes,
        k.is_privacy_team, o.id, o.slug, m.id, m.state,
        array(select r.role from role_assignment r
            where r.organisation_id = m.organisation_id and r.member_id = m.id and m.state = 'active' order by r.role)
    from known k cross join chosen c
        left join membership m on m.organisation_id = c.organisation_id
        left join organisation o on o.id = c.organisation_id and (m.id is not null or k.is_privacy_team)
$$;

create function organisations_of(account uuid)
returns table (organisation_id uuid, slug text, name text, member_id uuid, state text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select o.id, o.slug, o.name, m.id, m.state
    from member m join organisation o on o.id = m.organisation_id
    where m.account_id = account and m.state <> 'erased' order by o.slug
$$;

revoke execute on function authenticate(text, bytea, text), organisations_of(uuid) from public;
grant execute on function authenticate(text, bytea, text), organisations_of(uuid) to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
