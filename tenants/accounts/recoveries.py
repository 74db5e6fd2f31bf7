"""Decide on recoveries of accounts: two people, each with the second factor shown, at least one above the person.

In an organisation its administrators decide, on accounts that belong to no other; at the provider the privacy team
does. Neither sees a secret: what comes of it is a link that is mailed to the person.
"""

from __future__ import annotations

from uuid import UUID

from wardship.core.errors import ConflictError, InvalidInputError, PermissionDeniedError
from wardship.core.sign_in.recoveries import (
    Recovery,
    approve,
    end_recovery,
    hand_over,
    insert_recovery,
    lock_recovery,
    recovery_fault,
)
from wardship.core.sign_in.recovery_states import RecoveryState
from wardship.tenants.access import Access
from wardship.tenants.accounts.announcing import announce_handed_over
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.accounts.own import own_call, require_own_account
from wardship.tenants.accounts.recovery_records import (
    RecoveryRecord,
    recovery_by_id,
    recovery_not_found,
    recovery_permission,
)
from wardship.tenants.members.ranks import NotBelowYouError, YourselfError, own_rank, rank, roles_held
from wardship.tenants.members.read import member_by_id
from wardship.tenants.permissions import Permission


class RecoveryNotHereError(PermissionDeniedError):
    """The organisation can't recover this account: its owner asks at /auth/lost-factor, the privacy team decides."""

    code = "RECOVERY_NOT_HERE"


class RecoveryNotOpenError(ConflictError):
    """The recovery waits for no approval: it was approved, or has ended."""

    code = "RECOVERY_NOT_OPEN"


class SecondPersonRequiredError(PermissionDeniedError):
    """You have approved this: another person has to."""

    code = "SECOND_PERSON_REQUIRED"


async def begin_recovery(access: Access, member_id: UUID) -> RecoveryRecord:
    """Ask for the recovery of a member's account, which is the first approval.

    Raises:
        YourselfError: it is the caller's.
        NotBelowYouError: the member ranks above the caller.
        RecoveryNotHereError: the account belongs to another organisation too, or to nobody's, is one of the provider's
            staff, or there are no two who may decide.
        RecoveryOpenError: one is under way.
    """
    access.require(Permission.MEMBERS_RECOVER)
    access.require_step_up()
    decider_id = require_own_account(access)
    member = await member_by_id(access, member_id)
    if member.id == access.actor.member_id:
        raise YourselfError("Another administrator has to ask for this.", path=("member_id",))
    if rank(await roles_held(access, member_id)) > own_rank(access):
        raise NotBelowYouError("This member ranks above you: ask the provider's privacy team.", path=("member_id",))
    account_id = await access.fetchval(
        "select account_id from member where organisation_id = $1 and id = $2", member_id
    )
    place = await access.transaction.fetchval("select recovery_place($1)", account_id)
    if account_id is None or place != access.organisation_id:
        raise _not_here()
    async with in_directory(access):
        recovery = await insert_recovery(
            access.transaction, own_call(access), account_id, access.organisation_id, decider_id
        )
    await access.audit("account.recovery_asked", "account_recovery", recovery.id, member=str(member_id), by="admin")
    return await recovery_by_id(access, recovery.id)


async def approve_recovery(access: Access, recovery_id: UUID, *, replaces_password: bool = False) -> RecoveryRecord:
    """Approve a recovery; the second approval begins the time in which its owner can call it off.

    Args:
        access: who decides.
        recovery_id: which.
        replaces_password: whether the password is lost too: for the privacy team alone, and only if both say so.

    Raises:
        NotFoundError: absent, or not the caller's to decide on.
        RecoveryNotOpenError: it waits for no approval.
        YourselfError: it is of the caller's own account.
        SecondPersonRequiredError: the caller has approved it.
        NotBelowYouError: the person ranks above the caller, or as high as both who approve.
    """
    decider_id = _decider(access)
    if replaces_password and not access.actor.is_at_provider:
        raise InvalidInputError("Only the privacy team can let a password be replaced.", path=("replaces_password",))
    async with in_directory(access):
        recovery = await _locked(access, recovery_id)
        if recovery.state is not RecoveryState.ASKED:
            raise RecoveryNotOpenError("This recovery was approved already.", path=("recovery_id",))
        if recovery.account_id == decider_id:
            raise YourselfError("Nobody approves the recovery of the own account.", path=("recovery_id",))
        if recovery.first_approver_id == decider_id:
            raise SecondPersonRequiredError("You have approved this: another person has to.", path=("recovery_id",))
        call = own_call(access)
        if fault := await recovery_fault(access.transaction, recovery):
            await _stop(access, recovery, fault)
        else:
            approved = await approve(
                access.transaction, call, recovery, decider_id, replaces_password=replaces_password
            )
            if await recovery_fault(access.transaction, approved):
                raise NotBelowYouError(
                    "One of the two who approve has to rank above the person.", path=("recovery_id",)
                )
            await access.audit("account.recovery_approved", "account_recovery", recovery_id, state=approved.state.value)
    return await recovery_by_id(access, recovery_id)


async def decline_recovery(access: Access, recovery_id: UUID) -> RecoveryRecord:
    """End a recovery that is under way, approved or not; its owner is told.

    Raises:
        NotFoundError: absent, ended, or not the caller's to decide on.
    """
    _decider(access)
    async with in_directory(access):
        recovery = await _locked(access, recovery_id)
        await end_recovery(access.transaction, own_call(access), recovery, RecoveryState.DECLINED, "declined")
    await access.audit("account.recovery_declined", "account_recovery", recovery_id)
    return await recovery_by_id(access, recovery_id)


async def cancel_own_recovery(access: Access, recovery_id: UUID) -> None:
    """Call off the recovery of the caller's own account.

    Raises:
        SessionRequiredError: the caller showed a token.
        NotFoundError: it is another's, or has ended.
    """
    account_id = require_own_account(access)
    async with in_directory(access):
        recovery = await lock_recovery(access.transaction, recovery_id)
        if recovery is None or recovery.account_id != account_id:
            raise recovery_not_found()
        await end_recovery(access.transaction, own_call(access), recovery, RecoveryState.CANCELLED, "by_owner")


async def _stop(access: Access, recovery: Recovery, fault: str) -> None:
    """Hand a recovery that may not go on here to the privacy team where its owner asked; else end it."""
    if fault == "belongs_elsewhere" and recovery.asked_by == recovery.account_id:
        await hand_over(access.transaction, own_call(access), recovery)
        await announce_handed_over(access, recovery)
    else:
        await end_recovery(access.transaction, own_call(access), recovery, RecoveryState.REFUSED, fault)


def _decider(access: Access) -> UUID:
    access.require(recovery_permission(access))
    access.require_step_up()
    return require_own_account(access)


async def _locked(access: Access, recovery_id: UUID) -> Recovery:
    recovery = await lock_recovery(access.transaction, recovery_id)
    if recovery is None or recovery.organisation_id != access.organisation_id:
        raise recovery_not_found()
    return recovery


def _not_here() -> RecoveryNotHereError:
    return RecoveryNotHereError(
        "This organisation can't recover this account. Its owner asks at /auth/lost-factor: the provider's privacy team"
        " decides.",
        path=("member_id",),
    )
