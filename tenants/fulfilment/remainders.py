"""Keep what the limitations of an erasure name, and erase it when its time is over or somebody decides so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from wardship.core.errors import NotFoundError
from wardship.plugins.api import Cause, IdentifierValue, Verb
from wardship.tenants.access import Access
from wardship.tenants.data_access.record import record_access
from wardship.tenants.egress.holdings import HeldPlace, keep_links, places_holding
from wardship.tenants.erasure.execute import erase_rows
from wardship.tenants.erasure.finds import UNDECIDED, Deciding
from wardship.tenants.erasure.kept import kept_places, kept_rows, kept_values
from wardship.tenants.erasure.remainders import (
    Remainder,
    RemainderRecord,
    SealedRemainder,
    end_remainder,
    keep_remainder,
    lock_remainders,
    remainder_by_id,
    unsealed,
)
from wardship.tenants.erasure.rewrite import Rewriting
from wardship.tenants.limitations.limits import Limits
from wardship.tenants.matching.identifiers import Identifiers
from wardship.tenants.members.noun import Member
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.for_member import restrict_demand
from wardship.tenants.obligations.sealed import known_identifiers, seal
from wardship.tenants.permissions import Permission
from wardship.tenants.requests.authority import require_decider
from wardship.tenants.requests.decide import stated
from wardship.tenants.requests.events import record_event
from wardship.tenants.requests.records import LockedRequest, RightRecord
from wardship.tenants.requests.states import WrongStateError
from wardship.tenants.requests.visibility import lock_request_of_right


async def keep_remainders(access: Access, right: RightRecord, member_id: UUID, known: Identifiers) -> None:
    """Write down what the limitations of an erasure keep; what keeps nothing leaves no trace.

    Called before the rows are emptied, since counts and values are read now.
    """
    places = await kept_places(access, member_id, right.limitations)
    for position, limitation in enumerate(right.limitations):
        rows = await kept_rows(access, member_id, known, limitation)
        of_this = places if limitation.keeps_at_recipients else {}
        if not rows and not of_this:
            continue
        values = await kept_values(access, member_id, limitation)
        sealed = SealedRemainder(known, values, await _identifiers(access, of_this.values(), member_id))
        kept = Remainder(
            right_id=right.id, member_id=member_id, position=position, limitation=limitation, rows=rows, sealed=sealed
        )
        await keep_remainder(access, kept)


async def restrict_places(access: Access, member_id: UUID, keeping: Mapping[UUID, HeldPlace]) -> list[UUID]:
    """Owe at places that keep what they have that it is no longer used there; return the obligations."""
    await keep_links(access, member_id, list(keeping), is_kept=True)
    demands = []
    for place_id, held in keeping.items():
        demand = restrict_demand(held.installation, member_id, active=True, cause=Cause.REQUEST)
        demand = replace(demand, place_id=place_id)
        known = (await known_identifiers(access, held.installation, place_id, [member_id])).get(member_id, ())
        demands.append(_sealed(access, demand, known))
    return await enqueue(access, demands)


async def erase_remainder(access: Access, remainder_id: UUID, reason: str) -> RemainderRecord:
    """Erase what a limitation kept, before its date, because it need not be kept any longer; return it as it is then.

    Raises:
        NotFoundError: no such remainder of a visible request.
        SelfDecisionError, NotWithYouError, PermissionDeniedError, StepUpRequiredError: not the caller's to decide.
        WrongStateError: it is erased already.
        InvalidInputError: no reason.
    """
    remainder, locked = await _decidable(access, remainder_id, is_left=True)
    words = stated(reason)
    if remainder.ended_at is not None:
        raise WrongStateError("This is erased already: nothing is left.")
    await _erase(access, locked, remainder, words)
    found = await remainder_by_id(access, remainder_id)
    return found or remainder


async def read_remainder(access: Access, remainder_id: UUID) -> dict[str, object]:
    """Return the values of the member's own row that a limitation keeps, by column.

    That they were read is audited, and recorded as every look at a person's data. The privacy team ends what it decided
    to keep, and reads it no more once the erasure is over.

    Raises:
        NotFoundError: no such remainder of a visible request.
        SelfDecisionError, NotWithYouError, PermissionDeniedError, StepUpRequiredError: not the caller's to decide.
        WrongStateError: it is erased.
    """
    remainder, locked = await _decidable(access, remainder_id)
    if remainder.ended_at is not None:
        raise WrongStateError("This is erased: nothing is left.")
    await access.audit("remainder.read", "erasure_remainder", remainder_id)
    values = (await unsealed(access, remainder_id)).values
    seen = {held.category for name, held in Member.held.personal.items() if name in values}
    member_id = locked.request.member_id
    as_staff = {member_id} if access.is_staff_without(Permission.REQUESTS_DECIDE) else ()
    record_access(access, {member_id: seen}, as_staff=as_staff)
    return values


async def _decidable(
    access: Access, remainder_id: UUID, *, is_left: bool = False
) -> tuple[RemainderRecord, LockedRequest]:
    remainder = await remainder_by_id(access, remainder_id)
    if remainder is None:
        raise NotFoundError("No such remainder: take its id from the right.", path=("remainder",))
    locked = await lock_request_of_right(access, remainder.right_id, is_left=is_left)
    await require_decider(access, locked, locked.right(remainder.right_id))
    access.require_step_up()
    return remainder, locked


async def erase_if_due(access: Access, remainder_id: UUID) -> None:
    """Erase what a limitation kept, if its time is over."""
    remainder = await remainder_by_id(access, remainder_id)
    if remainder is not None and remainder.until is not None and remainder.until <= access.now:
        await _erase(access, await lock_request_of_right(access, remainder.right_id), remainder, "its time is over")


async def _erase(access: Access, locked: LockedRequest, remainder: RemainderRecord, reason: str) -> None:
    """Erase what one limitation kept and no other that is still open keeps, here and at its recipients."""
    member_id, kept = remainder.member_id, await lock_remainders(access, remainder.member_id)
    if remainder.id not in {each.id for each in kept}:
        return
    limitations = [
        (await lock_request_of_right(access, each.right_id)).right(each.right_id).limitations[each.position]
        for each in kept
        if each.id != remainder.id
    ]
    content = await unsealed(access, remainder.id)
    pseudonym = await access.fetchval("select pseudonym from member where organisation_id = $1 and id = $2", member_id)
    deciding = Deciding(access, UNDECIDED, is_final=True)
    rewriting = Rewriting(access, content.known, pseudonym, decides=deciding, reads_all=True)
    await erase_rows(access, member_id, rewriting, Limits(limitations))
    if deciding.undecided:
        await record_event(
            access, locked.request, "finds_decided_by_clock", str(deciding.undecided), remainder.right_id
        )
    others = [await unsealed(access, each.id) for each in kept if each.id != remainder.id]
    await _erase_at(access, member_id, content, {place_id for other in others for place_id in other.places})
    await end_remainder(access, remainder.id)
    await record_event(access, locked.request, "remainder_erased", reason, remainder.right_id)


async def _erase_at(access: Access, member_id: UUID, content: SealedRemainder, still_kept: Collection[UUID]) -> None:
    """Owe the erasure at the places that kept what they had, unless another limitation keeps it there."""
    ending = {place_id: known for place_id, known in content.places.items() if place_id not in still_kept}
    await keep_links(access, member_id, list(ending), is_kept=False)
    demands = []
    for held in await places_holding(access, member_id):
        if held.place.id in ending:
            demand = Demand(
                installation=held.installation,
                place_id=held.place.id,
                verb=Verb.ERASE,
                member_id=member_id,
                cause=Cause.REQUEST,
            )
            known = [IdentifierValue.model_validate(value) for value in ending[held.place.id]]
            demands.append(_sealed(access, demand, known))
    await enqueue(access, demands)


def _sealed(access: Access, demand: Demand, known: Sequence[IdentifierValue]) -> Demand:
    return replace(demand, sealed=seal(access, demand.id, known))


async def _identifiers(
    access: Access, places: Collection[HeldPlace], member_id: UUID
) -> dict[UUID, list[dict[str, object]]]:
    found = {}
    for held in places:
        known = await known_identifiers(access, held.installation, held.place.id, [member_id])
        found[held.place.id] = [value.model_dump(mode="json") for value in known.get(member_id, ())]
    return found
