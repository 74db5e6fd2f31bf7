"""Samples of members."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.builders import NOW
from tests.graphql.calls import gid
from tests.graphql.crowd import key
from tests.graphql.sample import mutation, on_subject, query
from tests.graphql.world import World

MEMBER_FIELDS = """id displayName email phone jobTitle state roles { role grantedBy { displayName } }
    groups(first: 3) { edges { node { name } } } memberships(first: 3) { edges { node { role group { name } } } }"""


@asynccontextmanager
async def _proven_addresses(world: World) -> AsyncIterator[None]:
    await world.owner.execute(
        "insert into account_email (id, created_at, account_id, address, verified_at)"
        " select gen_random_uuid(), $1, account_id, 'also-' || email, $1 from member where organisation_id = $2",
        NOW,
        world.organisation.id,
    )
    yield
    await world.owner.execute("delete from account_email where address like 'also-%'")


@asynccontextmanager
async def _removed(world: World) -> AsyncIterator[None]:
    subject = world.people["subject"].member_id
    set_state = "update member set state = $2 where id = $1"
    held = await world.owner.fetch("delete from role_assignment where member_id = $1 returning *", subject)
    await world.owner.execute(set_state, subject, "removed")
    yield
    await world.owner.execute(set_state, subject, "active")
    for row in held:
        await world.insert("role_assignment", **dict(row))


def _subjects(world: World) -> dict[str, object]:
    return {"memberIds": [world.id_of("Member", "subject")]}


SAMPLES = [
    mutation(
        "chooseContactAddress",
        "ChooseContactAddressInput",
        lambda world: {"email": f"also-{world.people['owner'].email}"},
        _proven_addresses,
    ),
    query("node", "query($id: ID!) { node(id: $id) { id } }", lambda w: {"id": w.id_of("Member", "subject")}),
    query("members", f"{{ members {{ totalCount edges {{ node {{ {MEMBER_FIELDS} }} }} }} }}"),
    query(
        "member",
        f"query($id: ID!) {{ member(id: $id) {{ {MEMBER_FIELDS} }} }}",
        lambda w: {"id": w.id_of("Member", "subject")},
    ),
    mutation("updateMyProfile", "UpdateMyProfileInput", lambda _: {"profile": {"jobTitle": "Cook"}}),
    mutation("updateMember", "UpdateMemberInput", lambda w: on_subject(w) | {"profile": {"jobTitle": "Cook"}}),
    mutation("importMembers", "ImportMembersInput", lambda _: {"rows": [{"email": "new@elsewhere.example.org"}]}),
    mutation("assignRole", "MemberRoleInput", lambda w: on_subject(w) | {"role": "AUDITOR"}),
    mutation("withdrawRole", "MemberRoleInput", lambda w: on_subject(w) | {"role": "TECHNICAL_CONTACT"}),
    mutation("deactivateMember", "MemberInput", on_subject),
    mutation("reactivateMember", "MemberInput", lambda w: {"memberId": w.id_of("Member", "sleeper")}),
    mutation("removeMember", "RemoveMemberInput", on_subject),
    mutation("previewMemberRemoval", "MemberInput", on_subject),
    mutation("deactivateMembers", "MembersInput", _subjects),
    mutation("reactivateMembers", "MembersInput", lambda w: {"memberIds": [w.id_of("Member", "sleeper")]}),
    mutation("removeMembers", "MembersInput", _subjects),
    mutation("assignRoleToMembers", "RoleOfMembersInput", lambda w: _subjects(w) | {"role": "AUDITOR"}),
    mutation("restoreMember", "MemberInput", on_subject, _removed),
]


KEYS = {"Member": "m"}


CROWD = """
insert into member (organisation_id, id, created_at, account_id, state, display_name, first_name, email, pseudonym,
        joined_at)
    select organisation_id, member, at, case when place = 0 and n between 2 and 60 then key('A', place, n) end,
        case when is_last then 'removed' else 'active' end, 'Member ' || n, 'First',
        n || '@example.org', 'Pseudonym of ' || n, at from number;
insert into role_assignment (organisation_id, id, created_at, member_id, role, granted_by)
    select organisation_id, key('a', place, n), at, member, 'member', other from number
    union all select organisation_id, key('A', place, n), at, member, 'auditor', other from number where is_last
    union all select organisation_id, key('A', place, n), at, member, 'org_owner', other from number where n = 1;
"""


_EVERYBODY, _THREE = gid("Group", key("g", 1)), gid("Group", key("g", 19_000))


FILTERS = {
    "Query.members(orderBy: CREATED)": ("orderBy: CREATED",),
    "Query.members(orderBy: NAME)": ("orderBy: NAME",),
    "Query.members(where.groupId)": (
        f'where: {{ groupId: "{_THREE}" }}',
        f'where: {{ groupId: "{_THREE}" }}, orderBy: NAME',
        f'where: {{ groupId: "{_EVERYBODY}" }}',
    ),
    "Query.members(where.namePrefix)": ('where: { namePrefix: "Member 1998" }', 'where: { namePrefix: "M" }'),
    "Query.members(where.search)": (
        'where: { search: "MEMBER 1998" }',
        'where: { search: "m" }',
        'where: { search: "1998" }',
        'where: { search: "1998@EX" }',
        'where: { search: "M", role: MEMBER }',
        f'where: {{ search: "{gid("Member", key("m", 19_990))}" }}',
    ),
    "Query.members(where.role)": ("where: { role: AUDITOR }", "where: { role: MEMBER }"),
    "Query.members(where.states)": (
        "where: { states: [REMOVED] }",
        "where: { states: [ACTIVE, REMOVED] }, orderBy: NAME",
    ),
}
