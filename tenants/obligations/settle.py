"""Settle a call: leave its obligation in a state, and do what follows, in one transaction."""

from __future__ import annotations

from wardship.core.audit.log import AuditEvent
from wardship.plugins.api import Attestation, AttestationLevel, Verb
from wardship.plugins.host import Fault, Reply
from wardship.tenants.access import Access
from wardship.tenants.egress.gate import DeliveryState, settle_delivery
from wardship.tenants.egress.locks import lock_installation
from wardship.tenants.installations.records import InstallationRecord, InstallationState
from wardship.tenants.installations.states import degrade, recover, transition_installation
from wardship.tenants.obligations.deadlines import wait_before_retry
from wardship.tenants.obligations.decisions import (
    NEEDS_ADMINISTRATOR,
    NOT_SENT,
    decide,
    given_up,
    stored_attestation,
    stored_outcome,
)
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.follow_up import FOLLOW_UPS, FollowUps, note_link
from wardship.tenants.obligations.leases import Batch, Lease, PreparedCall, close_lease, read_leases
from wardship.tenants.obligations.states import Decision, ObligationState, hand_over, park, uncalled_outcome
from wardship.tenants.tasks.tasks import open_task, words_for

_S = ObligationState
_IS = InstallationState
_UNREMARKABLE = frozenset({Verb.SHARE, Verb.CHECK, Verb.RECONCILE})
"""Their ends are told by the ledger and by the installation's state."""

_ILL = frozenset(
    {
        Fault.UNAVAILABLE,
        Fault.TIMEOUT,
        Fault.CRASH,
        Fault.INVALID_RESPONSE,
        Fault.STUCK,
        Fault.UNAUTHORISED,
        Fault.BAD_SETTINGS,
    }
)


async def settle(access: Access, call: PreparedCall, reply: Reply, others: FollowUps | None = None) -> bool:
    """Settle one call; False, and nothing is changed, when another worker has taken the obligation over.

    Args:
        access: the system's own.
        call: the call that was made.
        reply: how it ended.
        others: what nouns above do when the obligation is completed.
    """
    decision = decide(call.lease, reply, access.now)
    attestation = stored_attestation(reply.value) if isinstance(reply.value, Attestation) else None
    if not await close_lease(access, call.lease, decision, stored_outcome(reply, decision.code), attestation):
        return False
    if call.is_delivery:
        await settle_delivery(access, call.lease.id, call.lease.attempt, _arrival(reply))
    await _consequences(access, call, reply, decision, others or {})
    await _tell(access, call.installation, call.lease, decision)
    await _note_health(access, call.installation, reply)
    await finish_ending(access, call.installation)
    return True


async def end_uncalled(access: Access, lease: Lease, state: ObligationState, code: str) -> None:
    """End an obligation without a call: there is nothing to do, or nothing may be done any more."""
    await close_lease(access, lease, Decision(state, code), uncalled_outcome(state.value, code))
    # An earlier attempt may have arrived before the worker that made it died.
    await settle_delivery(access, lease.id, lease.attempt, DeliveryState.UNKNOWN)


async def hand_over_uncalled(access: Access, installation: InstallationRecord, lease: Lease, code: str) -> None:
    """Give an obligation to people without a call."""
    await end_uncalled(access, lease, _S.MANUAL, code)
    await open_task(access, lease.id, words_for(installation, lease.verb))
    await _tell(access, installation, lease, Decision(_S.MANUAL, code))


async def set_back(access: Access, batch: Batch) -> None:
    """Count a failure for each lease of a batch that could not be worked on: a fault of ours must not last for ever."""
    for lease in await read_leases(access, batch):
        if access.now < lease.give_up_at:
            again = access.now + wait_before_retry(lease.id, lease.failures + 1)
            decision = Decision(_S.PENDING, "internal", again, is_failure=True)
            await close_lease(access, lease, decision, uncalled_outcome("failed", "internal"))
            continue
        decision = given_up(lease.verb, "internal")
        await end_uncalled(access, lease, decision.state, decision.code)
        if decision.state is _S.MANUAL:
            await open_task(
                access, lease.id, f"Wardship failed to {lease.verb}: see its log, then do this at the vendor."
            )


async def _consequences(
    access: Access, call: PreparedCall, reply: Reply, decision: Decision, others: FollowUps
) -> None:
    match decision.state:
        case _S.COMPLETED:
            for following in (FOLLOW_UPS, others):
                if follow_up := following.get(call.lease.verb):
                    await follow_up(access, call, reply)
        case _S.MANUAL:
            if decision.code == "manual_step_left":
                await note_link(access, call.installation, call.lease)
            await open_task(access, call.lease.id, _words(call, reply))
        case _S.FAILED:
            await _note_failed_delivery(access, call.installation, decision.code)
        case _:
            pass


def _words(call: PreparedCall, reply: Reply) -> str:
    left = " ".join(step.instructions for step in reply.manual_steps if step.instructions)
    return left or words_for(call.installation, call.lease.verb)


def _arrival(reply: Reply) -> DeliveryState:
    """Return what is known of a delivery: without an answer of the vendor's own it may have arrived."""
    if reply.fault is None:
        return {
            "completed": DeliveryState.DELIVERED,
            "in_progress": DeliveryState.DELIVERED,
            "denied": DeliveryState.REJECTED,
        }.get(reply.outcome.status.value, DeliveryState.UNKNOWN)
    if reply.fault in NOT_SENT:
        return DeliveryState.NOT_SENT
    return DeliveryState.REJECTED if reply.fault in {Fault.REJECTED, Fault.UNAUTHORISED} else DeliveryState.UNKNOWN


async def _tell(access: Access, installation: InstallationRecord, lease: Lease, decision: Decision) -> None:
    if decision.state in {_S.PENDING, _S.WAITING}:
        return
    if decision.state is _S.COMPLETED and lease.verb in _UNREMARKABLE:
        return
    await access.audit(
        AuditEvent(
            f"obligation.{decision.state.value}",
            "obligation",
            lease.id,
            outcome="done" if decision.state is _S.COMPLETED else decision.code,
            details={
                "verb": lease.verb.value,
                "installation": installation.id,
                "member": lease.member_id,
                "request": lease.request_id,
            },
        )
    )


async def _note_health(access: Access, installation: InstallationRecord, reply: Reply) -> None:
    """Degrade an installation whose integration or vendor fails, and note its recovery when a call succeeds again."""
    if reply.fault is None:
        if installation.state is _IS.DEGRADED:
            await recover(access, installation.id)
        return
    if reply.fault is Fault.BAD_SETTINGS:
        await transition_installation(
            access,
            installation.id,
            to=_IS.MIGRATION_FAILED,
            only_from={_IS.INSTALLED, _IS.CHECKED, _IS.ACTIVE, _IS.DEGRADED, _IS.NEEDS_APPROVAL},
            reason=reply.fault.value,
        )
    elif reply.fault in _ILL:
        await degrade(access, installation.id, reply.fault.value)
    if reply.fault in NEEDS_ADMINISTRATOR:
        await park(access, installation)


async def _note_failed_delivery(access: Access, installation: InstallationRecord, code: str) -> None:
    """Show that deliveries have failed for good: one task for the installation, however many they are."""
    await lock_installation(access, installation.id)
    await degrade(access, installation.id, f"delivery_failed:{code}")
    is_shown = await access.transaction.fetchval(
        "select exists (select from obligation where organisation_id = $1 and installation_id = $2"
        " and verb = 'check' and ended_at is null)",
        access.organisation_id,
        installation.id,
    )
    if not is_shown:
        made = await enqueue(access, [Demand(installation=installation, verb=Verb.CHECK, key="delivery_failed")])
        await hand_over(access, installation, made)


async def finish_ending(access: Access, installation: InstallationRecord) -> None:
    """Remove an installation whose revocation and erasures have all ended, with the grade of their proof."""
    if not await _is_ending(access, installation):
        return
    # Of two that settle the last obligations at the same moment, the second sees what the first did.
    await lock_installation(access, installation.id)
    if await _is_open(access, installation):
        return
    level = await _worst_grade(access, installation)
    if await transition_installation(
        access, installation.id, to=_IS.REMOVED, only_from={_IS.REVOKING, _IS.REVOCATION_OVERDUE}, reason=level.value
    ):
        await access.audit(
            AuditEvent(
                "installation.revocation_verified", "installation", installation.id, details={"grade": level.value}
            )
        )


async def _is_ending(access: Access, installation: InstallationRecord) -> bool:
    return bool(
        await access.transaction.fetchval(
            "select state in ('revoking', 'revocation_overdue') from installation"
            " where organisation_id = $1 and id = $2",
            access.organisation_id,
            installation.id,
        )
    )


async def _is_open(access: Access, installation: InstallationRecord) -> bool:
    return bool(
        await access.transaction.fetchval(
            "select exists (select from obligation"
            " where organisation_id = $1 and installation_id = $2 and ended_at is null)",
            access.organisation_id,
            installation.id,
        )
    )


async def _worst_grade(access: Access, installation: InstallationRecord) -> AttestationLevel:
    """Return the weakest proof among all that was taken back when the installation ended."""
    rows = await access.transaction.fetch(
        "select distinct coalesce(attestation ->> 'level', 'unverifiable') as level from obligation"
        " where organisation_id = $1 and installation_id = $2 and verb = 'revoke' and member_id is null"
        " and state = 'completed'",
        access.organisation_id,
        installation.id,
    )
    ranking = [*AttestationLevel]
    found = [AttestationLevel(row["level"]) for row in rows]
    return max(found, key=ranking.index, default=AttestationLevel.UNVERIFIABLE)
