"""End obligations without a call: nothing is to do, nothing may be done any more, or it could not even be prepared."""

from __future__ import annotations

from wardship.tenants.access import Access
from wardship.tenants.egress.gate import DeliveryState, settle_delivery
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.deadlines import wait_before_retry
from wardship.tenants.obligations.leases import Batch, Lease, close_lease, read_leases
from wardship.tenants.obligations.settle import given_up, own_words, tell_end
from wardship.tenants.obligations.states import Decision, ObligationState
from wardship.tenants.obligations.unsettled import note_lost_attempts
from wardship.tenants.tasks.tasks import open_task

_S = ObligationState


async def end_uncalled(access: Access, lease: Lease, state: ObligationState, code: str) -> bool:
    """End an obligation without a call: there is nothing to do, or nothing may be done any more.

    Returns:
        whether an earlier attempt may have arrived, whose worker died before it could tell.
    """
    await close_lease(access, lease, Decision(state, code))
    return await settle_delivery(access, lease.id, lease.attempt, DeliveryState.UNKNOWN)


async def hand_over_uncalled(access: Access, installation: InstallationRecord, lease: Lease, code: str) -> None:
    """Give an obligation to people without a call."""
    await end_uncalled(access, lease, _S.MANUAL, code)
    await open_task(access, lease.id, own_words(installation, lease))
    await tell_end(access, installation, lease, Decision(_S.MANUAL, code))


async def set_back(access: Access, batch: Batch) -> None:
    """Count a failure for each lease of a batch that could not be worked on: a fault of ours must not last for ever."""
    leases = await read_leases(access, batch)
    if lost := [lease for lease in leases if lease.was_lost]:
        await note_lost_attempts(access, lost)
    for lease in leases:
        if access.now < lease.give_up_at:
            again = access.now + wait_before_retry(lease.id, lease.failures + 1)
            decision = Decision(_S.PENDING, "internal", again, is_failure=True, status="failed")
            await close_lease(access, lease, decision)
            continue
        decision = given_up(lease.verb, "internal")
        await end_uncalled(access, lease, decision.state, decision.code)
        if decision.state is _S.MANUAL:
            await open_task(
                access, lease.id, f"Wardship failed to {lease.verb}: see its log, then do this at the vendor."
            )
