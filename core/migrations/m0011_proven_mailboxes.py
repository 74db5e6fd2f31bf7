"""When a mailbox was proven last, accounts by the domain of their address, and notices to many accounts at once."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.core.migrations import APP_NAME

ID = "core-0011-proven-mailboxes"
DESCRIPTION = "When a mailbox was proven last, accounts by domain, notices to many accounts at once"

SQL = """
alter table account_email add column proven_at timestamptz; -- when its owner has shown again that mail arrives

-- Accounts by the domain of their primary address, written backwards, so that names below one stand beside it.
create index account_email_domain on account_email
    ((reverse(split_part(address, '@', -1)) collate "C"), account_id) where is_primary and verified_at is not null;

-- Tells many accounts the same at once; the caller learns nothing of them.
create function tell_accounts(
    accounts uuid[], targets uuid[], at timestamptz, kind text, organisation uuid, target_kind text, details jsonb,
    event bytea, ordered text
) returns integer language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    with told as (
        insert into account_notice (id, created_at, account_id, kind, organisation_id, target_kind, target_id, details,
            event, mail_at)
        select (ordered || substr(gen_random_uuid()::text, 19))::uuid, at, w.account, tell_accounts.kind, organisation,
            tell_accounts.target_kind, w.target, tell_accounts.details, tell_accounts.event, at
        from unnest(accounts, targets) as w (account, target)
            join account a on a.id = w.account and a.state = 'active'
        on conflict (account_id, event) do nothing returning 1
    )
    select count(*)::integer from told
$$;
revoke execute on function tell_accounts from public;
grant execute on function tell_accounts to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
