"""A second factor that was set up in a session of an organisation's provider is of use there alone."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0044-factors-of-identities"
DESCRIPTION = "A second factor that was set up in a session of an organisation's provider is of use there alone"

SQL = """
alter table totp_credential
    add column identity_id uuid references identity (id) on delete cascade,
    drop constraint totp_credential_account_id_key,
    add constraint totp_credential_of unique nulls not distinct (account_id, identity_id);
alter table recovery_code add column identity_id uuid references identity (id) on delete cascade;
create index totp_credential_identity on totp_credential (identity_id) where identity_id is not null;
create index recovery_code_identity on recovery_code (identity_id) where identity_id is not null;

drop function has_second_factor(uuid);
-- One place says what a second factor is: the account's own, and in the sessions of an identity that one's too. The
-- caller's scope decides what it sees.
create function has_second_factor(account uuid, identity uuid default null) returns boolean language sql stable as $$
    select exists (select from totp_credential t where t.account_id = account and t.confirmed_at is not null
            and (t.identity_id is null or t.identity_id = identity))
        or exists (select from passkey p where p.account_id = account)
$$;

drop function account_details(uuid, timestamptz);
create function account_details(account uuid, now timestamptz)
returns table (id uuid, created_at timestamptz, display_name text, time_zone text, residence_country text,
    recovery_codes_left integer, closes_at timestamptz, addresses jsonb, has_authenticator boolean, passkeys jsonb)
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
        ) as shown)
    from account a where a.id = account and a.state = 'active'
$$;
revoke execute on function account_details from public;
grant execute on function account_details to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
