"""How a person wants the console to look and speak, in all organisations."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.core.migrations import APP_NAME

ID = "core-0012-preferences"
DESCRIPTION = "How a person wants the console to look and speak, in all organisations"

SQL = """
alter table account
    add column language text not null default '' check (language ~ '^([a-z]{2,3})?$'),
    add column theme text not null default '' check (theme in ('', 'light', 'dark')),
    add column has_letter_keys boolean not null default true;

create function account_preferences(account uuid)
returns table (language text, theme text, has_letter_keys boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select a.language, a.theme, a.has_letter_keys from account a where a.id = account and a.state = 'active'
$$;
revoke execute on function account_preferences from public;
grant execute on function account_preferences to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
