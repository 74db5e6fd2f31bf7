"""Indexes for lists that are narrowed or ordered: each holds the rows of one list in the order of that list."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0006-lists"
DESCRIPTION = "Indexes for lists that are narrowed or ordered"

SQL = """
-- A list of groups or memberships names whether it wants the present ones or the past ones. An index of both would be
-- read through for the fewer ones, and preferred to the key where one member of a large group is looked up.
drop index user_group_order;
create index user_group_open on user_group (organisation_id, created_at, id) where archived_at is null;
create index user_group_archived on user_group (organisation_id, created_at, id) where archived_at is not null;
drop index group_membership_order;
create index group_membership_present on group_membership (organisation_id, group_id, created_at, id)
    where left_at is null;
create index group_membership_past on group_membership (organisation_id, group_id, created_at, id)
    where left_at is not null;
create index file_reference_post on file_reference (organisation_id, post_id) where post_id is not null;

create index installation_live on installation (organisation_id, created_at, id) where state <> 'removed';
create index integration_grant_installation on integration_grant (organisation_id, installation_id);
create index consent_member on consent (organisation_id, member_id);
create index objection_member on objection (organisation_id, member_id);
-- Every list names the states that it wants, all of them at the most: one index serves them all.
create index obligation_state on obligation (organisation_id, state, created_at, id);
create index disclosure_order on disclosure (organisation_id, created_at, id);

create index data_request_open on data_request (organisation_id, submitted_at, id) where ended_at is null;
create index data_request_privacy_team on data_request (organisation_id, submitted_at, id)
    where handler = 'privacy_team';
create index data_request_escalated on data_request (due_at, id) where handler = 'privacy_team' and ended_at is null;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
