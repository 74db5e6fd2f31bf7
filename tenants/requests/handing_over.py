"""Give the privacy team what an organisation can't decide any more: while it is suspended, and when it ends."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.erasure.remainders import give_to_privacy_team
from wardship.tenants.limitations.limits import Limits
from wardship.tenants.requests.records import RIGHTS, LockedRequest, right_record
from wardship.tenants.requests.routing import escalate
from wardship.tenants.requests.states import RightState

_REMAINDERS: Final = (
    "select e.id as remainder_id, e.member_id, e.position, " + RIGHTS + " join erasure_remainder e"
    " on e.organisation_id = $1 and e.right_id = g.id and e.ended_at is null where g.organisation_id = $1 order by e.id"
)
_HAND_RIGHTS: Final = (
    "update request_right set handler = 'privacy_team' where organisation_id = $1 and id = any($2::uuid[])"
    " returning request_id"
)


async def escalate_undecidable(access: Access, locked: LockedRequest, code: str) -> None:
    """Take from administrators who can't get in what they have not decided; the code says why."""
    if waiting := [right for right in locked.rights if right.state is RightState.WITH_ADMIN]:
        await escalate(access, locked, waiting, code)


async def hand_remainders_to_privacy_team(access: Access) -> None:
    """Let the privacy team decide when what limitations keep is erased, since nobody else is left to."""
    rows = await access.fetch(_HAND_RIGHTS, await give_to_privacy_team(access))
    await access.execute(
        "update data_request set handler = 'privacy_team' where organisation_id = $1 and id = any($2::uuid[])",
        [row["request_id"] for row in rows],
    )


async def kept_limits(access: Access) -> dict[UUID, tuple[UUID, Limits]]:
    """Return what limitations keep in the organisation: by remainder the member, and the limitation by which."""
    found = {}
    for row in await access.fetch(_REMAINDERS):
        right = right_record(row)
        position = row["position"]
        found[row["remainder_id"]] = (row["member_id"], Limits(right.limitations[position : position + 1]))
    return found
