"""Customers of the provider: what a person without an organisation asks for."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0018-customers"
DESCRIPTION = "Customers of the provider: what a person without an organisation asks for"

SQL = """
-- Whether somebody decides about an account in an organisation: it is an active member there.
create function account_is_active_member(account uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (select from member m
        where m.account_id = account and m.state = 'active' and m.organisation_id <> THE_PROVIDER)
$$;

-- The provider's slug for an account that may call it: its staff, who asked something there, and who is an active
-- member nowhere else. Null for all others.
create function provider_open_to(account uuid) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select o.slug from organisation o where o.id = THE_PROVIDER and (
        exists (select from staff s where s.account_id = account)
        or exists (select from member m
            where m.organisation_id = THE_PROVIDER and m.account_id = account and m.state <> 'erased')
        or not account_is_active_member(account))
$$;

-- Customers whose account was erased by another way, with the last membership or by its owner: what the provider knows
-- of them goes too.
create function customers_without_account(most integer) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select m.id from member m join account a on a.id = m.account_id
    where m.organisation_id = THE_PROVIDER and m.state <> 'erased' and a.state = 'erased'
    order by m.id limit most
$$;
revoke execute on function account_is_active_member(uuid), provider_open_to(uuid), customers_without_account(integer)
    from public;
grant execute on function account_is_active_member(uuid), provider_open_to(uuid), customers_without_account(integer)
    to wardship_serve;
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
