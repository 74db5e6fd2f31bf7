"""Members, roles, groups, invitations and shared content."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0001-members"
DESCRIPTION = "Members, roles, groups, invitations, shared content"

SQL = """
create table member (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    account_id uuid references account (id) on delete set null,
    state text not null default 'active'
        check (state in ('active', 'deactivated', 'removed', 'erased')),
    -- By code point whatever the database's collation is, so that a prefix is a range of the index.
    display_name text collate "C" not null check (length(display_name) between 1 and 200),
    title text not null default '',
    first_name text not null default '',
    last_name text not null default '',
    job_title text not null default '',
    company text not null default '',
    username text not null default '',
    email text not null default '',
    phone text not null default '',
    postal_address text not null default '',
    picture_url text not null default '',
    pseudonym text not null,
    joined_at timestamptz,
    last_seen_at timestamptz,
    left_at timestamptz,
    primary key (organisation_id, id)
);
create unique index member_account on member (organisation_id, account_id) where account_id is not null;
create unique index member_pseudonym on member (organisation_id, pseudonym);
create unique index member_email on member (organisation_id, email) where email <> '';
-- Every list names the states that it wants. An index without the state would be preferred for rare states too, and
-- read through, because the plan does not know which state is asked for.
create index member_order on member (organisation_id, state, created_at, id);
create index member_name on member (organisation_id, state, display_name, id);
create index member_by_account on member (account_id) where account_id is not null;
call isolate_tenant_table('member');
call let_owner_read('member');

create table role_assignment (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    member_id uuid not null,
    role text not null check (role in ('member', 'org_admin', 'org_owner', 'privacy_officer', 'auditor',
        'billing_contact', 'technical_contact', 'administrative_contact')),
    granted_by uuid,
    primary key (organisation_id, id),
    unique (organisation_id, member_id, role),
    foreign key (organisation_id, member_id) references member (organisation_id, id) on delete cascade
);
create index role_assignment_role on role_assignment (organisation_id, role, member_id);
create unique index one_owner on role_assignment (organisation_id) where role = 'org_owner';
call isolate_tenant_table('role_assignment');
call let_owner_read('role_assignment');

create table ownership_transfer (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    from_member_id uuid not null,
    to_member_id uuid not null,
    expires_at timestamptz not null,
    decided_at timestamptz,
    state text not null check (state in ('offered', 'accepted', 'declined', 'cancelled')),
    primary key (organisation_id, id),
    foreign key (organisation_id, from_member_id) references member (organisation_id, id) on delete cascade,
    foreign key (organisation_id, to_member_id) references member (organisation_id, id) on delete cascade
);
create unique index one_open_transfer on ownership_transfer (organisation_id) where state = 'offered';
call isolate_tenant_table('ownership_transfer');

create table user_group (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    name text collate "C" not null check (length(name) between 1 and 200),
    description text not null default '',
    kind text not null default 'team' check (kind in ('site', 'user_group', 'team')),
    contact_visibility text not null default 'name_only' check (contact_visibility in ('name_only', 'contact_details')),
    archived_at timestamptz,
    primary key (organisation_id, id)
);
create unique index user_group_name on user_group (organisation_id, name) where archived_at is null;
create index user_group_order on user_group (organisation_id, created_at, id);
call isolate_tenant_table('user_group');

create table group_membership (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    group_id uuid not null,
    member_id uuid not null,
    role text not null default 'member' check (role in ('member', 'group_admin', 'group_owner')),
    left_at timestamptz,
    primary key (organisation_id, id),
    unique (organisation_id, group_id, member_id),
    foreign key (organisation_id, group_id) references user_group (organisation_id, id) on delete cascade,
    foreign key (organisation_id, member_id) references member (organisation_id, id) on delete cascade
);
create index group_membership_member on group_membership (organisation_id, member_id, created_at, id);
create index group_membership_order on group_membership (organisation_id, group_id, created_at, id);
call isolate_tenant_table('group_membership');
call let_owner_read('group_membership');

create table invitation (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    email text not null,
    roles text[] not null,
    group_id uuid,
    token_hash bytea not null unique,
    invited_by uuid not null,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    revoked_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, group_id) references user_group (organisation_id, id) on delete cascade
);
create unique index invitation_open on invitation (organisation_id, email)
    where accepted_at is null and revoked_at is null;
create index invitation_order on invitation (organisation_id, created_at, id);
call isolate_tenant_table('invitation');
call let_owner_read('invitation');

-- Shared content. A body names members as <@member-id>; readers see the name or the pseudonym of that moment.
create table post (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    group_id uuid not null,
    author_id uuid not null,
    body text not null check (length(body) between 1 and 20000),
    edited_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, group_id) references user_group (organisation_id, id) on delete cascade,
    foreign key (organisation_id, author_id) references member (organisation_id, id)
);
create index post_order on post (organisation_id, group_id, created_at, id);
create index post_author on post (organisation_id, author_id, created_at, id);
call isolate_tenant_table('post');

create table mention (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    post_id uuid not null,
    member_id uuid not null,
    primary key (organisation_id, id),
    unique (organisation_id, post_id, member_id),
    foreign key (organisation_id, post_id) references post (organisation_id, id) on delete cascade,
    foreign key (organisation_id, member_id) references member (organisation_id, id)
);
create index mention_member on mention (organisation_id, member_id);
call isolate_tenant_table('mention');

create table file_reference (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    group_id uuid not null,
    uploader_id uuid not null,
    post_id uuid,
    name text not null,
    media_type text not null,
    size_bytes bigint not null check (size_bytes >= 0),
    url text not null,
    primary key (organisation_id, id),
    foreign key (organisation_id, group_id) references user_group (organisation_id, id) on delete cascade,
    foreign key (organisation_id, uploader_id) references member (organisation_id, id),
    foreign key (organisation_id, post_id) references post (organisation_id, id) on delete cascade
);
create index file_reference_uploader on file_reference (organisation_id, uploader_id, created_at, id);
create index file_reference_order on file_reference (organisation_id, group_id, created_at, id);
call isolate_tenant_table('file_reference');

-- Which of these keyed hashes this organisation buried; nothing of what others did.
create function buried_identifiers(wanted_kind text, wanted bytea[]) returns setof bytea
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select identifier_hash from tombstone
    where kind = wanted_kind and identifier_hash = any(wanted) and lifted_at is null
        and organisation_id = current_tenant()
$$;
revoke execute on function buried_identifiers from public;
grant execute on function buried_identifiers to wardship_serve;

-- Where an invitation belongs, for whoever holds its token; no scope is needed.
create function invitation_place(wanted bytea) returns table (organisation_id uuid, invitation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select organisation_id, id from invitation where token_hash = wanted
$$;
revoke execute on function invitation_place from public;
grant execute on function invitation_place to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
