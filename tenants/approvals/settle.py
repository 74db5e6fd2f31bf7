"""The end of a wait: somebody decided, the one who asked took it back, or the time is over."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from wardship.core.actor import system_actor
from wardship.core.errors import ConflictError
from wardship.tenants.access import Access, Services
from wardship.tenants.approvals.limit import COUNTED_FOR
from wardship.tenants.approvals.notices import DELETION_DECIDED
from wardship.tenants.approvals.records import COLUMNS, SELECT, TRANSITIONS, ApprovalRecord, ApprovalState
from wardship.tenants.notices import Telling, tell_each

MOST: Final = 200
_UPDATE: Final = (
    "update approval set state = $3, decided_by = $4, decided_at = $5 where organisation_id = $1 and id = $2"
    " and state = 'asked' returning "
)
_SETTLE: Final = _UPDATE + COLUMNS
_OPEN: Final = SELECT + " where organisation_id = $1 and state = 'asked' for update"
_DUE: Final = SELECT + " where organisation_id = $1 and state = 'asked' and expires_at <= $2 for update skip locked"
_WANTED: Final = (
    SELECT + " where organisation_id = $1 and member_id = $2 and kind = 'remove_member' and state = 'asked'"
    " and arguments ->> 'directory' = 'directory' for update"
)


class ApprovalEndedError(ConflictError):
    """The deletion was approved, refused or taken back already, or its time is over: ask for it again if wanted."""

    code = "APPROVAL_ENDED"


async def settle(access: Access, approval: ApprovalRecord, state: ApprovalState) -> ApprovalRecord:
    """Bring an approval to its end, and return it; for acts that have checked who may.

    Raises:
        ApprovalEndedError: it has come to an end meanwhile.
    """
    if state not in TRANSITIONS[approval.state]:
        raise ApprovalEndedError(f"This deletion is {approval.state.value} already.", path=("approval_id",))
    settled = await access.fetchrow_as(
        ApprovalRecord, _SETTLE, approval.id, state.value, access.actor.member_id, access.now
    )
    if settled is None:
        raise ApprovalEndedError("Somebody else decided this at the same moment.", path=("approval_id",))
    action, kind, member = f"deletion.{state.value}", approval.kind.value, str(approval.member_id)
    await access.audit(action, "approval", approval.id, kind=kind, member=member)
    if state is not ApprovalState.WITHDRAWN:
        telling = Telling(
            kind=DELETION_DECIDED,
            members=[approval.asked_by],
            is_for_privacy_team=approval.asked_by is None and not approval.is_of_directory,
            target=("approval", approval.id),
            values={"outcome": state.value, "asked_at": approval.created_at},
        )
        await tell_each(access, telling)
    return settled


async def expire_every_approval(access: Access) -> None:
    """End everything that waits for a second person, because those who decide it end with their roles."""
    for approval in await access.fetch_as(ApprovalRecord, _OPEN):
        await settle(access, approval, ApprovalState.EXPIRED)


async def withdraw_for_directory(access: Access, member_id: UUID) -> None:
    """Take back the end of a membership that the organisation's directory wanted, and wants no more."""
    for approval in await access.fetch_as(ApprovalRecord, _WANTED, member_id):
        await settle(access, approval, ApprovalState.WITHDRAWN)


async def expire_approvals(services: Services) -> int:
    """End what nobody decided in time, and forget counts of more than a day ago; return how many expired: a sweep."""
    now = services.clock.now()
    async with services.database.directory(read_only=True) as transaction:
        places = await transaction.fetch("select * from approvals_due($1, $2, $3)", now, now - COUNTED_FOR, MOST)
    ended = 0
    for place in places:
        organisation_id = place["organisation_id"]
        async with services.database.tenant(organisation_id, directory=True) as transaction:
            access = Access(system_actor(organisation_id), transaction, services, "approvals")
            for approval in await access.fetch_as(ApprovalRecord, _DUE, now):
                await settle(access, approval, ApprovalState.EXPIRED)
                ended += 1
            await access.execute(
                "delete from counted_deletion where organisation_id = $1 and created_at <= $2", now - COUNTED_FOR
            )
    return ended
