"""No list scans a large tenant: each filterable or sortable one is tried as the serving role meets it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW, access_for, make_group, make_member, make_organisation
from wardship.core.actor import Role
from wardship.core.database.engine import Transaction
from wardship.core.identifiers import uuid7
from wardship.tenants.content.read import own_content, posts_of_groups
from wardship.tenants.content.visibility import readable_content
from wardship.tenants.data_access.read import audit_log, own_changes, own_data_access
from wardship.tenants.groups.read import (
    groups_of_members,
    list_groups,
    members_of_groups,
    memberships_of_groups,
)
from wardship.tenants.groups.visibility import visible_groups
from wardship.tenants.invitations.read import list_invitations
from wardship.tenants.members.read import MemberFilter, MemberOrder, list_members, members_by_ids
from wardship.tenants.members.records import MemberState
from wardship.tenants.members.roles import roles_of
from wardship.tenants.members.visibility import visible_members
from wardship.tenants.paging import PageRequest

pytestmark = pytest.mark.anyio

MANY = 10_000
FEW_ROWS = 1_500
CREATED = (NOW - timedelta(hours=1), uuid7())
NAMED = ("Member 15000", uuid7())

GROW = """
    with made as (
        insert into member (organisation_id, id, created_at, display_name, email, pseudonym)
        select $1, gen_random_uuid(), $2::timestamptz - n * interval '1 second', 'Member ' || n, n || '@example.org',
            'Pseudonym of ' || n from generate_series(1, $3::int) n returning id, created_at
    ), roles as (
        insert into role_assignment (organisation_id, id, created_at, member_id, role)
        select $1, gen_random_uuid(), created_at, id, 'member' from made
        union all select $1, gen_random_uuid(), created_at, id, (array['auditor', 'billing_contact',
            'technical_contact', 'administrative_contact'])[1 + random() * 3] from made where random() < 0.1
    ), groups as (
        insert into user_group (organisation_id, id, created_at, name)
        select $1, gen_random_uuid(), created_at, 'Group ' || id from made returning id
    ), some_groups as (select id from groups limit 20
    ), memberships as (
        insert into group_membership (organisation_id, id, created_at, group_id, member_id)
        select $1, gen_random_uuid(), created_at, $4, id from made
        union all select $1, gen_random_uuid(), m.created_at, g.id, m.id from made m, some_groups g
    ), posts as (
        insert into post (organisation_id, id, created_at, group_id, author_id, body)
        select $1, gen_random_uuid(), created_at, $4, id, 'Hello' from made
    ), seen as (
        insert into data_access (organisation_id, id, created_at, member_id, actor_id, actor_kind, categories)
        select $1, gen_random_uuid(), created_at, id, id, 'member', '{}' from made
    ), invitations as (
        insert into invitation (organisation_id, id, created_at, email, roles, token_hash, invited_by, expires_at)
        select $1, gen_random_uuid(), created_at, id::text, '{}', sha256(id::text::bytea), id,
            created_at + interval '7 days' from made
    )
    insert into audit_entry (organisation_id, id, created_at, sequence, entry, hash, action, target_kind, target_id)
    select $1, gen_random_uuid(), created_at, row_number() over (), '{}', '', 'x', 'member', id from made
"""


async def _page(access, wanted=None, order=MemberOrder.CREATED, after=CREATED):
    reach = visible_members(access)
    await list_members(reach, wanted or MemberFilter(), PageRequest(50, after), order=order)


LISTS = {
    "members": _page,
    "members by name": lambda access: _page(access, order=MemberOrder.NAME, after=NAMED),
    "members of a state": lambda access: _page(access, MemberFilter(states=frozenset({MemberState.REMOVED}))),
    "members by prefix": lambda access: _page(
        access, MemberFilter(name_prefix="Member 1234"), order=MemberOrder.NAME, after=NAMED
    ),
    "members of a rare role": lambda access: _page(access, MemberFilter(role=Role.ORG_OWNER)),
    "members of a small group": lambda access: _page(access, MemberFilter(group_id=uuid7())),
    "groups": lambda access: list_groups(visible_groups(access), PageRequest(50, CREATED)),
    "groups by prefix": lambda access: list_groups(visible_groups(access), PageRequest(50), name_prefix="Group 0a"),
    "open invitations": lambda access: list_invitations(access, PageRequest(50, CREATED), is_open_only=True),
    "invitations": lambda access: list_invitations(access, PageRequest(50, CREATED)),
    "audit log": lambda access: audit_log(access, 50, before=10_000),
}
OF_THE_GROUP = {
    "memberships": lambda access, group: memberships_of_groups(
        visible_groups(access), [group], PageRequest(50, CREATED)
    ),
    "members of groups": lambda access, group: members_of_groups(
        visible_groups(access), visible_members(access), [group], PageRequest(50, CREATED), {"email"}
    ),
    "posts": lambda access, group: posts_of_groups(readable_content(access), [group], PageRequest(50, CREATED)),
}
OF_FIFTY = {
    "members by id": lambda access, ids: members_by_ids(visible_members(access), ids),
    "roles": lambda access, ids: roles_of(visible_members(access), ids),
    "groups of members": lambda access, ids: groups_of_members(visible_groups(access), ids, PageRequest(5)),
}
IN_A_LARGE_GROUP = {
    "members of groups, from inside": OF_THE_GROUP["members of groups"],
    "posts, from inside": OF_THE_GROUP["posts"],
}
OWN = {
    "own data access": lambda access: own_data_access(access, PageRequest(50, CREATED)),
    "own changes": lambda access: own_changes(access, 50),
    "own content": lambda access: own_content(access, PageRequest(50)),
}


@pytest.fixture
async def large(database, owner):
    organisation = await make_organisation(database, "large")
    olga = await make_member(database, organisation, Role.ORG_OWNER, name="Olga")
    ann = await make_member(database, organisation, name="Ann")
    bob = await make_member(database, organisation, name="Bob")
    group = await make_group(database, organisation, "Everybody", bob)
    await owner.execute(GROW, organisation.id, NOW, MANY, group)
    await owner.execute("analyze")
    fifty = [row["id"] for row in await owner.fetch("select id from member order by pseudonym limit 50")]
    return olga, ann, bob, group, fifty


READ = "select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::bigint as rows from pg_stat_xact_user_tables"


async def _rows_read(services, monkeypatch, person, ask) -> dict[str, int]:
    """How many rows of tables each statement reads, by its text; the plan is the one that suits all arguments."""
    read: dict[str, int] = {}
    original = Transaction.fetch

    async def counted(self, sql, *arguments):
        (before,) = await original(self, READ)
        await original(self, sql, *arguments)
        (after,) = await original(self, READ)
        read[sql] = after["rows"] - before["rows"]
        return []

    monkeypatch.setattr(Transaction, "fetch", counted)
    async with access_for(services, person, read_only=True) as access:
        (mode,) = await original(access.transaction, "show plan_cache_mode")
        assert mode[0] == "force_generic_plan"
        await ask(access)
    monkeypatch.undo()
    return read


async def test_no_list_reads_a_large_tenant_through(services, monkeypatch, large):
    olga, ann, bob, group, fifty = large
    asked = [(name, olga, ask) for name, ask in LISTS.items()]
    asked += [(name, olga, lambda access, ask=ask: ask(access, group)) for name, ask in OF_THE_GROUP.items()]
    asked += [(name, olga, lambda access, ask=ask: ask(access, fifty)) for name, ask in OF_FIFTY.items()]
    asked += [
        (f"{name}, from inside", bob, lambda access, ask=ask: ask(access, fifty)) for name, ask in OF_FIFTY.items()
    ]
    asked += [(name, bob, lambda access, ask=ask: ask(access, group)) for name, ask in IN_A_LARGE_GROUP.items()]
    asked += [(name, ann, ask) for name, ask in OWN.items()]
    slow = {}
    for name, person, ask in asked:
        for sql, rows in (await _rows_read(services, monkeypatch, person, ask)).items():
            if rows > FEW_ROWS:
                slow[name] = (rows, sql)
    assert slow == {}
