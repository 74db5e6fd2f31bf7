"""What follows from a deed that is done: the next step, the proof, what the vendor is now taken to hold."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias
from uuid import UUID

from wardship.plugins.api import (
    Attestation,
    Claimed,
    IdentifierValue,
    Reconciliation,
    Verb,
)
from wardship.plugins.host import Doer, Reply, doer
from wardship.tenants.access import Access
from wardship.tenants.installations.records import InstallationRecord, InstallationState
from wardship.tenants.installations.states import move
from wardship.tenants.obligations.audience import share_with_audience
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.health import hand_over
from wardship.tenants.obligations.leased import Leased
from wardship.tenants.obligations.outcomes import stored_attestation
from wardship.tenants.obligations.reconcile import compare_standings, plan_reconciliation
from wardship.tenants.obligations.sealed import seal
from wardship.tenants.obligations.work import Work

MOST_ROUNDS = 3
"""How often a deed is repeated because its proof found something left, before a person looks into it."""

_S = InstallationState


FollowUp: TypeAlias = Callable[[Access, Leased, Reply], Awaitable[None]]
"""What a noun above does when an obligation of one verb is completed, in the transaction that settles it."""

FollowUps: TypeAlias = Mapping[Verb, FollowUp]


async def follow_up(access: Access, work: Work, reply: Reply, others: FollowUps) -> None:
    """Do what follows from a completed obligation, in the transaction that settles it."""
    await link_after(access, work)
    match work.leased.verb:
        case Verb.CHECK:
            await _checked(access, work.installation)
        case Verb.GRANT:
            await start_sharing(access, work.installation)
        case Verb.ERASE | Verb.REVOKE:
            known = work.subject.identifiers if work.subject else ()
            await demand_proof(access, work.installation, work.leased, known)
        case Verb.ATTEST if isinstance(reply.value, Attestation):
            await _proven(access, work, reply.value)
        case Verb.RECONCILE if isinstance(reply.value, Reconciliation):
            await compare_standings(access, work.installation, work.leased, reply.value)
        case _:
            pass
    if other := others.get(work.leased.verb):
        await other(access, work.leased, reply)


async def link_after(access: Access, work: Work) -> None:
    """Note what the vendor is now taken to hold of the member."""
    state = _link_state(work.leased)
    if state is None:
        return
    await access.transaction.execute(
        "update subject_link set state = $4"
        " where organisation_id = $1 and installation_id = $2 and ($3::uuid is null or member_id = $3)"
        " and (state <> 'erased' or $4 <> 'revoked')",
        access.organisation_id,
        work.installation.id,
        work.leased.member_id,
        state,
    )


def _link_state(leased: Leased) -> str | None:
    match leased.verb:
        case Verb.ERASE:
            return "erased"
        case Verb.REVOKE:
            return "revoked"
        case Verb.RESTRICT if leased.arguments.active and not leased.arguments.purpose:
            return "restricted"
        case _:
            return None


async def _checked(access: Access, installation: InstallationRecord) -> None:
    """Go on after a successful check: connect where the vendor needs that, and share."""
    await move(access, installation.id, to=_S.CHECKED, only_from={_S.INSTALLED, _S.LOAD_FAILED, _S.MIGRATION_FAILED})
    if doer(installation.manifest, Verb.GRANT) is Doer.CONNECTOR and installation.state is _S.INSTALLED:
        await enqueue(access, [Demand(installation=installation, verb=Verb.GRANT)])
    else:
        await start_sharing(access, installation)


async def start_sharing(access: Access, installation: InstallationRecord) -> None:
    """Make an installation active and owe its audience's records to it."""
    to = _S.NEEDS_APPROVAL if installation.has_pending_declaration else _S.ACTIVE
    is_started = await move(access, installation.id, to=to, only_from={_S.CHECKED, _S.DEGRADED})
    if is_started or installation.is_sharing:
        await share_with_audience(access, installation)
        await plan_reconciliation(access, installation)


async def demand_proof(
    access: Access, installation: InstallationRecord, leased: Leased, known: Sequence[IdentifierValue]
) -> None:
    """Owe the proof that an erasure or a revocation has had its effect."""
    claimed = Claimed.ERASED if leased.verb is Verb.ERASE else Claimed.REVOKED
    demand = Demand(
        installation=installation,
        verb=Verb.ATTEST,
        member_id=leased.member_id,
        request_id=leased.request_id,
        right_id=leased.right_id,
        arguments={"claimed": claimed.value, "proves": str(leased.id), "round": leased.arguments.round},
        key=f"{claimed.value}:{leased.id}",
    )
    await enqueue(access, [replace(demand, sealed=seal(access, demand.id, known))])


async def _proven(access: Access, work: Work, attestation: Attestation) -> None:
    """Keep the proof with the deed; where something is left, repeat the deed, and in the end let a person look."""
    leased = work.leased
    await note_proof(access, leased.arguments.proves, stored_attestation(attestation))
    if not attestation.residual:
        return
    verb = Verb.ERASE if leased.arguments.claimed == Claimed.ERASED else Verb.REVOKE
    following = leased.arguments.round + 1
    demand = Demand(
        installation=work.installation,
        verb=verb,
        member_id=leased.member_id,
        request_id=leased.request_id,
        right_id=leased.right_id,
        arguments={"round": following},
        key=f"round={following}:{leased.arguments.proves}",
    )
    known = work.subject.identifiers if work.subject else ()
    made = await enqueue(access, [replace(demand, sealed=seal(access, demand.id, known))])
    if following > MOST_ROUNDS:
        await hand_over(access, work.installation, made)


async def note_proof(access: Access, obligation_id: UUID | None, attestation: str) -> None:
    """Keep a proof with the obligation whose deed it proves."""
    await access.transaction.execute(
        "update obligation set attestation = $3::jsonb where organisation_id = $1 and id = $2",
        access.organisation_id,
        obligation_id,
        attestation,
    )
