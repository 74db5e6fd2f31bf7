"""Groups filled by rules, and who was put into a group by one or taken out by somebody."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0039-group-rules"
DESCRIPTION = "Groups filled by rules"

SQL = r"""
create table group_rule (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    group_id uuid not null,
    swept_at timestamptz not null, -- when all members were looked at last
    primary key (organisation_id, id),
    unique (organisation_id, group_id),
    foreign key (organisation_id, group_id) references user_group (organisation_id, id) on delete cascade
);
create index group_rule_sweep on group_rule (swept_at);
call isolate_tenant_table('group_rule');
call let_owner_read('group_rule');

-- The conditions of a rule have to hold all; each, a place, by any of its values.
create table group_rule_value (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    rule_id uuid not null,
    place integer not null check (place between 0 and 4),
    attribute text not null check (attribute in ('email_domain', 'department', 'division', 'cost_center', 'job_title',
        'company')),
    value text not null check (length(value) between 1 and 300),
    primary key (organisation_id, id),
    foreign key (organisation_id, rule_id) references group_rule (organisation_id, id) on delete cascade
);
create index group_rule_value_rule on group_rule_value (organisation_id, rule_id);
call isolate_tenant_table('group_rule_value');

-- Whom a rule has put in, leaves by it. Whom somebody has taken out, or who left, is put in by somebody alone: who had
-- left before there were rules too, since nobody knows any more by whom.
alter table group_membership
    add column is_by_rule boolean not null default false,
    add column is_taken_out boolean not null default false;
alter table group_membership no force row level security;
update group_membership set is_taken_out = true where left_at is not null;
alter table group_membership force row level security;
create index group_membership_by_rule on group_membership (organisation_id, group_id) where is_by_rule;

-- Whether anybody has to be told of a change of these fields: recipients, or groups with rules that look at them.
create or replace function is_received(organisation uuid, fields text[]) returns boolean language plpgsql volatile as $$
begin
    return exists (select from installation where organisation_id = organisation
            and state in ('active', 'degraded', 'needs_approval', 'paused', 'load_failed', 'migration_failed')
            and jsonb_path_query_array(manifest, '$.receives[*].fields[*]') ?| fields)
        or exists (select from group_rule_value where organisation_id = organisation and attribute = any(fields));
end $$;

-- Organisations whose rules were not looked at for a while.
create function group_rules_due(before timestamptz, most integer) returns table (organisation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select distinct r.organisation_id from group_rule r where r.swept_at < before limit most
$$;

-- Members of the own organisation whose proven primary address lies at a domain that it holds, or below one that it
-- holds with all below; the address stays in the directory. About some members alone where they are given. What was
-- proven while somebody else held the domain does not count.
create function members_at_domains(wanted text[], people uuid[]) returns table (member_id uuid, name text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select m.id, d.name
    from member m
        join account_email e on e.account_id = m.account_id and e.is_primary and e.verified_at is not null
        cross join lateral (select reverse(split_part(e.address, '@', -1)) collate "C" as backwards) a
        join domain d on d.name = any(wanted) and d.state = 'held' and d.holder_id = m.organisation_id
            and (d.epoch_since is null or greatest(e.verified_at, e.proven_at) >= d.epoch_since)
            and (a.backwards = d.backwards or d.scope = 'subtree' and starts_with(a.backwards, d.backwards || '.')
                and holding_claim(a.backwards) = d.claim_id)
    where m.organisation_id = current_tenant() and (people is null or m.id = any(people))
$$;
revoke execute on function group_rules_due, members_at_domains from public;
grant execute on function group_rules_due, members_at_domains to wardship_serve;
"""


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
