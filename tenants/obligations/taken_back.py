"""What was taken back of a person before it was asked for: at recipients that nothing is owed at any more."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from wardship.plugins.api import AttestationLevel
from wardship.plugins.host.grading import Basis
from wardship.tenants.access import Access
from wardship.tenants.egress.ledger import MAY_HAVE_ARRIVED
from wardship.tenants.obligations.proofs import Evidence, ProofRecord
from wardship.tenants.obligations.read import SELECT, ObligationRecord

_LAST_AT_EACH_PLACE = """
 where o.organisation_id = $1 and o.id in (
    select distinct on (d.place_id) t.id from (
        select place_id, max(coalesce(settled_at, created_at)) as at from disclosure
        where organisation_id = $1 and member_id = $2 and state = any($3::text[]) group by place_id
    ) d join obligation t on t.organisation_id = $1 and t.place_id = d.place_id
        and (t.member_id = $2 or t.member_id is null)
    where t.verb in ('erase', 'revoke') and t.state = 'completed' and t.ended_at >= d.at
        and not (d.place_id = any($4::uuid[]))
    order by d.place_id, t.member_id is null, t.created_at desc, t.id desc
) order by o.created_at, o.id
"""


async def taken_back_before(
    access: Access, member_id: UUID, owed: Sequence[ObligationRecord]
) -> list[tuple[ObligationRecord, ProofRecord | None]]:
    """Return what last took a person's data back at each place where nothing is owed now, with its proof.

    Args:
        access: the system's own.
        member_id: whose.
        owed: what is owed now, at the other places.
    """
    places = list({each.place_id for each in owed})
    rows = await access.fetch_as(
        ObligationRecord, SELECT + _LAST_AT_EACH_PLACE, member_id, [state.value for state in MAY_HAVE_ARRIVED], places
    )
    return [(row, row.proof if row.member_id else _of_everything(row.proof)) for row in rows]


def _of_everything(proof: ProofRecord | None) -> ProofRecord | None:
    """Return what a proof about everything says of one person: no more than that the vendor said that it is gone."""
    if proof is None or proof.level is not AttestationLevel.PROBED or proof.evidence is None:
        return proof
    said = AttestationLevel.SELF_REPORTED
    evidence = Evidence(claimed=proof.evidence.claimed, said=said)
    return msgspec.structs.replace(proof, level=said, basis=Basis.SAID_BY_VENDOR, evidence=evidence)
