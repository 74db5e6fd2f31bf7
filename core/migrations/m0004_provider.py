"""The provider as an organisation, and staff with several roles."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.migrations import sql_migration
from wardship.core.migrations import APP_NAME

ID = "core-0004-provider"
DESCRIPTION = "The provider as an organisation, and staff with several roles"

SQL = """
alter table organisation add column kind text not null default 'customer' check (kind in ('customer', 'provider'));
create unique index one_provider on organisation (kind) where kind = 'provider';
-- The provider neither leaves nor is suspended, and everything else is a customer's.
alter table organisation
    add constraint provider_is_the_provider check ((kind = 'provider') = (id = THE_PROVIDER)),
    add constraint provider_stays check (kind = 'customer' or state = 'active');

-- For the owner, too, a table that forces its policies looks empty.
alter table organisation no force row level security;
insert into organisation (id, created_at, slug, name, kind)
    select THE_PROVIDER, now(), name, 'The provider', 'provider'
    from unnest(array['provider', 'the-provider', 'provider-' || substr(md5(random()::text), 1, 12)])
        with ordinality as free (name, place)
    where not exists (select from organisation o where o.slug = free.name)
    order by place limit 1;
alter table organisation force row level security;

create function keep_provider() returns trigger language plpgsql as
    $$ begin raise exception 'the provider is never deleted'; end $$;
create trigger provider_is_kept before delete on organisation
    for each row when (old.kind = 'provider') execute function keep_provider();

alter table staff drop constraint staff_account_id_key;
alter table staff drop constraint staff_role_check;
alter table staff
    add constraint staff_role_check check (role in ('privacy_team', 'operator')),
    add constraint staff_account_role unique (account_id, role);

alter table data_access drop constraint data_access_actor_kind_check;
alter table data_access add constraint data_access_actor_kind_check
    check (actor_kind in ('member', 'privacy_team', 'operator', 'token'));
""".replace("THE_PROVIDER", f"'{PROVIDER_ID}'::uuid")


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
