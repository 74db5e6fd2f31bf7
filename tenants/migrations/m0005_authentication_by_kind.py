"""The look-up of a credential, in plans that are kept."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0005-authentication-by-kind"
DESCRIPTION = "Who is behind a credential, each kind in a statement of its own"

SQL = """
-- As before, but each kind in a statement of its own: what a request with a token doesn't need is not even set up.
create or replace function authenticate(credential_kind text, credential_hash bytea, chosen_slug text)
returns table (
    credential_id uuid, account_id uuid, stage text, csrf_token text, expires_at timestamptz, used_at timestamptz,
    stepped_up_at timestamptz, scopes text[], is_privacy_team boolean,
    organisation_id uuid, organisation_slug text, member_id uuid, member_state text, roles text[]
)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
    if credential_kind = 'token' then
        -- A token is bound to its organisation, whatever slug was named, and never acts for the privacy team.
        return query
        select t.id, t.account_id, 'complete', '', t.expires_at, t.last_used_at, null::timestamptz, t.scopes, false,
            o.id, o.slug, m.id, m.state,
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
                exists (select from staff f where f.account_id = s.account_id and f.role = 'privacy_team')
                    as is_privacy_team
            from session s join account a on a.id = s.account_id and a.state = 'active'
            where s.token_hash = credential_hash
        ), membership as (
            select m.organisation_id, m.id, m.state,
                count(*) filter (where m.state = 'active') over () as active, count(*) over () as linked
            from known k join member m on m.account_id = k.account_id and m.state <> 'erased'
        ), chosen as (
            select case
                when chosen_slug is not null then (select o.id from organisation o where o.slug = chosen_slug)
                else (select p.organisation_id from membership p
                    where (p.active = 1 and p.state = 'active') or (p.active = 0 and p.linked = 1))
                end as organisation_id
        )
        select k.id, k.account_id, k.stage, k.csrf_token, k.expires_at, k.last_seen_at, k.stepped_up_at, null::text[],
            k.is_privacy_team, o.id, o.slug, m.id, m.state,
            array(select r.role from role_assignment r
                where r.organisation_id = m.organisation_id and r.member_id = m.id and m.state = 'active'
                order by r.role)
        from known k cross join chosen c
            left join membership m on m.organisation_id = c.organisation_id
            left join organisation o on o.id = c.organisation_id and (m.id is not null or k.is_privacy_team);
    end if;
end $$;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
