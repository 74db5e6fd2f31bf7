"""Samples of organisations, members, groups, invitations, content and the audit log."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from tests.builders import NOW, access_for
from tests.graphql.calls import gid
from tests.graphql.crowd import key
from tests.graphql.sample import mutation, query
from tests.graphql.world import World
from wardship.core.audit.log import AuditEvent
from wardship.tenants.data_access.record import record_access


async def populate(world: World) -> None:
    """A post with a mention and a file, an invitation, a record of access, an entry of the audit log."""
    tag = world.organisation.name.split()[0]
    author, subject = world.people["member"].member_id, world.people["subject"].member_id
    team = world.ids["team"]
    body = f"{tag} wrote to <@{subject}>"
    world.ids["post"] = post = await world.insert("post", group_id=team, author_id=author, body=body)
    await world.insert("mention", post_id=post, member_id=subject)
    world.ids["file"] = await world.insert(
        "file_reference",
        group_id=team,
        uploader_id=author,
        post_id=post,
        name=f"{tag}.pdf",
        media_type="application/pdf",
        size_bytes=1,
        url=f"https://{tag.lower()}.example.org/file",
    )
    world.ids["invitation"] = await world.insert(
        "invitation",
        email=f"invited@{tag.lower()}.example.org",
        roles=["auditor"],
        token_hash=hashlib.sha256(tag.encode()).digest(),
        invited_by=world.people["owner"].member_id,
        expires_at=NOW + timedelta(days=7),
    )
    async with access_for(world.services, world.people["owner"]) as access:
        record_access(access, {subject: {"user.name"}})
        await access.audit(AuditEvent("member.added", "member", subject))


def _transfer(to: str):
    @asynccontextmanager
    async def around(world: World) -> AsyncIterator[None]:
        world.ids["transfer"] = await world.insert(
            "ownership_transfer",
            from_member_id=world.people["owner"].member_id,
            to_member_id=world.people[to].member_id,
            expires_at=NOW + timedelta(days=7),
            state="offered",
        )
        yield
        await world.owner.execute("delete from ownership_transfer where id = $1", world.ids["transfer"])

    return around


def _member(world: World) -> dict[str, str]:
    return {"memberId": world.id_of("Member", "subject")}


def _team(world: World) -> dict[str, str]:
    return {"groupId": world.id_of("Group", "team")}


def _transfer_id(world: World) -> dict[str, str]:
    return {"transferId": gid("OwnershipTransfer", world.ids["transfer"])}


def _invite(world: World) -> dict[str, object]:
    group = world.id_of("Group", "empty_group")
    return {"email": "new@elsewhere.example.org", "roles": ["AUDITOR"], "groupId": group}


def _file(world: World) -> dict[str, object]:
    return {
        **_team(world),
        "postId": world.id_of("Post", "post"),
        "name": "a.pdf",
        "mediaType": "application/pdf",
        "sizeBytes": 1,
        "url": "https://example.org/a.pdf",
    }


MEMBER_FIELDS = """id displayName email phone jobTitle state roles { role grantedBy { displayName } }
    groups(first: 3) { edges { node { name } } } memberships(first: 3) { edges { node { role group { name } } } }"""
GROUP_FIELDS = f"""id name description members(first: 5) {{ edges {{ node {{ {MEMBER_FIELDS} }} }} }}
    memberships(first: 5) {{ edges {{ node {{ role member {{ displayName }} }} }} }}
    posts(first: 5) {{ edges {{ node {{ id text source author {{ displayName }} mentions {{ displayName }}
        files {{ name url uploader {{ displayName }} }} }} }} }}
    files {{ edges {{ node {{ name url }} }} }}"""

SAMPLES = [
    query("node", "query($id: ID!) { node(id: $id) { id } }", lambda w: {"id": w.id_of("Member", "subject")}),
    query(
        "viewer",
        """{ viewer { permissions isPrivacyTeam member { displayName email } organisation { id name slug
            ownershipTransfer { id fromMember { displayName } toMember { displayName } } } } }""",
    ),
    query("organisation", "{ organisation { id name slug settings { grievanceContact forbiddenCountries } } }"),
    query("members", f"{{ members {{ totalCount edges {{ node {{ {MEMBER_FIELDS} }} }} }} }}"),
    query(
        "member",
        f"query($id: ID!) {{ member(id: $id) {{ {MEMBER_FIELDS} }} }}",
        lambda w: {"id": w.id_of("Member", "subject")},
    ),
    query("groups", f"{{ groups(first: 3) {{ edges {{ node {{ {GROUP_FIELDS} }} }} }} }}"),
    query(
        "group",
        f"query($id: ID!) {{ group(id: $id) {{ {GROUP_FIELDS} }} }}",
        lambda w: {"id": w.id_of("Group", "team")},
    ),
    query(
        "invitations",
        "{ invitations { edges { node { id email roles state group { name } invitedBy { displayName } } } } }",
    ),
    query("auditLog", "{ auditLog { edges { node { sequence action targetId details actor { displayName } } } } }"),
    mutation("renameOrganisation", "RenameOrganisationInput", lambda _: {"name": "Renamed"}),
    mutation("updateOrganisationSettings", "UpdateOrganisationSettingsInput", lambda _: {"membersMayInstall": True}),
    mutation("offerOwnership", "OfferOwnershipInput", _member),
    mutation("acceptOwnership", "OwnershipOfferInput", _transfer_id, _transfer("admin")),
    mutation("declineOwnership", "OwnershipOfferInput", _transfer_id, _transfer("admin")),
    mutation("cancelOwnershipOffer", "OwnershipOfferInput", _transfer_id, _transfer("admin")),
    mutation("updateMyProfile", "UpdateMyProfileInput", lambda _: {"profile": {"jobTitle": "Cook"}}),
    mutation("updateMember", "UpdateMemberInput", lambda w: _member(w) | {"profile": {"jobTitle": "Cook"}}),
    mutation("importMembers", "ImportMembersInput", lambda _: {"rows": [{"email": "new@elsewhere.example.org"}]}),
    mutation("assignRole", "MemberRoleInput", lambda w: _member(w) | {"role": "AUDITOR"}),
    mutation("withdrawRole", "MemberRoleInput", lambda w: _member(w) | {"role": "TECHNICAL_CONTACT"}),
    mutation("deactivateMember", "MemberInput", _member),
    mutation("reactivateMember", "MemberInput", lambda w: {"memberId": w.id_of("Member", "sleeper")}),
    mutation("removeMember", "MemberInput", _member),
    mutation("createGroup", "CreateGroupInput", lambda _: {"name": "Another"}),
    mutation("describeGroup", "DescribeGroupInput", lambda w: _team(w) | {"name": "Renamed"}),
    mutation("archiveGroup", "GroupInput", _team),
    mutation(
        "setContactVisibility", "SetContactVisibilityInput", lambda w: _team(w) | {"visibility": "CONTACT_DETAILS"}
    ),
    mutation(
        "addGroupMember",
        "GroupMemberRoleInput",
        lambda w: {"groupId": w.id_of("Group", "empty_group"), "memberId": w.id_of("Member", "subject")},
    ),
    mutation("removeGroupMember", "GroupMemberInput", lambda w: _team(w) | _member(w)),
    mutation("setGroupRole", "GroupMemberRoleInput", lambda w: _team(w) | _member(w) | {"role": "GROUP_ADMIN"}),
    mutation("inviteMember", "InviteMemberInput", _invite),
    mutation(
        "revokeInvitation", "RevokeInvitationInput", lambda w: {"invitationId": w.id_of("Invitation", "invitation")}
    ),
    mutation("createPost", "CreatePostInput", lambda w: _team(w) | {"source": "Hello"}),
    mutation("editPost", "EditPostInput", lambda w: {"postId": w.id_of("Post", "post"), "source": "Changed"}),
    mutation("deletePost", "DeletePostInput", lambda w: {"postId": w.id_of("Post", "post")}),
    mutation("shareFile", "ShareFileInput", _file),
]

KEYS = {"AuditEntry": "e", "Group": "g", "Invitation": "v", "Member": "m", "Organisation": "O", "Post": "p"}

CROWD = """
insert into organisation (id, created_at, slug, name)
    select distinct organisation_id, now(), 'place-' || place, 'Place' from number;
insert into member (organisation_id, id, created_at, state, display_name, first_name, email, pseudonym, joined_at)
    select organisation_id, member, at, case when is_last then 'removed' else 'active' end, 'Member ' || n, 'First',
        n || '@example.org', 'Pseudonym of ' || n, at from number;
insert into role_assignment (organisation_id, id, created_at, member_id, role, granted_by)
    select organisation_id, key('a', place, n), at, member, 'member', other from number
    union all select organisation_id, key('A', place, n), at, member, 'auditor', other from number where is_last
    union all select organisation_id, key('A', place, n), at, member, 'org_owner', other from number where n = 1;
insert into user_group (organisation_id, id, created_at, name, archived_at)
    select organisation_id, key('g', place, n), at, 'Group ' || n, case when is_last then at end from number;
-- Group 1 has everybody but member 3; those who left it come last. Every other group has three members.
insert into group_membership (organisation_id, id, created_at, group_id, member_id, left_at)
    select organisation_id, key('s', place, n), at, key('g', place, 1), member, case when is_last then at end
    from number where n <> 3
    union all select organisation_id, key('S', place, n * 4 + k), at, key('g', place, n),
        key('m', place, 1 + (n + k * 7) % (size - 1)), null
    from number cross join generate_series(0, 2) k where n between 2 and size - 1 and place = 0;
insert into invitation (organisation_id, id, created_at, email, roles, token_hash, invited_by, group_id, expires_at,
        accepted_at)
    select organisation_id, key('v', place, n), case when is_last then now_at - n * interval '1 second' else at end,
        n || '@elsewhere.example.org', '{auditor}', sha256((place || ' ' || n)::bytea), other, key('g', place, 2 + n
        % 50),
        now_at + interval '6 days', case when not is_last then at end
    from number, fixed;
insert into post (organisation_id, id, created_at, group_id, author_id, body)
    select organisation_id, key('p', place, n), at, in_group, asker, 'Hello <@' || other || '>' from number;
insert into mention (organisation_id, id, created_at, post_id, member_id)
    select organisation_id, key('x', place, n), at, key('p', place, n), key('m', place, 1 + n % 500) from number;
insert into file_reference (organisation_id, id, created_at, group_id, uploader_id, post_id, name, media_type,
        size_bytes,
        url)
    select organisation_id, key('f', place, n), at, in_group, member, key('p', place, n), 'a.pdf', 'application/pdf', 1,
        'https://example.org/' || n from number;
insert into audit_entry (organisation_id, id, created_at, sequence, entry, hash, actor_id, action, target_kind,
        target_id)
    select organisation_id, key('e', place, n), at, n, json_build_object('id', key('e', place, n), 'at', at, 'actor',
        json_build_object('kind', 'member', 'account', null, 'member', other), 'action', 'x.done', 'target',
        json_build_object('kind', 'member', 'id', subject), 'purpose', '', 'outcome', 'done', 'request', 'r', 'details',
        json_build_object())::text, '', other, 'x.done', 'member', subject from number;
insert into data_access (organisation_id, id, created_at, actor_id, actor_kind, categories)
    select organisation_id, key('d', place, n), at, other, 'member', '{user.name}' from number;
insert into data_access_person (organisation_id, member_id, id)
    select organisation_id, subject, key('d', place, n) from number;
insert into ownership_transfer (organisation_id, id, created_at, from_member_id, to_member_id, expires_at, state)
    select organisation_id, key('u', place, n), at, key('m', place, 1), other, '2099-01-01T00:00:00Z',
        case when n = 1 then 'offered' else 'declined' end from number;
"""

_EVERYBODY, _THREE = gid("Group", key("g", 1)), gid("Group", key("g", 19_000))
FILTERS = {
    "Group.memberships(isPresent)": ("isPresent: false",),
    "Query.groups(isArchived)": ("isArchived: true",),
    "Query.groups(namePrefix)": ('namePrefix: "Group 1999"',),
    "Query.invitations(isOpenOnly)": ("isOpenOnly: true",),
    "Query.members(orderBy: CREATED)": ("orderBy: CREATED",),
    "Query.members(orderBy: NAME)": ("orderBy: NAME",),
    "Query.members(where.groupId)": (
        f'where: {{ groupId: "{_THREE}" }}',
        f'where: {{ groupId: "{_THREE}" }}, orderBy: NAME',
        f'where: {{ groupId: "{_EVERYBODY}" }}',
    ),
    "Query.members(where.namePrefix)": ('where: { namePrefix: "Member 1998" }', 'where: { namePrefix: "M" }'),
    "Query.members(where.role)": ("where: { role: AUDITOR }", "where: { role: MEMBER }"),
    "Query.members(where.states)": (
        "where: { states: [REMOVED] }",
        "where: { states: [ACTIVE, REMOVED] }, orderBy: NAME",
    ),
    "Viewer.content(text)": ('text: "hello"',),
}
