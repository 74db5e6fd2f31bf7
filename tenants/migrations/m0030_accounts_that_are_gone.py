"""Memberships let go of accounts that are erased."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0030-accounts-that-are-gone"
DESCRIPTION = "Memberships let go of accounts that are erased"

SQL = """
do $$ begin
    execute format('create policy owner_lets_go on member for update to %I using (true)', current_user);
end $$;

-- Whoever restores or invites the person has a membership that waits for an account, and not one that nobody can have.
-- At the provider the account tells whose row goes next.
create function let_go_of_erased(account uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    update member m set account_id = null from account a
    where a.id = account and a.state = 'erased' and m.account_id = a.id and m.state <> 'erased'
        and m.organisation_id <> THE_PROVIDER
$$;
revoke execute on function let_go_of_erased from public;
grant execute on function let_go_of_erased to wardship_serve;

alter table member no force row level security;
alter table account no force row level security;
update member m set account_id = null from account a
    where a.state = 'erased' and m.account_id = a.id and m.state <> 'erased' and m.organisation_id <> THE_PROVIDER;
alter table account force row level security;
alter table member force row level security;
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
