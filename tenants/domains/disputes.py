"""The provider decides whose a domain is that two organisations have proven: for a stated need, and for a while."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.actor import system_actor
from wardship.core.database.rows import Row, column
from wardship.core.database.scope import Scope
from wardship.core.errors import ConflictError, NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.domains.directory import LockedDomain, lock_domain
from wardship.tenants.domains.evidence import EvidenceRecord, read_evidence
from wardship.tenants.domains.names import shown_domain
from wardship.tenants.domains.notices import DOMAIN_DECIDED, DOMAIN_EXAMINED
from wardship.tenants.domains.read import find_claim
from wardship.tenants.domains.records import HOLDING, ClaimRecord, ClaimState, Finding
from wardship.tenants.domains.settling import hold_from_another
from wardship.tenants.domains.telling import tell_of_domain
from wardship.tenants.domains.write import transition_claim
from wardship.tenants.organisations.read import own_organisation
from wardship.tenants.organisations.states import is_suspended
from wardship.tenants.paging import Page, PageRequest, page_of_rows
from wardship.tenants.permissions import Permission
from wardship.tenants.text import many_lines

EXAMINED_FOR: Final = timedelta(hours=72)
"""How long both sides are looked at once somebody has said why."""
_LONGEST: Final = 1000
_S = ClaimState
_LIST: Final = "select * from domain_disputes($1, $2, $3, $4)"
_EXAMINE: Final = (
    "update domain_claim set examined_at = $3, examined_until = $4, check_at = $3, is_asked = true"
    " where organisation_id = $1 and id = $2"
)
_ASK: Final = "update domain_claim set check_at = $3, is_asked = true where organisation_id = $1 and id = $2"
_END: Final = "update domain_claim set examined_until = null, check_at = null where organisation_id = $1 and id = $2"
_WAKE: Final = "select pg_notify('wardship_sweeps', '')"


class NotExaminedError(ConflictError):
    """Both sides of the dispute are looked at first: examine it, with the reason, and decide within 72 hours."""

    code: ClassVar[str] = "DISPUTE_NOT_EXAMINED"


class NotProvenByBothError(ConflictError):
    """Both have to prove the domain since it is examined: wait for the look into the DNS, or for the clock."""

    code: ClassVar[str] = "DISPUTE_NOT_PROVEN"


class DisputeRecord(Row):
    """A disputed claim as operators see it in the list: the domain, and nothing of the organisations."""

    __slots__ = ()

    organisation_id: UUID = column("organisation_id")
    id: UUID = column("id")
    created_at: datetime = column("created_at")
    name: str = column("name")
    shown_name: str = column("name", shown_domain)
    state_since: datetime = column("state_since")
    state_until: datetime | None = column("state_until")
    examined_at: datetime | None = column("examined_at")
    examined_until: datetime | None = column("examined_until")


@dataclass(frozen=True, slots=True)
class DisputeSide:
    """One of the two, while it is looked at.

    Attributes:
        organisation: its short name.
        organisation_name: its name.
        is_holder: whether it holds the domain.
        held_name: the domain that its claim is of: the one in dispute, or one above.
        proven_at: when its record was found last.
        finding: what the last look has found.
        checked_at: when that was.
        evidence: what it says.
    """

    organisation: str
    organisation_name: str
    is_holder: bool
    held_name: str
    proven_at: datetime | None
    finding: Finding | None
    checked_at: datetime | None
    evidence: tuple[EvidenceRecord, ...]


@dataclass(frozen=True, slots=True)
class ExaminedDispute:
    """A dispute, and both sides while they are looked at."""

    dispute: DisputeRecord
    sides: tuple[DisputeSide, ...]


async def list_disputes(access: Access, page: PageRequest) -> Page[DisputeRecord]:
    """Return a page of the open disputes, by the time of the claim.

    Raises:
        PermissionDeniedError: the caller is no operator.
    """
    access.require(Permission.ORGANISATIONS_MANAGE)
    after_at, after_id = page.after or (None, None)
    rows = await access.transaction.fetch_as(DisputeRecord, _LIST, None, after_at, after_id, page.limit + 1)
    return page_of_rows(rows, page)


async def examine_dispute(access: Access, dispute_id: UUID, reason: str) -> ExaminedDispute:
    """Look at both sides of a dispute, for 72 hours; both are told that and why, and looked up in the DNS anew.

    Raises:
        PermissionDeniedError: the caller is no operator.
        StepUpRequiredError: the second factor was not shown a moment ago.
        InvalidInputError: no reason, or a longer one than is taken.
        NotFoundError: no such dispute is open.
    """
    access.require(Permission.ORGANISATIONS_MANAGE)
    access.require_step_up()
    words = many_lines(reason, "reason", most=_LONGEST, least=1)
    dispute = await _dispute(access, dispute_id)
    until = access.now + EXAMINED_FOR
    async with _both(access, dispute) as (ours, theirs, _):
        for side in (ours, theirs):
            async with _at(access, side.organisation_id) as there:
                sql, values = (_EXAMINE, (access.now, until)) if side is ours else (_ASK, (access.now,))
                await there.execute(sql, side.claim.id, *values)
                await there.audit("domain.examined_by_provider", "domain_claim", side.claim.id, until=until)
                told = {"reason": words, "until": until, "contested": shown_domain(dispute.name)}
                await tell_of_domain(there, DOMAIN_EXAMINED, side.claim, once=f"{access.now:%Y-%m-%d %H:%M}", **told)
        sides = [await _side(access, side) for side in (ours, theirs)]
    await access.transaction.execute(_WAKE)
    await access.audit("domain.dispute_examined", "domain_claim", dispute.id, until=until)
    return ExaminedDispute(await _dispute(access, dispute_id), tuple(sides))


async def decide_dispute(access: Access, dispute_id: UUID, reason: str, *, is_claimants: bool) -> DisputeRecord:
    """Decide whose the domain is, once both have proven it again; both are told, with the reason.

    Given to the claimant, it passes in a new epoch and in quarantine, as from a holder that was silent.

    Raises:
        PermissionDeniedError: the caller is no operator.
        StepUpRequiredError: the second factor was not shown a moment ago.
        InvalidInputError: no reason, or a longer one than is taken.
        NotFoundError: no such dispute is open.
        NotExaminedError: nobody has looked at both sides, or too long ago.
        NotProvenByBothError: one of both has not proven it since, or can't be made to answer.
    """
    access.require(Permission.ORGANISATIONS_MANAGE)
    access.require_step_up()
    words = many_lines(reason, "reason", most=_LONGEST, least=1)
    dispute = await _dispute(access, dispute_id)
    if dispute.examined_at is None or dispute.examined_until is None or dispute.examined_until <= access.now:
        raise NotExaminedError("Examine the dispute first, with the reason.", path=("dispute_id",))
    async with _both(access, dispute) as (ours, theirs, domain):
        for side in (ours, theirs):
            await _require_proven(access, side, dispute.examined_at)
        await _carry_out(access, (ours, theirs), domain, is_claimants=is_claimants)
        for side in (ours, theirs):
            async with _at(access, side.organisation_id) as there:
                is_theirs, name = (side is ours) == is_claimants, shown_domain(dispute.name)
                await tell_of_domain(there, DOMAIN_DECIDED, side.claim, reason=words, contested=name, is_ours=is_theirs)
    await access.audit("domain.dispute_decided", "domain_claim", dispute.id, claimants=is_claimants)
    return dispute


@dataclass(frozen=True, slots=True)
class _Party:
    organisation_id: UUID
    claim: ClaimRecord
    is_holder: bool


async def _carry_out(access: Access, sides: tuple[_Party, _Party], domain: LockedDomain, *, is_claimants: bool) -> None:
    ours, theirs = sides
    if is_claimants and theirs.claim.name == ours.claim.name:
        async with _at(access, theirs.organisation_id) as there:
            await transition_claim(there, theirs.claim, _S.TRANSFERRED, reason="decided_by_provider")
    async with _at(access, ours.organisation_id) as there:
        await there.execute(_END, ours.claim.id)
        if is_claimants:
            await hold_from_another(there, ours.claim, domain)
        else:
            await transition_claim(there, ours.claim, _S.RELEASED, reason="decided_by_provider")


async def _require_proven(access: Access, side: _Party, since: datetime) -> None:
    claim = side.claim
    is_proven = claim.finding is Finding.PROVEN and claim.checked_at is not None and claim.checked_at >= since
    async with _at(access, side.organisation_id) as there:
        is_out = await is_suspended(there)
    if not is_proven or is_out:
        raise NotProvenByBothError(
            "Both have to prove the domain since it is examined: wait for the look, or for the clock.",
            path=("dispute_id",),
        )


async def _side(access: Access, side: _Party) -> DisputeSide:
    async with _at(access, side.organisation_id) as there:
        organisation = await own_organisation(there)
        evidence = await read_evidence(there, side.claim.id)
    claim = side.claim
    return DisputeSide(
        organisation.slug,
        organisation.name,
        side.is_holder,
        claim.name,
        claim.proven_at,
        claim.finding,
        claim.checked_at,
        tuple(evidence),
    )


async def _dispute(access: Access, dispute_id: UUID) -> DisputeRecord:
    found = await access.transaction.fetchrow_as(DisputeRecord, _LIST, dispute_id, None, None, 1)
    if found is None:
        raise NotFoundError("No such dispute is open: list those that are.", path=("dispute_id",))
    return found


@asynccontextmanager
async def _both(access: Access, dispute: DisputeRecord) -> AsyncIterator[tuple[_Party, _Party, LockedDomain]]:
    """Lock the name, the claimant's claim and the holder's.

    Raises:
        NotFoundError: nobody holds it any more, or the claim has moved on meanwhile.
    """
    domain = await lock_domain(access.transaction, dispute.name, access.now)
    rival = domain.rival_of(dispute.organisation_id)
    async with _at(access, dispute.organisation_id) as there:
        claim = await find_claim(there, dispute.id, lock="for no key update")
    if rival is None or rival.holder_id is None or rival.claim_id is None or claim is None:
        raise NotFoundError("Nobody else holds this domain any more: it can be claimed again.", path=("dispute_id",))
    async with _at(access, rival.holder_id) as there:
        held = await find_claim(there, rival.claim_id, lock="for no key update")
    if claim.state is not _S.DISPUTED or held is None or held.state not in HOLDING:
        raise NotFoundError("This dispute is over.", path=("dispute_id",))
    yield _Party(dispute.organisation_id, claim, False), _Party(rival.holder_id, held, True), domain


@asynccontextmanager
async def _at(access: Access, organisation_id: UUID) -> AsyncIterator[Access]:
    """Act in one of both as the system does, within the same transaction."""
    async with access.transaction.reaching(Scope(organisation_id, directory=True)):
        yield replace(access, actor=system_actor(organisation_id))
