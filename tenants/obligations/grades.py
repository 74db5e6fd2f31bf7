"""How good what was proven is, all together: of a right, and of an installation that has ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from wardship.plugins.api import AttestationLevel, Verb
from wardship.tenants.access import Access
from wardship.tenants.egress.ledger import MAY_HAVE_ARRIVED
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.proofs import ProofRecord, read_proof
from wardship.tenants.obligations.read import ObligationRecord
from wardship.tenants.obligations.states import ObligationState

NOTHING_WAS_SHARED: Final = "nothing_was_shared"
"""The code of an erasure at a vendor that never received anything of the person: there is nothing to prove."""

_TAKEN_BACK: Final = {Verb.ERASE, Verb.REVOKE}
_SUPERSEDED: Final = "superseded"
_L = AttestationLevel
_RANKING: Final = [*AttestationLevel]
_SAID: Final = {_L.SELF_REPORTED, _L.MANUAL}


def worst(levels: Iterable[AttestationLevel]) -> AttestationLevel:
    """Return the weakest of these grades; without any, nothing is proven."""
    return max(levels, key=_RANKING.index, default=_L.UNVERIFIABLE)


def shortfalls(owed: Sequence[ObligationRecord]) -> dict[UUID, str]:
    """Return why obligations that have ended can't be relied on, as codes by id; empty where they can or were repeated.

    Args:
        owed: all of a right, oldest first: what its proof found left and was repeated counts by its last round.
    """
    last = {_duty(each): each.id for each in owed if each.verb in _TAKEN_BACK}
    return {each.id: "" if last.get(_duty(each), each.id) != each.id else _shortfall(each) for each in owed}


def caveats(owed: Sequence[ObligationRecord]) -> set[str]:
    """Return the grades of what was taken back, where it rests on what somebody said: fulfilled, but not looked up."""
    last = {_duty(each): each for each in owed if each.verb in _TAKEN_BACK}
    return {each.proof.level.value for each in last.values() if each.proof and each.proof.level in _SAID}


def _duty(owed: ObligationRecord) -> tuple[UUID, UUID | None, Verb]:
    return owed.place_id, owed.member_id, owed.verb


def _shortfall(owed: ObligationRecord) -> str:
    code = owed.outcome.code or owed.outcome.status if owed.outcome else "unknown"
    if code == _SUPERSEDED:
        return ""
    if owed.state is not ObligationState.COMPLETED:
        return code
    if owed.verb not in _TAKEN_BACK or code == NOTHING_WAS_SHARED:
        return ""
    return "unverifiable" if owed.proof is None or owed.proof.level is _L.UNVERIFIABLE else ""


# Of each member to whom something may have been delivered: the last time that it may, and the last obligation that
# took it back. Those with the same grade are one row, and so are those without a proof of their own, by the last
# delivery among them: what covers that one covers all. Beside them, under no member, those that were about everybody.
_LAST_TAKEN_BACK: Final = """
with delivered as (
    select place_id, member_id, max(coalesce(settled_at, created_at)) as at from disclosure
    where organisation_id = $1 and installation_id = $2 and state = any($3::text[])
        and ($5::uuid is null or place_id = $5) group by place_id, member_id
), taken_back as (
    select distinct on (place_id, member_id, case when member_id is null then verb end) place_id, member_id, attestation
    from obligation where organisation_id = $1 and installation_id = $2 and verb in ('erase', 'revoke')
        and state = 'completed' and outcome ->> 'code' is distinct from $4
        and ($5::uuid is null or place_id = $5)
    order by place_id, member_id, case when member_id is null then verb end, created_at desc, id desc
), found as (
    select place_id, member_id, delivered.at, attestation - 'evidence' as attestation,
        (attestation ->> 'checked_at')::timestamptz as checked_at,
        coalesce((attestation ->> 'checked_at')::timestamptz >= coalesce(delivered.at, '-infinity'), false) as is_proven
    from taken_back full join delivered using (place_id, member_id)
), of_one as (
    select place_id, at, checked_at, is_proven, case when is_proven then attestation ->> 'level' end as level,
        case when is_proven then attestation ->> 'basis' end as basis
    from found where member_id is not null
)
select place_id, false as is_of_one, 0 as people, at, attestation from found where member_id is null
union all
select place_id, true, count(*), max(at) filter (where not is_proven), case when is_proven then jsonb_strip_nulls(
    jsonb_build_object('level', level, 'basis', basis, 'checked_at', max(checked_at), 'method', '')) end
from of_one group by place_id, is_proven, level, basis
"""


class GradedPart(NamedTuple):
    """What was proven last about some people or everybody, and when one of them may last have been delivered.

    Attributes:
        people: how many it is about; 0 where it is about everybody.
    """

    place_id: UUID
    is_of_one: bool
    people: int
    delivered_at: datetime | None
    proof: ProofRecord | None

    def is_after(self, delivered_at: datetime | None) -> bool:
        """Return whether it was taken when that delivery had ended."""
        return self.proof is not None and (delivered_at is None or self.proof.checked_at >= delivered_at)


async def worst_grade(
    access: Access, installation: InstallationRecord, place_id: UUID | None = None
) -> AttestationLevel:
    """Return the weakest proof among all that was ever delivered to an installation's places and taken back there.

    With a place, of what was delivered to that one.
    A proof tells nothing of what may have been delivered after it.
    """
    return worst_of(await graded_parts(access, installation, place_id))


async def graded_parts(
    access: Access, installation: InstallationRecord, place_id: UUID | None = None
) -> list[GradedPart]:
    """Return what the grade of an installation, or of one place, follows from: few rows, however many people."""
    arrived = [state.value for state in MAY_HAVE_ARRIVED]
    rows = await access.fetch(_LAST_TAKEN_BACK, installation.id, arrived, NOTHING_WAS_SHARED, place_id)
    return [
        GradedPart(
            row["place_id"],
            row["is_of_one"],
            row["people"],
            row["at"],
            read_proof(row["attestation"]) if row["attestation"] else None,
        )
        for row in rows
    ]


def worst_of(parts: Sequence[GradedPart]) -> AttestationLevel:
    """Return the weakest grade of an installation's parts; without any, nothing is proven."""
    of_all = [each for each in parts if not each.is_of_one]
    levels = [each.proof.level if each.proof else _L.UNVERIFIABLE for each in of_all] or [_L.UNVERIFIABLE]
    return worst(levels + [_level_of_one(each, of_all) for each in parts if each.is_of_one])


def _level_of_one(own: GradedPart, of_all: Sequence[GradedPart]) -> AttestationLevel:
    if own.proof is not None and own.is_after(own.delivered_at):
        return own.proof.level
    about_all = (each for each in of_all if each.place_id == own.place_id and each.is_after(own.delivered_at))
    said = [each.proof.level for each in about_all if each.proof]
    # To look at everything is to look at nobody in particular: of each there is only the word that it is gone.
    covering = [_L.SELF_REPORTED if level is _L.PROBED else level for level in said]
    return min(covering, key=_RANKING.index, default=_L.UNVERIFIABLE)
