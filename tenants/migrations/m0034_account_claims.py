"""Policies of domains, claims of accounts by the domain of their address, and the groupings that make them."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.migrations import sql_migration
from wardship.tenants.migrations import APP_NAME

ID = "tenants-0034-account-claims"
DESCRIPTION = "Policies of domains, claims of accounts, groupings"

# What an address is to a grouping `g`: of an account `a` with the address `e`, whose domain is `e.rd` backwards.
_KIND = """case
        when e.rd <> g.backwards and holding_claim(e.rd) is distinct from g.domain_id then 'elsewhere'
        when exists (select from member m where m.organisation_id = g.organisation_id and m.account_id = e.account_id
            and m.state in ('active', 'deactivated')) then 'member'
        when exists (select from account_claim k where k.organisation_id = g.organisation_id
            and k.account_hash = claimed_account(g.organisation_id, e.account_id)
            and (k.state <> 'released' or k.member_id is not null)) then 'claimed'
        when g.epoch_since is not null and greatest(e.verified_at, e.proven_at) < g.epoch_since then 'unproven'
        when exists (select from member m where m.organisation_id = g.organisation_id and m.account_id = e.account_id
            and m.state = 'removed') then 'former'
        else 'matching' end"""
_MAILBOXES = """
        select reverse(split_part(m.address, '@', -1)) collate "C" as rd, m.account_id, m.verified_at, m.proven_at
        from account_email m
        where m.is_primary and m.verified_at is not null
            and reverse(split_part(m.address, '@', -1)) collate "C" >= g.backwards
            and reverse(split_part(m.address, '@', -1)) collate "C" < g.ceiling"""

_SQL = r"""
-- A domain as addresses have it: the letters that stand behind `xn--` (RFC 3492) instead of those of the DNS.
create function unicode_label(label text) returns text language plpgsql immutable strict parallel safe as $$
declare
    ext text := substr(label, 5); shown text := ''; mark integer := position('-' in reverse(substr(label, 5)));
    n bigint := 128; i bigint := 0; bias bigint := 72; before bigint; w bigint; k bigint; t bigint; digit bigint;
    delta bigint; size bigint;
begin
    if label not like 'xn--%' then return label; end if;
    if mark > 0 then
        shown := left(ext, length(ext) - mark);
        ext := right(ext, mark - 1);
    end if;
    while ext <> '' loop
        before := i; w := 1; k := 36;
        loop
            digit := case when ext ~ '^[a-z]' then ascii(ext) - 97 when ext ~ '^[0-9]' then ascii(ext) - 22 end;
            if digit is null then return label; end if;
            ext := substr(ext, 2);
            i := i + digit * w;
            t := case when k <= bias then 1 when k >= bias + 26 then 26 else k - bias end;
            exit when digit < t;
            w := w * (36 - t);
            k := k + 36;
        end loop;
        size := length(shown) + 1;
        delta := case when before = 0 then (i - before) / 700 else (i - before) / 2 end;
        delta := delta + delta / size;
        k := 0;
        while delta > 455 loop
            delta := delta / 35;
            k := k + 36;
        end loop;
        bias := k + 36 * delta / (delta + 38);
        n := n + i / size;
        i := i % size;
        shown := left(shown, i::integer) || chr(n::integer) || substr(shown, i::integer + 1);
        i := i + 1;
    end loop;
    return shown;
exception when others then return label;
end $$;
create function mail_domain(name text) returns text language plpgsql immutable strict parallel safe as $$
begin
    if position('xn--' in name) = 0 then return name; end if;
    return (select string_agg(unicode_label(l.label), '.' order by l.place)
        from unnest(string_to_array(name, '.')) with ordinality as l (label, place));
end $$;

-- `epoch_since` is null as long as nobody else has ever held the name: then every proof of a mailbox counts.
alter table domain
    add column backwards text collate "C" generated always as (reverse(mail_domain(name))) stored not null,
    add column epoch_since timestamptz;
create index domain_backwards on domain (backwards);
create or replace function set_domain(
    wanted text, holder uuid, claim uuid, new_epoch integer, new_state text, new_scope text, proven timestamptz,
    quarantined timestamptz
) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    update domain set holder_id = holder, claim_id = claim, state = new_state, scope = new_scope,
        epoch_since = case when new_epoch > epoch and quarantined is not null then proven else epoch_since end,
        epoch = new_epoch, last_proven_at = coalesce(proven, last_proven_at), quarantined_until = quarantined
    where name = wanted
$$;
update domain set epoch_since = quarantined_until - interval '14 days' where quarantined_until is not null;

create table domain_policy (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    domain_id uuid not null,
    enrolment text not null check (enrolment in ('off', 'suggest', 'invite', 'join_new', 'claim_existing')),
    is_for_subtree boolean not null,
    changed_at timestamptz not null,
    primary key (organisation_id, id),
    unique (organisation_id, domain_id),
    foreign key (organisation_id, domain_id) references domain_claim (organisation_id, id) on delete cascade
);
call isolate_tenant_table('domain_policy');
call let_owner_read('domain_policy');

create table domain_grouping (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null, -- of the preview: what was proven later is not in it
    domain_id uuid not null,
    epoch integer not null,
    state text not null check (state in ('previewed', 'running', 'done', 'cancelled', 'expired')),
    state_since timestamptz not null,
    state_until timestamptz, -- when the clock ends it
    matching bigint not null, -- what the preview counted, by kind
    members bigint not null,
    former_members bigint not null,
    claimed bigint not null,
    unproven bigint not null,
    elsewhere bigint not null,
    at_domain text collate "C" not null default '', -- how far it has come
    at_account uuid not null default '00000000-0000-0000-0000-000000000000',
    seen bigint not null default 0,
    notified bigint not null default 0,
    primary key (organisation_id, id),
    foreign key (organisation_id, domain_id) references domain_claim (organisation_id, id) on delete cascade
);
create unique index domain_grouping_open on domain_grouping (organisation_id, domain_id)
    where state = 'running';
create index domain_grouping_order on domain_grouping (organisation_id, domain_id, created_at, id);
create index domain_grouping_running on domain_grouping (organisation_id, id) where state = 'running';
create index domain_grouping_clock on domain_grouping (state_until) where state_until is not null;
call isolate_tenant_table('domain_grouping');
call let_owner_write('domain_grouping');
create trigger domain_grouping_changes after update on domain_grouping for each row
    when (new is distinct from old) execute function notify_change('grouping');

-- By this an account is known again that is not to be asked twice: nobody who has not its id can tell whose it is.
create function claimed_account(organisation uuid, account uuid) returns bytea
    language sql immutable strict parallel safe return sha256(uuid_send(organisation) || uuid_send(account));

create table account_claim (
    organisation_id uuid not null references organisation (id) on delete cascade,
    id uuid not null,
    created_at timestamptz not null,
    account_id uuid references account (id), -- null once the person was erased
    account_hash bytea not null,
    domain_id uuid not null,
    grouping_id uuid,
    epoch integer not null,
    state text not null
        check (state in ('notified', 'undecided', 'managed', 'detached', 'closed', 'exempt', 'released')),
    state_since timestamptz not null,
    decide_until timestamptz,
    remind_at timestamptz,
    member_id uuid,
    managed_at timestamptz, -- what the person did before is shown by his or her consent only
    earlier_shared_at timestamptz, -- since when that is given
    primary key (organisation_id, id),
    foreign key (organisation_id, domain_id) references domain_claim (organisation_id, id) on delete cascade
);
create unique index account_claim_account on account_claim (organisation_id, account_hash);
create index account_claim_person on account_claim (account_id, created_at, id) where account_id is not null;
create index account_claim_member on account_claim (organisation_id, member_id) where member_id is not null;
create index account_claim_domain on account_claim (organisation_id, domain_id, state);
create index account_claim_order on account_claim (organisation_id, state, created_at, id);
create index account_claim_clock on account_claim (decide_until) where state = 'notified';
create index account_claim_reminder on account_claim (remind_at) where state = 'notified' and remind_at is not null;
call isolate_tenant_table('account_claim');
call let_owner_write('account_claim');

-- Addresses that were proven, of which a policy may want something; the worker takes them away.
create table proven_mailbox (
    id uuid primary key,
    created_at timestamptz not null,
    account_id uuid not null unique references account (id) on delete cascade,
    is_new boolean not null, -- whether the account was made by it
    due_at timestamptz not null
);
create index proven_mailbox_due on proven_mailbox (due_at);
call isolate_directory_table('proven_mailbox');
call let_owner_write('proven_mailbox');

-- The claim that answers for addresses at a name, backwards: of all that hold it or one above, the most specific.
create function holding_claim(wanted text) returns uuid
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare above text[] := array[wanted]; rest text := wanted; label text; found uuid;
begin
    loop
        label := substring(rest from '[.][^.]*$');
        exit when label is null;
        rest := left(rest, length(rest) - length(label));
        above := above || rest;
    end loop;
    select d.claim_id into found from domain d
    where d.state = 'held' and d.backwards = any(above) and (d.backwards = wanted or d.scope = 'subtree')
    order by length(d.backwards) desc limit 1;
    return found;
end $$;

-- What the holder of an address's domain wants of it.
create function policy_for_address(address text) returns table (
    organisation_id uuid, domain_id uuid, name text, epoch integer, epoch_since timestamptz, is_proven boolean,
    enrolment text
) language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select d.holder_id, d.claim_id, d.name, d.epoch, d.epoch_since, c.state = 'verified' and o.state = 'active',
        p.enrolment
    from domain d
        join domain_claim c on c.organisation_id = d.holder_id and c.id = d.claim_id
        join domain_policy p on p.organisation_id = d.holder_id and p.domain_id = d.claim_id
        join organisation o on o.id = d.holder_id
    where d.claim_id = holding_claim(reverse(split_part(address, '@', -1)))
        and (p.is_for_subtree or d.backwards = reverse(split_part(address, '@', -1)))
$$;

create function note_proven_mailbox() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if exists (select from policy_for_address(new.address) p where p.enrolment <> 'off') then
        insert into proven_mailbox (id, created_at, account_id, is_new, due_at)
        select gen_random_uuid(), moment, new.account_id, tg_op = 'INSERT' and a.created_at = new.created_at, moment
        from account a cross join coalesce(new.proven_at, new.verified_at) as moment where a.id = new.account_id
        on conflict (account_id) do update set due_at = excluded.due_at;
        perform pg_notify('wardship_sweeps', '');
    end if;
    return null;
end $$;
create trigger account_email_made after insert on account_email
    for each row when (new.is_primary and new.verified_at is not null) execute function note_proven_mailbox();
create trigger account_email_proven after update on account_email for each row
    when (new.is_primary and new.verified_at is not null
        and (new.is_primary, new.verified_at, new.proven_at) is distinct from
            (old.is_primary, old.verified_at, old.proven_at))
    execute function note_proven_mailbox();

-- How many accounts a grouping would find now, by kind; of a domain that the transaction's organisation holds.
create function count_groupable(wanted uuid, at timestamptz) returns table (kind text, accounts bigint)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare g record;
begin
    select c.organisation_id, c.id as domain_id, d.backwards, d.epoch_since,
        d.backwards || case when d.scope = 'subtree' and p.is_for_subtree then '/' else chr(1) end as ceiling
    into g from domain_claim c
        join domain d on d.name = c.name and d.claim_id = c.id and d.state = 'held'
        join domain_policy p on p.organisation_id = c.organisation_id and p.domain_id = c.id
    where c.organisation_id = current_tenant() and c.id = wanted and c.state = 'verified';
    return query select (KIND) as kind, count(*)
        from (MAILBOXES) e join account a on a.id = e.account_id and a.state = 'active' and a.closes_at is null
        where (e.rd = g.backwards or e.rd >= g.backwards || '.') and e.verified_at <= at
        group by 1;
end $$;

-- Takes a grouping of the transaction's organisation one batch of mailboxes further, in the order of an index: claims
-- the accounts there, which the same statement tells. Nothing happens while the domain is not proven, or where another
-- worker is at it.
create function match_accounts(
    wanted uuid, at timestamptz, most integer, ordered text, until timestamptz, reminded timestamptz
) returns table (id uuid, account_id uuid)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
    set plan_cache_mode = force_custom_plan as $$ -- the tables grow from batch to batch
#variable_conflict use_column
declare g record;
begin
    select o.organisation_id, o.id, o.domain_id, o.created_at, o.epoch, o.at_domain, o.at_account, d.backwards,
        d.epoch_since,
        d.backwards || case when d.scope = 'subtree' and p.is_for_subtree then '/' else chr(1) end as ceiling
    into g from domain_grouping o
        join domain_claim c on c.organisation_id = o.organisation_id and c.id = o.domain_id and c.state = 'verified'
        join domain d on d.name = c.name and d.claim_id = c.id and d.state = 'held' and d.epoch = o.epoch
        join domain_policy p on p.organisation_id = o.organisation_id and p.domain_id = o.domain_id
    where o.organisation_id = current_tenant() and o.id = wanted and o.state = 'running'
        and p.enrolment = 'claim_existing'
    for update of o skip locked;
    if not found then return; end if;
    return query with batch as materialized (
        select * from (MAILBOXES) e where (e.rd, e.account_id) > (g.at_domain, g.at_account)
        order by e.rd, e.account_id limit most
    ), made as (
        insert into account_claim (organisation_id, id, created_at, account_id, account_hash, domain_id, grouping_id,
            epoch, state, state_since, decide_until, remind_at)
        select g.organisation_id, (ordered || substr(gen_random_uuid()::text, 19))::uuid, at, e.account_id,
            claimed_account(g.organisation_id, e.account_id), g.domain_id, g.id, g.epoch, 'notified', at,
            until, reminded
        from batch e join account a on a.id = e.account_id and a.state = 'active' and a.closes_at is null
        where (e.rd = g.backwards or e.rd >= g.backwards || '.') and e.verified_at <= g.created_at
            and (e.rd = g.backwards or holding_claim(e.rd) = g.domain_id)
            and (g.epoch_since is null or greatest(e.verified_at, e.proven_at) >= g.epoch_since)
            and not exists (select from member m where m.organisation_id = g.organisation_id
                and m.account_id = e.account_id and m.state in ('active', 'deactivated'))
        -- Who was asked before is met by the key: a look-up for each would be planned for the table as it was at first.
        on conflict (organisation_id, account_hash) do update set domain_id = excluded.domain_id,
            grouping_id = excluded.grouping_id, epoch = excluded.epoch, state = excluded.state,
            state_since = excluded.state_since, decide_until = excluded.decide_until,
            remind_at = excluded.remind_at
            where account_claim.state = 'released' and account_claim.member_id is null
        returning account_claim.id, account_claim.account_id
    ), counted as (
        select (select count(*)::integer from batch) as seen, (select count(*)::integer from made) as notified
    ), last as (
        select e.rd, e.account_id from batch e order by e.rd desc, e.account_id desc limit 1
    ), moved as (
        update domain_grouping o set seen = o.seen + c.seen, notified = o.notified + c.notified,
            at_domain = coalesce(l.rd, o.at_domain), at_account = coalesce(l.account_id, o.at_account),
            state = case when c.seen < most then 'done' else o.state end,
            state_since = case when c.seen < most then at else o.state_since end,
            state_until = case when c.seen < most then null else o.state_until end
        from counted c left join last l on true
        where o.organisation_id = g.organisation_id and o.id = g.id
    )
    select m.id, m.account_id from made m;
end $$;

-- Groupings that a worker has to take further, and those whose time is over, in every organisation.
create function groupings_due(at timestamptz) returns table (organisation_id uuid, id uuid, is_over boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    (select g.organisation_id, g.id, false from domain_grouping g
        join organisation o on o.id = g.organisation_id and o.state = 'active'
        where g.state = 'running' and g.state_until > at)
    union all
    (select g.organisation_id, g.id, true from domain_grouping g where g.state_until <= at limit 100)
$$;

-- Organisations in which people are to be reminded, or did not choose in time.
create function account_claims_due(at timestamptz) returns table (organisation_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select c.organisation_id from account_claim c where c.state = 'notified' and c.decide_until <= at
    union
    select c.organisation_id from account_claim c where c.state = 'notified' and c.remind_at <= at
$$;

-- What organisations claim of one account: for its owner, in a transaction of whichever organisation.
create function account_claims_of(account uuid) returns table (
    id uuid, created_at timestamptz, organisation_id uuid, organisation_name text, domain_name text, state text,
    state_since timestamptz, decide_until timestamptz, member_id uuid, managed_at timestamptz,
    earlier_shared_at timestamptz
) language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select c.id, c.created_at, c.organisation_id, o.name, d.name, c.state, c.state_since, c.decide_until, c.member_id,
        c.managed_at, c.earlier_shared_at
    from (select * from account_claim k where k.account_id = account
            order by k.created_at desc, k.id desc limit 100) c
        join organisation o on o.id = c.organisation_id
        cross join lateral (select * from domain_claim n
            where n.organisation_id = c.organisation_id and n.id = c.domain_id limit 1) d
    order by c.created_at desc, c.id desc
$$;

-- The addresses, at the claimed domain, of accounts that the transaction's own organisation claims: nothing else of
-- them, and no address that the person has elsewhere.
create function claimed_addresses(ids uuid[]) returns table (id uuid, address text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select c.id, e.address
    from unnest(ids) w (id)
        cross join lateral (select * from account_claim k
            where k.organisation_id = current_tenant() and k.id = w.id limit 1) c
        join domain_claim d on d.organisation_id = c.organisation_id and d.id = c.domain_id
        join account_email e on e.account_id = c.account_id and e.verified_at is not null
            and (split_part(e.address, '@', -1) = mail_domain(d.name)
                or (d.scope = 'subtree' and split_part(e.address, '@', -1) like '%.' || mail_domain(d.name)))
    order by e.is_primary, e.created_at desc
$$;

-- An account that is erased leaves nothing by which it is found: what stays says that somebody is not asked again.
create function forget_claimed_account(account uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    update account_claim c set account_id = null,
        state = case when c.state in ('notified', 'undecided') then 'closed' else c.state end
    from account a where a.id = account and a.state = 'erased' and c.account_id = a.id
$$;

revoke execute on function policy_for_address, count_groupable, match_accounts, groupings_due, account_claims_due,
    account_claims_of, claimed_addresses, forget_claimed_account, holding_claim, note_proven_mailbox from public;
grant execute on function policy_for_address, count_groupable, match_accounts, groupings_due, account_claims_due,
    account_claims_of, claimed_addresses, forget_claimed_account to wardship_serve;
"""
SQL = _SQL.replace("(KIND)", f"({_KIND})").replace("MAILBOXES", _MAILBOXES)


async def forwards() -> MigrationManager:
    """Return the migration."""
    return sql_migration(ID, APP_NAME, DESCRIPTION, SQL)
