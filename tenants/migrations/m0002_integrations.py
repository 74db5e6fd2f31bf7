"""Installations, grants, consents, objections, restrictions, the ledger and obligations."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0002-integrations"
DESCRIPTION = "Installations, grants, consents, objections, restrictions, ledger, obligations"

SQL = """
create table installation (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    integration_key text not null,
    integration_version text not null,
    manifest jsonb not null,
    plan jsonb not null,
    declaration_digest bytea not null,
    audience text not null check (audience in ('organisation', 'group', 'member')),
    group_id uuid,
    member_id uuid,
    state text not null check (state in ('installed', 'checked', 'active', 'degraded', 'paused', 'revoking', 'removed',
        'load_failed', 'needs_approval', 'migration_failed', 'revocation_overdue')),
    state_reason text not null default '',
    settings jsonb not null default '{}',
    settings_version integer not null default 1,
    secrets bytea,
    installed_by uuid,
    pending_manifest jsonb,
    pending_plan jsonb,
    reconcile_at timestamptz,
    removed_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, group_id) references user_group (organisation_id, id),
    foreign key (organisation_id, member_id) references member (organisation_id, id),
    check ((audience = 'group') = (group_id is not null)),
    check ((audience = 'member') = (member_id is not null))
);
create index installation_order on installation (organisation_id, created_at, id);
create index installation_reconciliation on installation (reconcile_at) where state = 'active';
create index installation_of_member on installation (organisation_id, member_id) where member_id is not null;
call isolate_tenant_table('installation');
call let_owner_read('installation');

-- What the organisation allows of what the integration declares: one row per category and purpose.
create table integration_grant (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    installation_id uuid not null,
    category text not null,
    purpose text not null,
    granted_by uuid,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    primary key (organisation_id, id),
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade
);
create unique index integration_grant_open on integration_grant (organisation_id, installation_id, category, purpose)
    where withdrawn_at is null;
call isolate_tenant_table('integration_grant');

-- The name under which a vendor knows a member: a different one for each installation.
create table subject_link (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    installation_id uuid not null,
    member_id uuid not null,
    subject_ref text not null,
    state text not null default 'shared' check (state in ('shared', 'restricted', 'erased', 'revoked')),
    primary key (organisation_id, id),
    unique (organisation_id, installation_id, member_id),
    unique (organisation_id, installation_id, subject_ref),
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade,
    foreign key (organisation_id, member_id) references member (organisation_id, id)
);
create index subject_link_member on subject_link (organisation_id, member_id);
call isolate_tenant_table('subject_link');

create table consent (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    member_id uuid not null,
    purpose text not null,
    category text not null default '',
    installation_id uuid,
    withdrawn_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, member_id) references member (organisation_id, id) on delete cascade,
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade
);
create unique index consent_open on consent (organisation_id, member_id, purpose, category, installation_id)
    nulls not distinct where withdrawn_at is null;
call isolate_tenant_table('consent');

-- A member objects to a purpose, to a recipient, or to both; '' and null mean any.
create table objection (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    member_id uuid not null,
    purpose text not null default '',
    installation_id uuid,
    request_id uuid,
    withdrawn_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, member_id) references member (organisation_id, id) on delete cascade,
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade
);
create unique index objection_open on objection (organisation_id, member_id, purpose, installation_id)
    nulls not distinct where withdrawn_at is null;
call isolate_tenant_table('objection');

-- While one is open nothing of the member is shared. category '' means everything.
create table restriction (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    member_id uuid not null,
    category text not null default '',
    cause text not null check (cause in ('requested', 'disputed', 'late', 'erasure')),
    request_id uuid,
    lifted_at timestamptz,
    lifted_reason text not null default '',
    primary key (organisation_id, id),
    foreign key (organisation_id, member_id) references member (organisation_id, id) on delete cascade
);
create unique index restriction_open on restriction (organisation_id, member_id, category, cause, request_id)
    nulls not distinct where lifted_at is null;
call isolate_tenant_table('restriction');

-- A time-ordered identifier (RFC 9562, version 7) for rows that one statement makes in numbers.
create function time_ordered_id() returns uuid language sql volatile parallel safe
    return encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
        from 1 for 6), 52, 1), 53, 1), 'hex')::uuid;

-- What is owed to whom by when. `next_at` alone says when a row is due: a lease moves it to the lease's end, so that a
-- worker that died gives its rows back by the clock.
create table obligation (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    installation_id uuid not null,
    request_id uuid,
    right_id uuid,
    member_id uuid,
    verb text not null check (verb in ('check', 'grant', 'share', 'revoke', 'export', 'correct', 'restrict', 'erase',
        'attest', 'reconcile')),
    dedupe_key text not null,
    arguments jsonb not null default '{}',
    sealed bytea,
    submitted_at timestamptz not null,
    due_at timestamptz not null check (due_at > submitted_at),
    next_at timestamptz not null,
    remind_at timestamptz,
    attempt integer not null default 0,
    failures integer not null default 0,
    lease_owner text not null default '',
    lease_until timestamptz,
    state text not null default 'pending' check (state in ('pending', 'leased', 'waiting', 'completed', 'failed',
        'manual', 'cancelled')),
    reminded integer not null default 0,
    outcome jsonb,
    attestation jsonb,
    ended_at timestamptz,
    primary key (organisation_id, id),
    foreign key (organisation_id, installation_id) references installation (organisation_id, id) on delete cascade,
    foreign key (organisation_id, member_id) references member (organisation_id, id),
    check ((ended_at is not null) = (state in ('completed', 'failed', 'cancelled')))
);
-- The same demand is not queued twice while nobody has begun it; for a request's right it exists once for good.
create unique index obligation_not_begun on obligation (organisation_id, dedupe_key)
    where state = 'pending' and attempt = 0;
create unique index obligation_of_right on obligation (organisation_id, dedupe_key) where right_id is not null;
create index obligation_due on obligation (installation_id, next_at) where state in ('pending', 'leased', 'waiting');
create index obligation_due_verb on obligation (installation_id, verb, next_at, id)
    where state in ('pending', 'leased', 'waiting');
create index obligation_pair on obligation (organisation_id, installation_id, member_id, id)
    where state in ('pending', 'leased', 'waiting');
create index obligation_reminder on obligation (remind_at) where ended_at is null;
create index obligation_order on obligation (organisation_id, installation_id, created_at, id);
create index obligation_request on obligation (organisation_id, request_id) where request_id is not null;
create index obligation_member on obligation (organisation_id, member_id, created_at, id);
create index obligation_right on obligation (organisation_id, right_id) where right_id is not null;
create index obligation_open on obligation (organisation_id, installation_id) where ended_at is null;
call isolate_tenant_table('obligation');
call let_owner_read('obligation');
do $$ begin
    execute format('create policy owner_claims on obligation for update to %I using (true) with check (true)',
        current_user);
end $$;

-- Wakes the workers at the commit of whatever makes something due.
create function wake_workers() returns trigger language plpgsql as
    $$ begin perform pg_notify('wardship_obligations', ''); return null; end $$;
create trigger obligation_wakes_workers after insert on obligation for each statement execute function wake_workers();
create trigger ended_obligation_calls_for_sweep after update of ended_at on obligation for each row
    when (new.request_id is not null and new.ended_at is distinct from old.ended_at)
    execute function call_for_sweep();

-- Leases one batch: one tenant, one installation, one verb; installations in turn, beginning after `start_after`. Two
-- calls about one person never run side by side and go in the order in which they became due, except that what a later
-- demand makes pointless does not hold it up. What ends the connection waits for what is said about single people.
-- The advisory lock makes each claim see the leases of the others.
create function claim_obligations(
    worker text, at timestamptz, lease interval, batch integer, start_after uuid, busy uuid[]
) returns table (organisation_id uuid, installation_id uuid, verb text, obligation_id uuid, attempt integer)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
    first constant uuid := '00000000-0000-0000-0000-000000000000';
    beginning constant uuid := coalesce(start_after, first);
    place uuid := beginning;
    has_wrapped boolean := false;
    candidate record;
    wanted text;
    chosen uuid[];
begin
    loop
        select o.organisation_id, o.installation_id, o.next_at into candidate from obligation o
            where o.state in ('pending', 'leased', 'waiting') and o.installation_id > place
            order by o.installation_id, o.next_at limit 1;
        if not found or (has_wrapped and candidate.installation_id > beginning) then
            exit when has_wrapped;
            has_wrapped := true;
            place := first;
            continue;
        end if;
        place := candidate.installation_id;
        continue when candidate.next_at > at or place = any(busy);
        continue when not pg_try_advisory_xact_lock(hashtextextended(place::text, 0));
        foreach wanted in array array['revoke', 'erase', 'restrict', 'check', 'grant', 'attest', 'correct', 'export',
            'share', 'reconcile']
        loop
            -- Chosen first, updated then: joined in one statement, the planner reads the whole table.
            select array_agg(due.id) into chosen from (
                select o.id from obligation o
                where o.organisation_id = candidate.organisation_id and o.installation_id = place
                    and o.verb = wanted and o.next_at <= at and o.state in ('pending', 'leased', 'waiting')
                    and (o.member_id is null or not exists (
                        select from obligation other
                        where other.organisation_id = o.organisation_id and other.installation_id = place
                            and other.member_id = o.member_id and other.id <> o.id
                            and other.state in ('pending', 'leased', 'waiting')
                            and ((other.state = 'leased' and other.next_at > at)
                                or (other.id < o.id
                                    and o.verb not in ('export', 'attest')
                                    and other.verb not in ('export', 'attest')
                                    and not (o.verb in ('erase', 'revoke')
                                        and other.verb in ('share', 'correct', 'restrict'))
                                    and not (o.verb = 'restrict' and other.verb in ('share', 'restrict'))
                                    and not (o.verb = 'share' and other.verb = 'share')))))
                    and (o.verb <> 'revoke' or o.member_id is not null or not exists (
                        select from obligation other
                        where other.organisation_id = o.organisation_id and other.installation_id = place
                            and other.member_id is not null and other.state in ('pending', 'leased', 'waiting')
                            and (other.verb in ('share', 'correct', 'restrict', 'erase')
                                or (other.failures = 0 and other.state <> 'waiting'))))
                order by o.next_at, o.id limit batch for update of o skip locked
            ) due;
            continue when chosen is null;
            return query update obligation o set
                state = 'leased', attempt = o.attempt + 1, failures = o.failures + (o.state = 'leased')::integer,
                lease_owner = worker, lease_until = at + lease, next_at = at + lease
            where o.organisation_id = candidate.organisation_id and o.id = any(chosen)
            returning o.organisation_id, o.installation_id, o.verb, o.id, o.attempt;
            return;
        end loop;
    end loop;
end $$;

create function due_reminders(at timestamptz, batch integer) returns table (organisation_id uuid, obligation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select o.organisation_id, o.id from obligation o
    where o.ended_at is null and o.remind_at <= at order by o.remind_at limit batch
$$;

create function due_reconciliations(at timestamptz, batch integer)
returns table (organisation_id uuid, installation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select i.organisation_id, i.id from installation i
    where i.state = 'active' and i.reconcile_at <= at order by i.reconcile_at limit batch
$$;

create function installations_in_use() returns table (organisation_id uuid, installation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select i.organisation_id, i.id from installation i where i.state <> 'removed' order by i.organisation_id, i.id
$$;

-- How many obligations have been due for longer than they would be if a worker were running.
create function overdue_obligations(before timestamptz) returns bigint
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select count(*) from obligation o where o.state in ('pending', 'leased', 'waiting') and o.next_at < before
$$;

revoke execute on function overdue_obligations(timestamptz) from public;
grant execute on function overdue_obligations(timestamptz) to wardship_serve;
revoke execute on function claim_obligations(text, timestamptz, interval, integer, uuid, uuid[]) from public;
revoke execute on function due_reminders(timestamptz, integer) from public;
revoke execute on function due_reconciliations(timestamptz, integer) from public;
grant execute on function due_reconciliations(timestamptz, integer) to wardship_serve;
revoke execute on function installations_in_use() from public;
grant execute on function claim_obligations(text, timestamptz, interval, integer, uuid, uuid[]) to wardship_serve;
grant execute on function due_reminders(timestamptz, integer) to wardship_serve;
grant execute on function installations_in_use() to wardship_serve;

create table manual_task (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    obligation_id uuid not null,
    instructions text not null,
    due_at timestamptz not null,
    state text not null default 'open' check (state in ('open', 'done', 'cancelled')),
    completed_by uuid,
    completed_at timestamptz,
    evidence text not null default '',
    primary key (organisation_id, id),
    unique (organisation_id, obligation_id),
    foreign key (organisation_id, obligation_id) references obligation (organisation_id, id) on delete cascade
);
create index manual_task_order on manual_task (organisation_id, state, due_at, id);
call isolate_tenant_table('manual_task');

-- The ledger: one row for each delivery of one member's record to one recipient. Identifiers and names of fields only.
create table disclosure (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    installation_id uuid not null,
    member_id uuid not null,
    obligation_id uuid not null,
    attempt integer not null,
    recipient text not null,
    categories text[] not null,
    fields text[] not null,
    purposes text[] not null,
    grant_ids uuid[] not null,
    record_digest bytea not null,
    state text not null default 'sending'
        check (state in ('sending', 'delivered', 'rejected', 'unknown', 'not_sent')),
    settled_at timestamptz,
    primary key (organisation_id, id),
    unique (organisation_id, obligation_id, record_digest),
    foreign key (organisation_id, installation_id) references installation (organisation_id, id),
    foreign key (organisation_id, member_id) references member (organisation_id, id)
);
create index disclosure_member on disclosure (organisation_id, member_id, created_at, id);
create index disclosure_installation on disclosure (organisation_id, installation_id, created_at, id);
call isolate_tenant_table('disclosure');
revoke delete on disclosure from wardship_serve;

-- What a vendor handed out on a person, encrypted, on its way into the copy for that person.
create table vendor_export (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    obligation_id uuid not null,
    installation_id uuid not null,
    member_id uuid not null,
    content bytea not null,
    expires_at timestamptz not null,
    primary key (organisation_id, id),
    unique (organisation_id, obligation_id),
    foreign key (organisation_id, obligation_id) references obligation (organisation_id, id) on delete cascade,
    foreign key (organisation_id, member_id) references member (organisation_id, id)
);
create index vendor_export_member on vendor_export (organisation_id, member_id);
create index vendor_export_expiry on vendor_export (expires_at);
call isolate_tenant_table('vendor_export');
call let_owner_read('vendor_export');

create function expired_vendor_exports(at timestamptz, batch integer)
returns table (organisation_id uuid, export_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select e.organisation_id, e.id from vendor_export e where e.expires_at <= at order by e.expires_at limit batch
$$;
revoke execute on function expired_vendor_exports(timestamptz, integer) from public;
grant execute on function expired_vendor_exports(timestamptz, integer) to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
