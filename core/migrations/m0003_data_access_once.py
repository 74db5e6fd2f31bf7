"""Recording a look at many people's data once, with a narrow row for each person."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.core.migrations import APP_NAME

ID = "core-0003-data-access-once"
DESCRIPTION = "Recording a look at many people's data once, with a narrow row for each person"

SQL = """
-- Whose data a row of data_access is about. The key is also the order in which a person is shown who looked, since
-- identifiers are in order of time. No row refers to its organisation, which would be looked up for each of them: the
-- row of data_access does.
create table data_access_person (
    organisation_id uuid not null,
    member_id uuid not null,
    id uuid not null -- of the row of data_access
);

-- What was recorded so far stays as it is, a row for each person. For the owner, too, a table that forces its policies
-- looks empty.
alter table data_access no force row level security;
insert into data_access_person (organisation_id, member_id, id)
    select organisation_id, member_id, id from data_access order by organisation_id, member_id, id;
alter table data_access force row level security;
alter table data_access_person add primary key (organisation_id, member_id, id);
drop index data_access_member;
alter table data_access drop column member_id;
call isolate_tenant_table('data_access_person');

-- They go with the row that they belong to, also in the cascade from organisation, which may be deleted in a
-- transaction that reaches no rows of tenants.
create function forget_data_access_people() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    delete from data_access_person p using gone where p.organisation_id = gone.organisation_id and p.id = gone.id;
    return null;
end $$;
revoke execute on function forget_data_access_people() from public;
create trigger data_access_takes_its_people_along after delete on data_access
    referencing old table as gone for each statement execute function forget_data_access_people();
call let_owner_read('data_access_person');
do $$ begin
    execute format('create policy owner_deletes on data_access_person for delete to %I using (true)', current_user);
end $$;

-- Called in the message of COMMIT: CALL needs no planner, and the plans inside are kept. The moment is given in
-- microseconds since 1970, and texts as their bytes, so that every value can be written in digits.
create procedure record_data_access(
    organisation uuid, look uuid, at bigint, actor uuid, actor_kind bytea, categories bytea, people uuid[]
) language plpgsql as $$
begin
    insert into data_access (organisation_id, id, created_at, actor_id, actor_kind, categories)
    values (organisation, look, timestamptz 'epoch' + at * interval '1 microsecond', actor,
        convert_from(actor_kind, 'UTF8'), string_to_array(convert_from(categories, 'UTF8'), ' '));
    insert into data_access_person (organisation_id, member_id, id)
    select organisation, person, look from unnest(people) as person;
end $$;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
