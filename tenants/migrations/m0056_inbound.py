"""What vendors tell by calls of their own: which calls came, in which order, and the data that they brought."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0056-inbound"
DESCRIPTION = "Calls from vendors, the order of what they tell, and data that they brought"

SQL = """
-- Whose installation it is, for who knows its address. Nothing comes of one that is paused, is ending or can't be used,
-- nor of one whose organisation is suspended or ends.
create function inbound_place(wanted uuid) returns table (organisation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select i.organisation_id from installation i
        join organisation o on o.id = i.organisation_id and o.state in ('active', 'leaving') and o.suspended_at is null
    where i.id = wanted and i.state in ('installed', 'checked', 'active', 'degraded', 'needs_approval')
$$;
revoke execute on function inbound_place from public;
grant execute on function inbound_place to wardship_serve;

-- The messages that were taken, by a keyed hash of the vendor's id, with what each was answered.
create table inbound_message (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    installation_id uuid not null,
    message_key bytea not null,
    answer bytea not null,
    kept_until timestamptz, -- null: as long as the installation is there
    primary key (organisation_id, id),
    unique (organisation_id, installation_id, message_key),
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade
);
create index inbound_message_over on inbound_message (kept_until);
call isolate_tenant_table('inbound_message');
call let_owner_read('inbound_message');

-- Organisations with messages that were kept for long enough, or whose installation has gone.
create function inbound_messages_over(at timestamptz, most integer) returns table (organisation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select distinct m.organisation_id from inbound_message m
        join installation i on i.organisation_id = m.organisation_id and i.id = m.installation_id
    where m.kept_until < at or i.state = 'removed' limit most
$$;
revoke execute on function inbound_messages_over from public;
grant execute on function inbound_messages_over to wardship_serve;

-- The newest event of each kind about a person at an installation, so that an older one changes nothing.
create table inbound_order (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    installation_id uuid not null,
    member_id uuid not null,
    topic text not null check (length(topic) between 1 and 200),
    at timestamptz not null,
    sequence bigint,
    primary key (organisation_id, id),
    unique (organisation_id, installation_id, member_id, topic),
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade,
    foreign key (organisation_id, member_id) references member (organisation_id, id) on delete cascade
);
create index inbound_order_member on inbound_order (organisation_id, member_id);
call isolate_tenant_table('inbound_order');

-- What vendors brought of members, by the grant that lets them.
create table received_datum (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    installation_id uuid not null,
    place_id uuid not null,
    member_id uuid not null,
    grant_id uuid not null,
    source text not null,
    kind text not null check (kind in ('new_data', 'corrected')),
    category text collate "C" not null,
    purpose text collate "C" not null,
    name text collate "C" not null check (length(name) between 1 and 64),
    value jsonb not null,
    at timestamptz not null,
    needs_consent boolean not null,
    primary key (organisation_id, id),
    unique (organisation_id, installation_id, member_id, name),
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade,
    foreign key (organisation_id, place_id) references installation_place (organisation_id, id) on delete cascade,
    foreign key (organisation_id, grant_id) references integration_grant (organisation_id, id) on delete cascade,
    foreign key (organisation_id, member_id) references member (organisation_id, id) on delete cascade
);
create index received_datum_member on received_datum (organisation_id, member_id, created_at, id);
create index received_datum_grant on received_datum (organisation_id, grant_id);
create index received_datum_place on received_datum (organisation_id, place_id);
call isolate_tenant_table('received_datum');

-- A vendor's own name for a person, as a keyed hash: by it the person is found when the vendor calls.
alter table subject_link add column known_as_key bytea;
create index subject_link_known_as on subject_link (organisation_id, place_id, known_as_key)
    where known_as_key is not null;
create index subject_link_unindexed on subject_link (organisation_id, place_id)
    where known_as is not null and known_as_key is null;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
