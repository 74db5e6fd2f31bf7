"""Settle a call: decide what becomes of its obligation, and do what follows, in one transaction.

The decision is a pure function of the lease, the reply and the present moment.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from wardship.core.audit.log import AuditEvent
from wardship.plugins.api import (
    AttestationLevel,
    Continuation,
    Outcome,
    OutcomeStatus,
    Reason,
    RevocationMethod,
    RevocationStep,
    Verb,
)
from wardship.plugins.host.exchanges import SAFE, UNSENT, Exchange
from wardship.plugins.host.reply import Fault, Reply
from wardship.tenants.access import Access
from wardship.tenants.egress.gate import DeliveryState, settle_delivery
from wardship.tenants.egress.locks import lock_installation
from wardship.tenants.egress.vendor_names import forget_names, keep_name
from wardship.tenants.installations.notices import INSTALLATION_REMOVED
from wardship.tenants.installations.records import InstallationRecord, InstallationState
from wardship.tenants.installations.states import degrade, recover, transition_installation
from wardship.tenants.installations.telling import tell_keepers
from wardship.tenants.obligations.access_ends import access_words, finish_disconnecting, leave_places
from wardship.tenants.obligations.deadlines import SHORTEST_WAIT, asked_wait, wait_before_retry
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.follow_up import FOLLOW_UPS, FollowUps, keep_proof, note_link
from wardship.tenants.obligations.grades import worst_grade
from wardship.tenants.obligations.late import take_in_late
from wardship.tenants.obligations.leases import Lease, PreparedCall, close_lease
from wardship.tenants.obligations.proofs import proof_of
from wardship.tenants.obligations.retention import note_dropped
from wardship.tenants.obligations.sealed import seal_continuation
from wardship.tenants.obligations.states import Decision, ObligationState, hand_over, park
from wardship.tenants.remote_integrations.endpoints import note_gone
from wardship.tenants.tasks.tasks import open_task, words_for

DUTIES: Final = frozenset({Verb.REVOKE, Verb.ERASE, Verb.RESTRICT, Verb.CORRECT, Verb.EXPORT, Verb.ATTEST})
"""What is owed to a person or to the organisation even when the integration can't do it: somebody has to."""

NOT_SENT: Final = frozenset(
    {Fault.BREAKER_OPEN, Fault.BUSY, Fault.STUCK, Fault.NOT_LOADED, Fault.BAD_SETTINGS, Fault.NOT_CONNECTED}
)
"""Faults before anything left the host."""

NEEDS_ADMINISTRATOR: Final = frozenset({Fault.UNAUTHORISED, Fault.BAD_SETTINGS, Fault.NOT_CONNECTED})
"""Faults that only an administrator can mend: trying again would be refused again."""

_ARRIVALS: Final = {
    OutcomeStatus.COMPLETED: DeliveryState.DELIVERED,
    OutcomeStatus.IN_PROGRESS: DeliveryState.DELIVERED,
    OutcomeStatus.DENIED: DeliveryState.REJECTED,
}
_TIMED_OUT: Final = 408
_REFUSALS: Final = range(300, 500)
_REFUSED: Final = frozenset({Fault.REJECTED, Fault.GONE, Fault.UNAUTHORISED, Fault.RATE_LIMITED})

_HELD_BACK = frozenset({Fault.BREAKER_OPEN, Fault.BUSY, Fault.RATE_LIMITED})
_FINAL_FAULTS = frozenset({Fault.REJECTED, Fault.GONE, Fault.NOT_LOADED})
_FINAL = frozenset({OutcomeStatus.DENIED, OutcomeStatus.CANCELLED, OutcomeStatus.UNSUPPORTED, OutcomeStatus.MANUAL})
_POLL = timedelta(hours=1)
_SHORTEST_POLL = timedelta(seconds=30)

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
        Fault.NOT_CONNECTED,
    }
)


_IS_ENDING: Final = (
    "select i.state in ('revoking', 'revocation_overdue') as is_ending, p.state = 'leaving' as is_leaving,"
    " exists (select from place_authorisation a where a.organisation_id = p.organisation_id and a.place_id = p.id"
    " and a.state = 'ending') as is_disconnecting"
    " from installation i join installation_place p on p.organisation_id = i.organisation_id and p.id = $3"
    " where i.organisation_id = $1 and i.id = $2"
)


def decide(lease: Lease, reply: Reply, now: datetime) -> Decision:
    """Return what becomes of a leased obligation whose call ended like this."""
    outcome = reply.outcome
    if reply.fault is None and outcome.status is OutcomeStatus.COMPLETED:
        # What the plan leaves to a person still has to be done before the duty has ended.
        is_done = not reply.manual_steps or lease.verb not in DUTIES
        return Decision(_S.COMPLETED, "completed") if is_done else Decision(_S.MANUAL, "manual_step_left")
    code = _code(reply)
    if reply.fault is Fault.GONE and lease.verb not in DUTIES:
        # It is made again when the endpoint is back.
        return Decision(_S.CANCELLED, code)
    if reply.fault in _FINAL_FAULTS or (reply.fault is None and (outcome.status in _FINAL or outcome.fatal)):
        return given_up(lease.verb, code)
    if now >= lease.give_up_at:
        return given_up(lease.verb, code)
    return _again(lease, reply, now, code)


def given_up(verb: Verb, code: str) -> Decision:
    """Return the end of trying: a person takes over what is owed, and the rest has failed."""
    return Decision(_S.MANUAL if verb in DUTIES else _S.FAILED, code)


def _again(lease: Lease, reply: Reply, now: datetime, code: str) -> Decision:
    outcome = reply.outcome
    asked = asked_wait(outcome.retry_after_s)
    if reply.fault in NEEDS_ADMINISTRATOR:
        return Decision(_S.WAITING, code, lease.give_up_at)
    if reply.fault is None and outcome.status is OutcomeStatus.IN_PROGRESS:
        return Decision(_S.WAITING, code, min(_asked_again_at(outcome, now), lease.give_up_at))
    if reply.fault in _HELD_BACK:
        return Decision(_S.PENDING, code, min(now + (asked or SHORTEST_WAIT), lease.give_up_at))
    wait = asked or wait_before_retry(lease.id, lease.failures + 1)
    return Decision(_S.PENDING, code, min(now + wait, lease.give_up_at), is_failure=True)


def _asked_again_at(outcome: Outcome, now: datetime) -> datetime:
    """Return when to ask after what the vendor has begun: when it says, else in an hour."""
    if (asked := asked_wait(outcome.retry_after_s)) is not None:
        return now + asked
    return max(outcome.expected_completion_at or now + _POLL, now + _SHORTEST_POLL)


def _code(reply: Reply) -> str:
    if reply.fault is not None:
        return reply.fault.value
    reason = reply.outcome.reason
    return reply.outcome.status.value if reason is None or reason is Reason.OTHER else str(reason.value)


async def settle(access: Access, call: PreparedCall, reply: Reply, others: FollowUps | None = None) -> bool:
    """Settle one call; False when another worker has taken the obligation over: then only what arrived is noted.

    Args:
        access: the system's own.
        call: the call that was made.
        reply: how it ended.
        others: what nouns above do when the obligation is completed.
    """
    reply, continuation = _continued(call, _with_lost_hosts(call, reply))
    decision = decide(call.lease, reply, access.now)
    proof = proof_of(call, reply, access.now) if call.lease.verb is Verb.ATTEST else None
    if decision.at is not None and continuation != Continuation():
        decision = replace(decision, continuation=seal_continuation(access, call.lease.id, continuation))
    if not await close_lease(access, call.lease, decision, reply, attestation=proof.stored() if proof else None):
        if call.is_delivery:
            await take_in_late(access, call, _arrival(reply))
        return False
    if call.is_delivery:
        await settle_delivery(access, call.lease.id, call.lease.attempt, _arrival(reply))
    if reply.outcome.known_as and call.lease.member_id is not None:
        await keep_name(access, call.lease.place_id, call.lease.member_id, reply.outcome.known_as[0].name)
    if proof is not None and decision.state is _S.COMPLETED:
        await keep_proof(access, call, proof)
    await _consequences(access, call, reply, decision, others or {})
    await tell_end(access, call.installation, call.lease, decision)
    await _note_health(access, call.installation, call.lease, reply)
    await finish_ending(access, call.installation, call.lease.place_id)
    return True


def _continued(call: PreparedCall, reply: Reply) -> tuple[Reply, Continuation]:
    """Return the reply, which reports the whole obligation once it is completed, and what a next call goes on from."""
    before = call.continuation or Continuation()
    if reply.fault is not None:
        return reply, before
    continuation = before.after(reply.outcome)
    if reply.outcome.status is not OutcomeStatus.COMPLETED:
        return reply, continuation
    whole = {"records_affected": continuation.records_affected, "retained": continuation.retained}
    return replace(reply, outcome=reply.outcome.model_copy(update=whole)), continuation


def _with_lost_hosts(call: PreparedCall, reply: Reply) -> Reply:
    """Return the reply with what is left to a person where the plugin no longer reaches all that a place was."""
    if not call.lost_hosts:
        return reply
    where, vendor = ", ".join(call.lost_hosts), call.installation.manifest.vendor.privacy_contact
    step = RevocationStep(
        verb=call.lease.verb,
        method=RevocationMethod.MANUAL,
        deletes=f"what is left at {where}",
        deadline_h=call.installation.manifest.deadlines.revoke_h,
        proof=AttestationLevel.MANUAL,
        instructions=f"Have {vendor} confirm that nothing is left at {where}, which the integration reaches no more.",
    )
    return replace(reply, manual_steps=(*reply.manual_steps, step))


async def _consequences(
    access: Access, call: PreparedCall, reply: Reply, decision: Decision, others: FollowUps
) -> None:
    match decision.state:
        case _S.COMPLETED:
            if call.is_delivery and call.installation.keeps:
                await note_dropped(access, call, reply.outcome.retained)
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
    return left or own_words(call.installation, call.lease)


def own_words(installation: InstallationRecord, lease: Lease) -> str:
    """Return what a person is to do at the vendor, where the integration says nothing itself."""
    said = lease.arguments
    if said.is_access_only:
        return access_words(installation)
    return words_for(installation, lease.verb, objected=said.purpose, ended=not said.active)


def _arrival(reply: Reply) -> DeliveryState:
    """Return what is known of a delivery: without an answer of the vendor's own it may have arrived."""
    if reply.fault is None:
        found = _ARRIVALS.get(reply.outcome.status, DeliveryState.UNKNOWN)
    elif reply.fault in NOT_SENT:
        found = DeliveryState.NOT_SENT
    else:
        is_refused = reply.fault in _REFUSED
        found = DeliveryState.REJECTED if is_refused else DeliveryState.UNKNOWN
    is_denied = found in {DeliveryState.REJECTED, DeliveryState.NOT_SENT}
    # Whatever the integration makes of the whole call, one of its requests may have been taken.
    return DeliveryState.UNKNOWN if is_denied and any(map(_may_hold, reply.exchanges)) else found


def _may_hold(exchange: Exchange) -> bool:
    """Return whether a vendor that was sent this may hold what was in it."""
    if exchange.method in SAFE or exchange.method == "DELETE":
        return False
    if exchange.status is None:
        return exchange.error not in UNSENT
    return exchange.status not in _REFUSALS or exchange.status == _TIMED_OUT


async def tell_end(access: Access, installation: InstallationRecord, lease: Lease, decision: Decision) -> None:
    """Note in the audit that an obligation has ended, unless it only waits, or the ledger tells it."""
    if decision.state in {_S.PENDING, _S.WAITING}:
        return
    if decision.state is _S.COMPLETED and lease.verb in _UNREMARKABLE:
        return
    outcome = "done" if decision.state is _S.COMPLETED else decision.code
    details = {
        "verb": lease.verb.value,
        "installation": installation.id,
        "member": lease.member_id,
        "request": lease.request_id,
    }
    action = f"obligation.{decision.state.value}"
    await access.audit_event(AuditEvent(action, "obligation", lease.id, outcome=outcome, details=details))


async def _note_health(access: Access, installation: InstallationRecord, lease: Lease, reply: Reply) -> None:
    """Degrade an installation whose integration or vendor fails, and note its recovery when a call succeeds again.

    A place that is being left says nothing about the present one.
    """
    if lease.place_id != installation.place_id and reply.fault is not Fault.GONE:
        if reply.fault in NEEDS_ADMINISTRATOR:
            await park(access, installation, lease.place_id)
        return
    if reply.fault is None:
        if installation.state is _IS.DEGRADED:
            await recover(access, installation.id)
        return
    if reply.fault is Fault.GONE:
        await note_gone(access, installation.integration_key)
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
        await park(access, installation, lease.place_id)


async def _note_failed_delivery(access: Access, installation: InstallationRecord, code: str) -> None:
    """Show that deliveries have failed for good: one task for the installation, however many they are."""
    await lock_installation(access, installation.id)
    await degrade(access, installation.id, f"delivery_failed:{code}")
    is_shown = await access.fetchval(
        "select exists (select from obligation where organisation_id = $1 and installation_id = $2"
        " and verb = 'check' and ended_at is null)",
        installation.id,
    )
    if not is_shown:
        made = await enqueue(access, [Demand(installation=installation, verb=Verb.CHECK, key="delivery_failed")])
        await hand_over(access, installation, made)


async def finish_ending(access: Access, installation: InstallationRecord, place_id: UUID) -> None:
    """Note that a place is left, or the installation removed, when all that was owed back there has ended."""
    found = await access.fetchrow(_IS_ENDING, installation.id, place_id)
    if found is not None and found["is_disconnecting"]:
        await finish_disconnecting(access, installation, place_id)
    if found is None or not (found["is_ending"] or found["is_leaving"]):
        return
    # Of two that settle the last obligations at the same moment, the second sees what the first did.
    await lock_installation(access, installation.id)
    if found["is_leaving"]:
        await _finish_leaving(access, installation, place_id)
    if not found["is_ending"] or await _is_open(access, installation):
        return
    level = await worst_grade(access, installation)
    if removed := await transition_installation(
        access, installation.id, to=_IS.REMOVED, only_from={_IS.REVOKING, _IS.REVOCATION_OVERDUE}, reason=level.value
    ):
        await tell_keepers(access, removed, INSTALLATION_REMOVED, grade=level.value)
        await forget_names(access, installation.id)
        await leave_places(access, await _places(access, installation))
        await access.audit("installation.revocation_verified", "installation", installation.id, grade=level.value)


async def _finish_leaving(access: Access, installation: InstallationRecord, place_id: UUID) -> None:
    if await _is_open(access, installation, place_id):
        return
    level = await worst_grade(access, installation, place_id)
    await forget_names(access, installation.id, place_id)
    await leave_places(access, [place_id])
    details = {"place": place_id, "grade": level.value}
    await access.audit("installation.place_left", "installation", installation.id, **details)


async def _places(access: Access, installation: InstallationRecord) -> list[UUID]:
    rows = await access.fetch(
        "select id from installation_place where organisation_id = $1 and installation_id = $2", installation.id
    )
    return [row["id"] for row in rows]


async def _is_open(access: Access, installation: InstallationRecord, place_id: UUID | None = None) -> bool:
    return bool(
        await access.fetchval(
            "select exists (select from obligation where organisation_id = $1 and installation_id = $2"
            " and ended_at is null and ($3::uuid is null or place_id = $3))",
            installation.id,
            place_id,
        )
    )
