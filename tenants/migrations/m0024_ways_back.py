"""Consents withdrawn for one recipient, a bin for shared content, and tokens that die with the membership."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0024-ways-back"
DESCRIPTION = "Consents withdrawn for one recipient, a bin for shared content, tokens that die with the membership"

SQL = """
-- A consent that was given for every recipient, withdrawn for one: it reaches the others as before.
create table consent_withdrawal (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    member_id uuid not null,
    consent_id uuid not null,
    installation_id uuid not null,
    primary key (organisation_id, id),
    unique (organisation_id, consent_id, installation_id),
    foreign key (organisation_id, member_id) references member (organisation_id, id) on delete cascade,
    foreign key (organisation_id, consent_id) references consent (organisation_id, id) on delete cascade,
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade
);
create index consent_withdrawal_member on consent_withdrawal (organisation_id, member_id);
call isolate_tenant_table('consent_withdrawal');

create index installation_own on installation (organisation_id, member_id)
    where member_id is not null and state <> 'removed';
create index installation_present on installation (organisation_id, audience, group_id)
    where state not in ('revoking', 'revocation_overdue', 'removed');

-- Shared content that was deleted is in the bin of whoever deleted it, until the clock takes it away. The files of a
-- post go with it, at the same moment, by which they are told from those that were deleted by themselves.
alter table post add column deleted_at timestamptz, add column deleted_by uuid,
    add column deletion_reason text not null default '';
alter table file_reference add column deleted_at timestamptz, add column deleted_by uuid,
    add column deletion_reason text not null default '';
create index post_deleted on post (organisation_id, deleted_at, id) where deleted_at is not null;
create index file_reference_deleted on file_reference (organisation_id, deleted_at, id) where deleted_at is not null;
create index post_deleted_by_author on post (organisation_id, author_id, deleted_at, id) where deleted_by = author_id;
create index file_reference_deleted_by_uploader on file_reference (organisation_id, uploader_id, deleted_at, id)
    where deleted_by = uploader_id;
create index post_moderated on post (organisation_id, group_id, deleted_at, id) where deleted_by <> author_id;
create index file_reference_moderated on file_reference (organisation_id, group_id, deleted_at, id)
    where deleted_by <> uploader_id;
create index file_reference_of_post on file_reference (organisation_id, post_id) where post_id is not null;

-- In which organisations something in the bin is to go for good.
create function bins_due(before timestamptz) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select id from organisation o where exists (
        select from post p where p.organisation_id = o.id and p.deleted_at <= before)
    or exists (select from file_reference f where f.organisation_id = o.id and f.deleted_at <= before)
$$;
call let_owner_read('post');
call let_owner_read('file_reference');

-- The tokens of memberships of the transaction's organisation end, and are returned: they do not come back with them.
create function revoke_tokens_of(members uuid[], at timestamptz) returns setof uuid
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
    update access_token t set revoked_at = at from member m
    where m.organisation_id = current_tenant() and m.id = any(members) and t.organisation_id = m.organisation_id
        and t.account_id = m.account_id and t.revoked_at is null
    returning t.id
$$;
create policy owner_revokes on access_token for update to current_user using (true) with check (true);

-- An account's active membership in the transaction's organisation, which stays as it is until that ends.
create function hold_membership(account uuid, organisation uuid) returns uuid
language sql volatile set search_path = pg_catalog, public, pg_temp as $$
    select m.id from member m where m.organisation_id = organisation and m.account_id = account
        and m.state = 'active' for share
$$;

revoke execute on function bins_due, revoke_tokens_of, hold_membership from public;
grant execute on function bins_due, revoke_tokens_of, hold_membership to wardship_serve;

-- Tokens whose membership is not active were refused only as long as it was not.
update access_token t set revoked_at = now() where t.revoked_at is null and not exists (
    select from member m where m.organisation_id = t.organisation_id and m.account_id = t.account_id
        and m.state = 'active');
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
