"""Samples of groups."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.builders import NOW
from tests.graphql.sample import mutation, on_subject, on_team, query
from tests.graphql.samples.members import MEMBER_FIELDS
from tests.graphql.world import World
from wardship.tenants.groups.rules.change import fingerprint_of
from wardship.tenants.groups.rules.records import RuleAttribute, RuleCondition

GROUP_FIELDS = f"""id name description managedBy rule {{ createdAt isResting missingDomains
    conditions {{ attribute values }} }} members(first: 5) {{ edges {{ node {{ {MEMBER_FIELDS} }} }} }}
    memberships(first: 5) {{ edges {{ node {{ role member {{ displayName }} }} }} }}
    posts(first: 5) {{ edges {{ node {{ id text source author {{ displayName }} mentions {{ displayName }}
        files {{ name url uploader {{ displayName }} }} }} }} }}
    files {{ edges {{ node {{ name url }} }} }}"""


@asynccontextmanager
async def _archived(world: World) -> AsyncIterator[None]:
    await world.owner.execute("update user_group set archived_at = $2 where id = $1", world.ids["team"], NOW)
    yield
    await world.owner.execute("update user_group set archived_at = null where id = $1", world.ids["team"])


_NOBODY = [RuleCondition(RuleAttribute.JOB_TITLE, ("Nobody's title",))]
_CONDITIONS = [{"attribute": each.attribute.name, "values": list(each.values)} for each in _NOBODY]


@asynccontextmanager
async def _ruled(world: World) -> AsyncIterator[None]:
    await world.insert("group_rule", group_id=world.ids["empty_group"], swept_at=NOW)
    yield
    await world.owner.execute("delete from group_rule where group_id = $1", world.ids["empty_group"])


@asynccontextmanager
async def _of_directory(world: World) -> AsyncIterator[None]:
    await world.owner.execute("update user_group set managed_by = 'directory' where id = $1", world.ids["team"])
    yield
    await world.owner.execute("update user_group set managed_by = 'people' where id = $1", world.ids["team"])


SAMPLES = [
    query("groups", f"{{ groups(first: 3) {{ edges {{ node {{ {GROUP_FIELDS} }} }} }} }}"),
    query(
        "group",
        f"query($id: ID!) {{ group(id: $id) {{ {GROUP_FIELDS} }} }}",
        lambda w: {"id": w.id_of("Group", "team")},
    ),
    mutation("createGroup", "CreateGroupInput", lambda _: {"name": "Another"}),
    mutation("describeGroup", "DescribeGroupInput", lambda w: on_team(w) | {"name": "Renamed"}),
    mutation("handGroupToDirectory", "GroupInput", lambda w: {"groupId": w.id_of("Group", "empty_group")}),
    mutation("takeGroupFromDirectory", "GroupInput", on_team, _of_directory),
    mutation("archiveGroup", "GroupInput", on_team),
    mutation("restoreGroup", "RestoreGroupInput", lambda w: on_team(w) | {"name": "Back again"}, _archived),
    mutation(
        "setContactVisibility", "SetContactVisibilityInput", lambda w: on_team(w) | {"visibility": "CONTACT_DETAILS"}
    ),
    mutation(
        "addGroupMember",
        "GroupMemberRoleInput",
        lambda w: {"groupId": w.id_of("Group", "empty_group"), "memberId": w.id_of("Member", "subject")},
    ),
    mutation("removeGroupMember", "GroupMemberInput", lambda w: on_team(w) | on_subject(w)),
    mutation(
        "addGroupMembers",
        "GroupMembersInput",
        lambda w: {"groupId": w.id_of("Group", "empty_group"), "memberIds": [w.id_of("Member", "subject")]},
    ),
    mutation(
        "removeGroupMembers", "GroupMembersInput", lambda w: on_team(w) | {"memberIds": [w.id_of("Member", "subject")]}
    ),
    mutation("previewGroupRule", "PreviewGroupRuleInput", lambda w: on_team(w) | {"conditions": _CONDITIONS}),
    mutation(
        "setGroupRule",
        "SetGroupRuleInput",
        lambda w: (
            on_team(w) | {"conditions": _CONDITIONS, "fingerprint": fingerprint_of(w.ids["team"], _NOBODY, [], [])}
        ),
    ),
    mutation(
        "endGroupRule",
        "EndGroupRuleInput",
        lambda w: {"groupId": w.id_of("Group", "empty_group"), "keepsMembers": True},
        _ruled,
    ),
    mutation("setGroupRole", "SetGroupRoleInput", lambda w: on_team(w) | on_subject(w) | {"role": "GROUP_ADMIN"}),
]


KEYS = {"Group": "g"}


CROWD = """
insert into user_group (organisation_id, id, created_at, name, archived_at)
    select organisation_id, key('g', place, n), at, 'Group ' || n, case when is_last then at end from number;
-- Group 1 has everybody but member 3; those who left it come last. Every other group has three members.
insert into group_membership (organisation_id, id, created_at, group_id, member_id, left_at)
    select organisation_id, key('s', place, n), at, key('g', place, 1), member, case when is_last then at end
    from number where n <> 3
    union all select organisation_id, key('S', place, n * 4 + k), at, key('g', place, n),
        key('m', place, 1 + (n + k * 7) % (size - 1)), null
    from number cross join generate_series(0, 2) k where n between 2 and size - 1 and place = 0;
insert into group_rule (organisation_id, id, created_at, group_id, swept_at)
    select organisation_id, key('G', place, n), at, key('g', place, n), at from number where n between 2 and 40;
insert into group_rule_value (organisation_id, id, created_at, rule_id, place, attribute, value)
    select organisation_id, key('C', place, n), at, key('G', place, n), 0, 'job_title', 'Title ' || n
    from number where n between 2 and 40;
"""


FILTERS = {
    "Group.memberships(isPresent)": ("isPresent: false",),
    "Query.groups(isArchived)": ("isArchived: true",),
    "Query.groups(namePrefix)": ('namePrefix: "Group 1999"',),
}
