"""What a second person does with a deletion that waits: approve it, so that exactly that is done, or refuse it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wardship.core.errors import PermissionDeniedError
from wardship.tenants.access import Access
from wardship.tenants.approvals.read import approval_by_id
from wardship.tenants.approvals.records import ApprovalKind, ApprovalRecord, ApprovalState
from wardship.tenants.approvals.settle import ApprovalEndedError, settle
from wardship.tenants.members.membership import remove_approved
from wardship.tenants.members.ranks import membership_of, own_membership, require_below
from wardship.tenants.permissions import Permission
from wardship.tenants.requests.erasures import commit_approved


class OwnDeletionError(PermissionDeniedError):
    """Nobody approves a deletion that he or she asked for, or that concerns him or her: somebody else does."""

    code = "OWN_DELETION"


async def approve_deletion(access: Access, approval_id: UUID) -> ApprovalRecord:
    """Approve a deletion that waits, and do it: exactly what was held, as if it were asked for now.

    Raises:
        NotFoundError: absent, or not the caller's to see.
        OwnDeletionError: the caller asked for it, or it concerns the caller.
        NotBelowYouError: the member ranks as high as the caller.
        StepUpRequiredError: the second factor was not shown a moment ago.
        ApprovalEndedError: it does not wait any more.
        WardshipError: as of the deletion itself, such as that the preview of an erasure is stale: then it waits on.
    """
    approval = await _waiting(access, approval_id)
    settled = await settle(access, approval, ApprovalState.APPROVED)
    await _CARRY_OUT[approval.kind](access, approval)
    return settled


async def refuse_deletion(access: Access, approval_id: UUID) -> ApprovalRecord:
    """Refuse a deletion that waits: nothing is done.

    Raises:
        NotFoundError, OwnDeletionError, NotBelowYouError, StepUpRequiredError, ApprovalEndedError: as above.
    """
    return await settle(access, await _waiting(access, approval_id), ApprovalState.REFUSED)


async def withdraw_deletion(access: Access, approval_id: UUID) -> ApprovalRecord:
    """Take back a deletion that one asked for and that waits.

    Raises:
        NotFoundError: absent, or not the caller's to see.
        OwnDeletionError: somebody else asked for it.
        ApprovalEndedError: it does not wait any more.
    """
    approval = await approval_by_id(access, approval_id, lock="for update")
    access.require_scope("write")
    if approval.asked_by_account != access.actor.account_id:
        raise OwnDeletionError("Somebody else asked for this deletion: approve or refuse it.", path=("approval_id",))
    return await settle(access, approval, ApprovalState.WITHDRAWN)


async def _waiting(access: Access, approval_id: UUID) -> ApprovalRecord:
    approval = await approval_by_id(access, approval_id, lock="for update")
    access.require(Permission.DELETIONS_APPROVE)
    access.require_step_up()
    actor = access.actor
    is_asker = actor.account_id == approval.asked_by_account
    if is_asker or await own_membership(access) in {approval.asked_by, approval.member_id} - {None}:
        raise OwnDeletionError("Somebody else has to decide this deletion.", path=("approval_id",))
    if actor.member_id is not None and approval.kind is ApprovalKind.REMOVE_MEMBER:
        await require_below(access, approval.member_id)
    if approval.state is ApprovalState.ASKED and approval.expires_at <= access.now:
        raise ApprovalEndedError("The time for this deletion is over: ask for it again.", path=("approval_id",))
    return approval


async def _remove(access: Access, approval: ApprovalRecord) -> None:
    await remove_approved(access, approval.member_id)


async def _commit(access: Access, approval: ApprovalRecord) -> None:
    asker, account_id = approval.asked_by, approval.asked_by_account
    if asker is None and account_id is not None:
        asker = await membership_of(access, account_id) or account_id
    await commit_approved(access, approval.arguments, asked_by=asker)


_CARRY_OUT: Final[Mapping[ApprovalKind, Callable[[Access, ApprovalRecord], Awaitable[None]]]] = MappingProxyType(
    {ApprovalKind.REMOVE_MEMBER: _remove, ApprovalKind.COMMIT_ERASURE: _commit}
)
