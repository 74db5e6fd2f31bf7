"""What a person sees of the own account holds the identities at the deployment's providers."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0053-identities-of-accounts"
DESCRIPTION = "What a person sees of the own account holds the identities at the deployment's providers"

SQL = """
call let_owner_read('identity');

drop function account_details(uuid, timestamptz);
create function account_details(account uuid, now timestamptz)
returns table (id uuid, created_at timestamptz, display_name text, time_zone text, residence_country text,
    recovery_codes_left integer, closes_at timestamptz, addresses jsonb, has_authenticator boolean, passkeys jsonb,
    identities jsonb)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select a.id, a.created_at, a.display_name, a.time_zone, a.residence_country,
        (select count(*) from recovery_code r where r.account_id = a.id and r.used_at is null
            and r.identity_id is null)::integer, a.closes_at,
        (select coalesce(jsonb_agg(to_jsonb(held) order by held.is_primary desc, held.created_at, held.id), '[]') from (
            select e.id, e.created_at, e.address, e.is_primary, e.verified_at, null::timestamptz as expires_at
            from account_email e where e.account_id = a.id and e.verified_at is not null
            union all
            select l.id, l.created_at, l.address, false, null, l.expires_at from sign_in_link l
            where l.account_id = a.id and l.purpose = 'add_address' and l.used_at is null and l.expires_at > now
        ) as held),
        exists (select from totp_credential t where t.account_id = a.id and t.confirmed_at is not null
            and t.identity_id is null),
        (select coalesce(jsonb_agg(to_jsonb(shown) order by shown.created_at, shown.id), '[]') from (
            select p.id, p.created_at, p.name, p.last_used_at, p.is_backup_eligible, p.is_backed_up
            from passkey p where p.account_id = a.id
        ) as shown),
        (select coalesce(jsonb_agg(to_jsonb(linked) order by linked.created_at, linked.id), '[]') from (
            select i.id, i.created_at, i.issuer, i.used_at
            from identity i where i.account_id = a.id and i.organisation_id is null
        ) as linked)
    from account a where a.id = account and a.state = 'active'
$$;
revoke execute on function account_details from public;
grant execute on function account_details to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
