"""Notifications of what changed, for those who watch the progress of requests and installations."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0007-progress"
DESCRIPTION = "Notifications of the progress of requests and installations"

SQL = """
-- At the commit, every process hears `organisation:kind:id`: identifiers only. PostgreSQL makes equal ones of one
-- transaction one. Rows fire where what people see of them changes, not where a worker merely takes a lease; new
-- obligations fire once for a statement, however many it makes.
create function notify_change() returns trigger language plpgsql as $$ begin
    perform pg_notify('wardship_changes', new.organisation_id || ':' || tg_argv[0] || ':' || new.id);
    return null;
end $$;

create function notify_change_of_request() returns trigger language plpgsql as $$ begin
    perform pg_notify('wardship_changes', new.organisation_id || ':request:' || new.request_id);
    return null;
end $$;

create function notify_change_of_obligation() returns trigger language plpgsql as $$ begin
    perform pg_notify('wardship_changes', new.organisation_id || ':installation:' || new.installation_id);
    if new.request_id is not null then
        perform pg_notify('wardship_changes', new.organisation_id || ':request:' || new.request_id);
    end if;
    return null;
end $$;

create function notify_new_obligations() returns trigger language plpgsql as $$ begin
    perform pg_notify('wardship_changes', made.organisation_id || ':installation:' || made.installation_id)
        from (select distinct organisation_id, installation_id from made) made;
    perform pg_notify('wardship_changes', made.organisation_id || ':request:' || made.request_id)
        from (select distinct organisation_id, request_id from made where request_id is not null) made;
    return null;
end $$;

create trigger data_request_notifies after update on data_request for each row
    when (new is distinct from old) execute function notify_change('request');
create trigger request_right_notifies after update on request_right for each row
    when (new is distinct from old) execute function notify_change_of_request();
create trigger request_event_notifies after insert on request_event for each row
    execute function notify_change_of_request();
create trigger installation_notifies after update of state, state_reason, removed_at on installation for each row
    when ((new.state, new.state_reason) is distinct from (old.state, old.state_reason))
    execute function notify_change('installation');
create trigger obligation_notifies after update on obligation for each row
    when (new.state <> 'leased'
        and (new.state is distinct from old.state or new.attestation is distinct from old.attestation))
    execute function notify_change_of_obligation();
create trigger new_obligations_notify after insert on obligation referencing new table as made for each statement
    execute function notify_new_obligations();
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
