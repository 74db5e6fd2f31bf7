"""Settle a call: leave its obligation in a state, and do what follows, in one transaction."""

from __future__ import annotations

from wardship.core.audit.log import AuditEvent
from wardship.plugins.api import Attestation, Verb
from wardship.plugins.host import Fault, Reply
from wardship.tenants.access import Access
from wardship.tenants.egress.ledger import DeliveryState, settle_delivery
from wardship.tenants.obligations.deadlines import wait_before_retry
from wardship.tenants.obligations.decisions import NOT_SENT, Decision, Next, decide, given_up
from wardship.tenants.obligations.ending import finish_ending
from wardship.tenants.obligations.follow_up import FollowUps, follow_up, link_after
from wardship.tenants.obligations.health import note_failed_delivery, note_health
from wardship.tenants.obligations.leased import Batch, Change, Leased, read_leases, write
from wardship.tenants.obligations.outcomes import ended_outcome, stored_attestation, stored_outcome
from wardship.tenants.obligations.work import Work
from wardship.tenants.tasks.tasks import open_task, words_for

_UNREMARKABLE = frozenset({Verb.SHARE, Verb.CHECK, Verb.RECONCILE})
"""Their ends are told by the ledger and by the installation's state."""


async def settle(access: Access, work: Work, reply: Reply, others: FollowUps | None = None) -> bool:
    """Settle one call; False, and nothing is changed, when another worker has taken the obligation over.

    Args:
        access: the system's own.
        work: the call that was made.
        reply: how it ended.
        others: what nouns above do when the obligation is completed.
    """
    decision = decide(work.leased.owed, reply, access.now)
    attestation = stored_attestation(reply.value) if isinstance(reply.value, Attestation) else None
    change = Change(
        state=decision.next.value,
        outcome=stored_outcome(reply, decision.code),
        at=decision.at,
        is_failure=decision.is_failure,
        attestation=attestation,
    )
    if not await write(access, work.leased, change):
        return False
    if work.is_delivery:
        await settle_delivery(access, work.leased.id, work.leased.attempt, _arrival(reply))
    await _consequences(access, work, reply, decision, others or {})
    await _tell(access, work, decision)
    await note_health(access, work.installation, reply)
    await finish_ending(access, work.installation.id)
    return True


async def end_uncalled(access: Access, leased: Leased, state: Next | str, code: str) -> None:
    """End an obligation without a call: there is nothing to do, or nothing may be done any more."""
    await write(access, leased, Change(state=str(state), outcome=ended_outcome(str(state), code)))
    # An earlier attempt may have arrived before the worker that made it died.
    await settle_delivery(access, leased.id, leased.attempt, DeliveryState.UNKNOWN)


async def hand_over_uncalled(access: Access, work: Work, code: str) -> None:
    """Give an obligation to people without a call."""
    await write(access, work.leased, Change(state="manual", outcome=ended_outcome("manual", code)))
    await settle_delivery(access, work.leased.id, work.leased.attempt, DeliveryState.UNKNOWN)
    await open_task(access, work.leased.id, words_for(work.installation, work.leased.verb))
    await _tell(access, work, Decision(Next.MANUAL, code))


async def set_back(access: Access, batch: Batch) -> None:
    """Count a failure for each lease of a batch that could not be worked on: a fault of ours must not last for ever."""
    for leased in await read_leases(access, batch):
        if access.now < leased.owed.give_up_at:
            again = access.now + wait_before_retry(leased.id, leased.owed.failures + 1)
            outcome = ended_outcome("failed", "internal")
            await write(access, leased, Change(state="pending", at=again, outcome=outcome, is_failure=True))
            continue
        decision = given_up(leased.verb, "internal")
        await end_uncalled(access, leased, decision.next, decision.code)
        if decision.next is Next.MANUAL:
            await open_task(
                access, leased.id, f"Wardship failed to {leased.verb}: see its log, then do this at the vendor."
            )


async def _consequences(access: Access, work: Work, reply: Reply, decision: Decision, others: FollowUps) -> None:
    match decision.next:
        case Next.COMPLETED:
            await follow_up(access, work, reply, others)
        case Next.MANUAL:
            if decision.code == "manual_step_left":
                await link_after(access, work)
            await open_task(access, work.leased.id, _words(work, reply))
        case Next.FAILED:
            await note_failed_delivery(access, work.installation, decision.code)
        case _:
            pass


def _words(work: Work, reply: Reply) -> str:
    left = " ".join(step.instructions for step in reply.manual_steps if step.instructions)
    return left or words_for(work.installation, work.leased.verb)


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


async def _tell(access: Access, work: Work, decision: Decision) -> None:
    if decision.next in {Next.PENDING, Next.WAITING}:
        return
    if decision.next is Next.COMPLETED and work.leased.verb in _UNREMARKABLE:
        return
    await access.audit(
        AuditEvent(
            f"obligation.{decision.next.value}",
            "obligation",
            work.leased.id,
            outcome="done" if decision.next is Next.COMPLETED else decision.code,
            details={
                "verb": work.leased.verb.value,
                "installation": work.installation.id,
                "member": work.leased.member_id,
                "request": work.leased.request_id,
            },
        )
    )
