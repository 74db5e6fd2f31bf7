"""Samples of organisations, members, groups, invitations, content and the audit log."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from tests.builders import NOW, access_for
from tests.graphql.calls import gid
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
