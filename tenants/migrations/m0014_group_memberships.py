"""A membership for each time that somebody spends in a group, and names that were kept decomposed."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0014-group-memberships"
DESCRIPTION = "A membership for each time in a group; names composed"

SQL = """
-- Who came back to a group used to get the old row again, as if never gone, and so saw those who were there meanwhile.
alter table group_membership drop constraint group_membership_organisation_id_group_id_member_id_key;
create unique index group_membership_once on group_membership (organisation_id, group_id, member_id)
    where left_at is null;
create index group_membership_people on group_membership (organisation_id, group_id, member_id);

-- For the owner, too, a table that forces its policies looks empty.
alter table audit_entry no force row level security;
alter table group_membership no force row level security;
alter table member no force row level security;
alter table account no force row level security;

-- The audit knows who came back: the last time begins with the last entry, and the first one ended with the first
-- departure. What lay between is left out, so that nobody is shown more than before.
create temporary table returned on commit drop as
with event as (
    select s.organisation_id, s.id, a.created_at as at, a.action in ('group.member_added', 'member.joined') as is_entry
    from group_membership s join audit_entry a on a.organisation_id = s.organisation_id and a.target_id = s.member_id
        and a.action in ('group.member_added', 'group.member_removed', 'member.joined', 'member.removed')
        and a.created_at >= s.created_at and (s.left_at is null or a.created_at <= s.left_at)
    where a.action in ('member.joined', 'member.removed')
        or a.entry::jsonb -> 'details' ->> 'group' = s.group_id::text
), entered as (
    select organisation_id, id, max(at) as at from event where is_entry group by organisation_id, id
)
select n.organisation_id, n.id, n.at as entered_at, min(e.at) as departed_at
from entered n join event e on e.organisation_id = n.organisation_id and e.id = n.id and not e.is_entry and e.at < n.at
group by n.organisation_id, n.id, n.at;
insert into group_membership (organisation_id, id, created_at, group_id, member_id, left_at)
    select s.organisation_id, gen_random_uuid(), s.created_at, s.group_id, s.member_id, r.departed_at
    from returned r join group_membership s on s.organisation_id = r.organisation_id and s.id = r.id;
update group_membership s set created_at = r.entered_at
    from returned r where s.organisation_id = r.organisation_id and s.id = r.id;

-- Registration kept names as they were typed; lists look for the composed form.
update account set display_name = normalize(display_name) where display_name is not normalized;
update member set display_name = normalize(display_name) where display_name is not normalized;

alter table audit_entry force row level security;
alter table group_membership force row level security;
alter table member force row level security;
alter table account force row level security;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
