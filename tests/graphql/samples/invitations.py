"""Samples of invitations."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from tests.builders import NOW
from tests.graphql.sample import mutation, query
from tests.graphql.world import World


async def populate(world: World) -> None:
    """An invitation."""
    tag = world.organisation.name.split()[0]
    world.ids["invitation"] = await world.insert(
        "invitation",
        email=f"invited@{tag.lower()}.example.org",
        roles=["auditor"],
        token_hash=hashlib.sha256(tag.encode()).digest(),
        invited_by=world.people["owner"].member_id,
        expires_at=NOW + timedelta(days=7),
    )


def _invite(world: World) -> dict[str, object]:
    group = world.id_of("Group", "empty_group")
    return {"email": "new@elsewhere.example.org", "roles": ["AUDITOR"], "groupId": group}


@asynccontextmanager
async def _without_account(world: World) -> AsyncIterator[None]:
    member_id, account_id = world.people["subject"].member_id, world.people["subject"].account_id
    await world.owner.execute("update member set account_id = null where id = $1", member_id)
    yield
    await world.owner.execute("update member set account_id = $2 where id = $1", member_id, account_id)


SAMPLES = [
    mutation(
        "correctMemberEmail",
        "CorrectMemberEmailInput",
        lambda world: {"memberId": world.id_of("Member", "subject"), "email": "right@elsewhere.example.org"},
        _without_account,
    ),
    query(
        "invitations",
        "{ invitations { edges { node { id email roles state group { name } invitedBy { displayName } } } } }",
    ),
    mutation("inviteMember", "InviteMemberInput", _invite),
    mutation(
        "revokeInvitation", "RevokeInvitationInput", lambda w: {"invitationId": w.id_of("Invitation", "invitation")}
    ),
]


KEYS = {"Invitation": "v"}


CROWD = """
insert into invitation (organisation_id, id, created_at, email, roles, token_hash, invited_by, group_id, expires_at,
        accepted_at)
    select organisation_id, key('v', place, n), case when is_last then now_at - n * interval '1 second' else at end,
        n || '@elsewhere.example.org', '{auditor}', sha256((place || ' ' || n)::bytea), other, key('g', place, 2 + n
        % 50),
        now_at + interval '6 days', case when not is_last then at end
    from number, fixed;
"""


FILTERS = {
    "Query.invitations(isOpenOnly)": ("isOpenOnly: true",),
}
