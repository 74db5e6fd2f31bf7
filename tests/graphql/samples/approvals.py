"""Samples of deletions that wait for a second person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.builders import NOW
from tests.graphql.sample import mutation, query
from tests.graphql.world import World


async def populate(world: World) -> None:
    """Deletions that wait, as if the privacy officer had asked for them."""
    asker = world.people["officer"]
    for name, kind, person in (
        ("approval", "remove_member", "subject"),
        ("other_approval", "remove_member", "sleeper"),
        ("refusable_approval", "commit_erasure", "sleeper"),
    ):
        world.ids[name] = await world.insert(
            "approval",
            kind=kind,
            member_id=world.people[person].member_id,
            arguments="{}",
            asked_by=asker.member_id,
            asked_by_account=asker.account_id,
            is_with_privacy_team=False,
            expires_at=NOW + timedelta(days=7),
            state="asked",
        )


def _input(name: str) -> Callable[[World], dict[str, object]]:
    return lambda world: {"approvalId": world.id_of("Approval", name)}


SAMPLES = [
    query(
        "approvals",
        "{ approvals { edges { node { id kind state isWithPrivacyTeam expiresAt"
        " member { displayName } askedBy { displayName } decidedBy { displayName } } } } }",
    ),
    query("heldDeletions", "{ heldDeletions { edges { node { organisation approvalId kind expiresAt } } } }"),
    mutation("approveDeletion", "ApprovalInput", _input("approval")),
    mutation("refuseDeletion", "ApprovalInput", _input("refusable_approval")),
    mutation("withdrawDeletion", "ApprovalInput", _input("other_approval")),
]


KEYS = {"Approval": "P"}


CROWD = """
insert into approval (organisation_id, id, created_at, kind, member_id, arguments, asked_by, asked_by_account,
        is_with_privacy_team, expires_at, state, decided_by, decided_at)
    select organisation_id, key('P', place, n), case when is_last then now_at - n * interval '1 second' else at end,
        'remove_member', member, '{}', other, null, is_last, now_at + interval '6 days',
        case when is_last then 'asked' else 'approved' end, case when not is_last then other end,
        case when not is_last then at end
    from number, fixed;
insert into counted_deletion (organisation_id, id, created_at, member_id)
    select organisation_id, key('P', place, n), at, member from number;
"""


FILTERS = {
    "Query.approvals(isOpenOnly)": ("isOpenOnly: true",),
}
