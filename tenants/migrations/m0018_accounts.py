"""Links that add an address to an account, or keep it."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0018-accounts"
DESCRIPTION = "Links that add an address to an account, or keep it"

SQL = """
-- A link knows the address that it was mailed to, because it dies when the address leaves the account.
alter table sign_in_link
    drop constraint sign_in_link_purpose_check,
    drop constraint sign_in_link_check1,
    add constraint sign_in_link_purpose_check check (purpose in ('verify_address', 'return_after_erasure',
        'reset_password', 'demonstration', 'add_address', 'keep_account')),
    add constraint sign_in_link_address_check check (address <> '' or purpose not in ('verify_address', 'add_address'));
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
