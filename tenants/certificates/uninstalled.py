"""What a certificate states of an integration that was taken away: what was given back where, and how that is proven.

What was owed about everybody stands with its evidence, whose digests are keyed. What was owed of single people is
counted, by place and by how it ended: no exchange of what was owed of one of them is in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from wardship.plugins.api import AttestationLevel, Verb
from wardship.plugins.host.grading import Basis
from wardship.tenants.access import Access
from wardship.tenants.certificates.content import (
    Place,
    RetainedThere,
    audit_head,
    moment_text,
    organisation_slug,
    place_of,
    recipient_of,
)
from wardship.tenants.egress.ledger import MAY_HAVE_ARRIVED
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.grades import GradedPart, graded_parts, shortfalls, worst_of
from wardship.tenants.obligations.progress import places_of_installations
from wardship.tenants.obligations.proofs import ProofRecord, read_proof
from wardship.tenants.obligations.read import SELECT, ObligationRecord
from wardship.tenants.obligations.states import ObligationState

VERSION: Final = 3
ABOUT: Final = "uninstallation"
_PEOPLE: Final = (
    "select count(distinct member_id) from disclosure where organisation_id = $1 and installation_id = $2"
    " and state = any($3::text[])"
)
_ABOUT_EVERYBODY: Final = (
    " where o.organisation_id = $1 and o.installation_id = $2 and o.member_id is null"
    " and o.verb in ('erase', 'revoke') order by o.created_at, o.id"
)
# Of each member and place the last of each verb: what a look found left and was repeated counts by its last round.
_COUNTED: Final = """
    select place_id, verb, state, code, attestation, count(*) as people, sum(records) as records, max(due_at) as due_at,
        max(ended_at) as ended_at, max(checked_at) as checked_at
    from (
        select distinct on (place_id, member_id, verb) place_id, verb, state, due_at, ended_at,
            coalesce(outcome ->> 'code', outcome ->> 'status', 'unknown') as code,
            coalesce((outcome ->> 'records_affected')::bigint, 0) as records,
            (attestation ->> 'checked_at')::timestamptz as checked_at,
            jsonb_strip_nulls(jsonb_build_object('level', attestation ->> 'level', 'basis', attestation ->> 'basis',
                'checked_at', to_timestamp(0), 'method', '')) as attestation
        from obligation where organisation_id = $1 and installation_id = $2 and member_id is not null
            and verb in ('erase', 'revoke')
        order by place_id, member_id, verb, created_at desc, id desc
    ) last group by place_id, verb, state, code, attestation order by place_id, verb, state, code, attestation
"""
_RETAINED: Final = """
    select distinct o.place_id, kept ->> 'category' as category, kept ->> 'legal_basis' as legal_basis,
        kept ->> 'until' as until
    from obligation o cross join lateral jsonb_array_elements(coalesce(o.outcome -> 'retained', '[]')) kept
    where o.organisation_id = $1 and o.installation_id = $2 and o.member_id is not null
        and o.verb in ('erase', 'revoke')
    order by 1, 2, 3, 4 limit 100
"""


class EndedPlace(Place, frozen=True):
    """What was owed at one place, about everybody or of some people, and how it ended.

    Attributes:
        place: by what a place is known within the certificate: its number.
        people: of how many it was owed and ended so; 0 for what was about everybody.
    """

    place: int = 0
    people: int = 0


class ProvenPart(msgspec.Struct, frozen=True):
    """What the grade of the whole follows from: the last proof about everybody at a place, or about some people.

    Attributes:
        place: its number.
        people: how many it is about; 0 for everybody, whose proof stands with its evidence among the places.
        delivered_at: when one of them may last have been delivered, where the proof is not younger; RFC 3339.
        proof: its grade; empty where there is none.
    """

    place: int
    people: int
    delivered_at: str
    proof: str
    basis: str
    checked_at: str


class UninstallationStatement(msgspec.Struct, frozen=True):
    """The content of a certificate of an integration that was taken away.

    Attributes:
        holder: for whom it was connected: the organisation, a group or a member, none of them by name.
        people: to how many something may have been delivered.
        grade: the weakest proof of all.
    """

    version: int
    about: str
    iss: str
    iat: int
    jti: str
    organisation: str
    integration: str
    integration_version: str
    vendor: str
    country: str
    holder: str
    installed_at: str
    ended_at: str
    people: int
    grade: str
    places: tuple[EndedPlace, ...]
    proven: tuple[ProvenPart, ...]
    audit_entries: int
    audit_hash: str


async def uninstallation_statement(
    access: Access, installation: InstallationRecord, certificate_id: UUID
) -> UninstallationStatement:
    """Return what is certified of an installation that was taken away."""
    parts = await graded_parts(access, installation)
    head, manifest = await audit_head(access), installation.manifest
    arrived = [state.value for state in MAY_HAVE_ARRIVED]
    numbers = await _numbers(access, installation)
    return UninstallationStatement(
        version=VERSION,
        about=ABOUT,
        iss=access.services.settings.public_url,
        iat=int(access.now.timestamp()),
        jti=str(certificate_id),
        organisation=await organisation_slug(access),
        integration=manifest.name,
        integration_version=installation.integration_version,
        vendor=manifest.vendor.legal_name,
        country=manifest.vendor.country or "",
        holder=installation.holder.value,
        installed_at=moment_text(installation.created_at),
        ended_at=moment_text(installation.removed_at),
        people=await access.fetchval(_PEOPLE, installation.id, arrived),
        grade=worst_of(parts).value,
        places=(
            *await _about_everybody(access, installation, numbers),
            *await _counted(access, installation, numbers),
        ),
        proven=tuple(_proven(part, numbers) for part in parts),
        audit_entries=head.entries,
        audit_hash=head.digest,
    )


def grade_of(stated: UninstallationStatement) -> AttestationLevel:
    """Return the grade that follows from what a certificate itself holds: by the function that graded the whole."""
    return worst_of([_part(each) for each in stated.proven])


async def _numbers(access: Access, installation: InstallationRecord) -> Mapping[UUID, tuple[int, str]]:
    """Return, by place, its number within the certificate and who received the data there."""
    places = (await places_of_installations(access, [installation.id]))[installation.id]
    return {
        place.id: (number, recipient_of(place.recipient, installation)) for number, place in enumerate(places, start=1)
    }


async def _about_everybody(
    access: Access, installation: InstallationRecord, numbers: Mapping[UUID, tuple[int, str]]
) -> Sequence[EndedPlace]:
    owed = await access.fetch_as(ObligationRecord, SELECT + _ABOUT_EVERYBODY, installation.id)
    missing = shortfalls(owed)
    return [
        _ended(place_of(each, each.proof, installation, missing[each.id]), numbers[each.place_id][0]) for each in owed
    ]


def _ended(owed: Place, number: int) -> EndedPlace:
    return EndedPlace(**{name: getattr(owed, name) for name in Place.__struct_fields__}, place=number)


async def _counted(
    access: Access, installation: InstallationRecord, numbers: Mapping[UUID, tuple[int, str]]
) -> Sequence[EndedPlace]:
    kept: dict[UUID, list[RetainedThere]] = {}
    for row in await access.fetch(_RETAINED, installation.id):
        there = RetainedThere(row["category"], row["legal_basis"], row["until"])
        kept.setdefault(row["place_id"], []).append(there)
    rows = await access.fetch(_COUNTED, installation.id)
    return [_of_people(row, numbers[row["place_id"]], kept.get(row["place_id"], ())) for row in rows]


def _of_people(row: Mapping[str, Any], there: tuple[int, str], kept: Sequence[RetainedThere]) -> EndedPlace:
    number, recipient = there
    is_done = row["state"] == ObligationState.COMPLETED
    proof = read_proof(row["attestation"]) if "level" in msgspec.json.decode(row["attestation"]) else None
    return EndedPlace(
        recipient=recipient,
        verb=row["verb"],
        state=row["state"],
        due_at=moment_text(row["due_at"]),
        ended_at=moment_text(row["ended_at"]),
        records=int(row["records"]),
        proof=proof.level.value if proof else "",
        checked_at=moment_text(row["checked_at"]) if proof else "",
        evidence_sha256="",
        shortfall="" if is_done else row["code"],
        retained=tuple(kept) if row["verb"] == Verb.ERASE else (),
        basis=proof.basis.value if proof else "",
        place=number,
        people=row["people"],
    )


def _proven(part: GradedPart, numbers: Mapping[UUID, tuple[int, str]]) -> ProvenPart:
    proof = part.proof
    return ProvenPart(
        place=numbers[part.place_id][0],
        people=part.people,
        delivered_at=_exactly(part.delivered_at),
        proof=proof.level.value if proof else "",
        basis=proof.basis.value if proof else "",
        checked_at=_exactly(proof.checked_at if proof else None),
    )


def _part(stated: ProvenPart) -> GradedPart:
    proof = None
    if stated.proof:
        level, basis = AttestationLevel(stated.proof), Basis(stated.basis)
        at = datetime.fromisoformat(stated.checked_at)
        proof = ProofRecord(level=level, checked_at=at, method="", basis=basis)
    delivered_at = datetime.fromisoformat(stated.delivered_at) if stated.delivered_at else None
    return GradedPart(UUID(int=stated.place), stated.people > 0, stated.people, delivered_at, proof)


def _exactly(moment: datetime | None) -> str:
    """Return a moment whole: which of two was first is what the grade hangs on."""
    return "" if moment is None else moment.astimezone(UTC).isoformat()
