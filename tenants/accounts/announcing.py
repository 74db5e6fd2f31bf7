"""Tell those who decide of recoveries, and enter them in the organisation's audit."""

from __future__ import annotations

from uuid import UUID

from wardship.core.sign_in.recoveries import Recovery
from wardship.core.sign_in.recovery_states import FAULTS, RecoveryState
from wardship.tenants.access import Access
from wardship.tenants.accounts.notices import RECOVERY_FOR_PRIVACY_TEAM, RECOVERY_OVER, RECOVERY_WANTED
from wardship.tenants.notices import Telling, tell_each, tell_permitted
from wardship.tenants.permissions import Permission


async def announce(access: Access, recovery: Recovery) -> None:
    """Tell of a recovery that was asked for, handed over or has ended, and enter it in the audit."""
    target = ("account_recovery", recovery.id)
    if recovery.ended_at is not None:
        await access.audit("account.recovery_ended", *target, state=recovery.state.value, reason=recovery.reason)
        await _tell_ended(access, recovery)
        return
    if recovery.asked_by == recovery.account_id:
        await access.audit("account.recovery_asked", *target, by="owner")
    if access.actor.is_at_provider:
        kind, owner = RECOVERY_FOR_PRIVACY_TEAM, recovery.account_id
        telling = Telling(kind=kind, is_for_privacy_team=True, but_accounts=[owner], target=target, once="asked")
        await tell_each(access, telling)
    else:
        but = await _members(access, recovery)
        await tell_permitted(access, RECOVERY_WANTED, Permission.MEMBERS_RECOVER, target=target, once="asked", but=but)


async def _tell_ended(access: Access, recovery: Recovery) -> None:
    """Tell all who were told that it is wanted, whether somebody had approved it or not."""
    is_done = recovery.state is RecoveryState.DONE
    outcome = (
        "the account has a new second factor" if is_done else f"{FAULTS[recovery.reason]}, and nothing was changed"
    )
    telling = Telling(
        kind=RECOVERY_OVER,
        holders=None if access.actor.is_at_provider else Permission.MEMBERS_RECOVER,
        is_for_privacy_team=access.actor.is_at_provider,
        target=("account_recovery", recovery.id),
        once="ended",
        values={"outcome": outcome},
    )
    await tell_each(access, telling)


async def announce_handed_over(access: Access, recovery: Recovery) -> None:
    """Tell those who decided in the organisation that the provider's privacy team decides now."""
    outcome = "the provider's privacy team decides now"
    target = ("account_recovery", recovery.id)
    await tell_permitted(
        access, RECOVERY_OVER, Permission.MEMBERS_RECOVER, target=target, once="handed_over", outcome=outcome
    )


async def _members(access: Access, recovery: Recovery) -> list[UUID]:
    """Return the memberships of whom it is about and who has approved."""
    rows = await access.fetch(
        "select id from member where organisation_id = $1 and account_id = any($2::uuid[])",
        [recovery.account_id, recovery.first_approver_id],
    )
    return [row["id"] for row in rows]
