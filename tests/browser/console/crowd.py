"""An organisation with very many people, requests and entries in its log, as an import would leave the rows."""

from bench.large_list import FILL
from tests.browser.console.world import World

MEMBERS = 20_000
OPEN_EVERY = 40
"""Of so many requests one is open: the others have ended."""
_STATES = """
update member set state = 'deactivated' where display_name like 'Person %3';
update member set state = 'removed', left_at = now() where display_name like 'Person %7';
delete from role_assignment where member_id in (select id from member where state = 'removed');
"""
_REQUESTS = f"""
create temporary table asked as
    select organisation_id, id as member_id, uuidv7() as id, n, n % {OPEN_EVERY} = 0 as is_open,
        now() - n * interval '1 minute' as at, now() + (10 + n % 30) * interval '1 day' as due
    from (select *, right(display_name, 7)::integer as n from member where display_name like 'Person %') people;
insert into data_request (organisation_id, id, created_at, member_id, submitted_at, country, regime, due_at,
        original_due_at, acknowledge_by, decide_by, acknowledged_at, identity_state, identity_method,
        identity_verified_at, reference_hash, handler, ended_at)
    select organisation_id, id, at, member_id, at, 'DE', 'gdpr', due, due, due, due,
        case when n % 3 = 0 then at end, 'verified', 'second_factor', at, sha256(id::text::bytea),
        case when n % 200 = 0 then 'privacy_team' else 'admin' end, case when not is_open then at end from asked;
insert into request_right (organisation_id, id, created_at, request_id, kind, state, handler, ended_at)
    select organisation_id, uuidv7(), at, id, case when n % 80 = 0 then 'access' else 'correction' end,
        case when not is_open then 'fulfilled' when n % 200 = 0 then 'with_privacy_team' else 'with_admin' end,
        case when n % 200 = 0 then 'privacy_team' else 'admin' end, case when not is_open then at end from asked;
"""
_LOG = """
do $$
declare
    person record;
    made uuid;
    entry text;
begin
    for person in select organisation_id, id from member where display_name like 'Person %' loop
        made := uuidv7();
        entry := json_build_object('action', 'member.added', 'actor', json_build_object('account', null, 'kind',
            'system', 'member', null), 'at', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
            'details', json_build_object('roles', json_build_array('member')), 'id', made, 'organisation',
            person.organisation_id, 'outcome', 'done', 'purpose', '', 'request', '', 'target',
            json_build_object('id', person.id, 'kind', 'member'))::text;
        call append_audit_entry(person.organisation_id, made, (extract(epoch from now()) * 1000000)::bigint,
            convert_to(entry, 'UTF8'), null, 'member.added', 'member', person.id);
    end loop;
end $$;
"""


def fill(world: World, members: int = MEMBERS) -> None:
    """Let so many people have joined, each of whom has asked something once."""
    world.execute(FILL.format(members=members) + _STATES + _REQUESTS + _LOG)
    world.execute("vacuum analyze")
