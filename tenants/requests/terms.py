"""What somebody who asks now would be promised, before he or she asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wardship.core.accounts.residence import checked_country
from wardship.tenants.access import Access
from wardship.tenants.requests.insert import promised_in
from wardship.tenants.requests.regimes import Authority, authorities_for, regime_of


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds of a request that is asked now.

    Attributes:
        country: of residence (ISO 3166); empty where nobody has said.
        regime: the key of the law whose clock runs.
        due_at: by when it would have to be answered.
        authorities: where the person could complain.
    """

    country: str
    regime: str
    due_at: datetime
    authorities: list[Authority]


async def terms_of_asking(access: Access, *, country: str | None = None, work_country: str = "") -> Terms:
    """Return what the caller would be promised, as ``submit_request`` would set it at this moment.

    Args:
        access: the person.
        country: of residence (ISO 3166, two letters); None takes the account's.
        work_country: where the person works; may be empty.

    Raises:
        InvalidInputError: no such country.
    """
    access.require_scope("read")
    row = await access.fetchrow(
        "select settings, member_residence($2) as residence from organisation where id = $1", access.actor.member_id
    )
    told = dict(row or {})
    residence = (told.get("residence") or "") if country is None else checked_country(country, "country")
    law = regime_of(residence)
    authorities = authorities_for([residence, checked_country(work_country, "work_country")])
    return Terms(residence, law.key, law.due_at(access.now, promised_in(told.get("settings"))), authorities)


async def residence_of(access: Access, member_id: UUID | None) -> str:
    """Return where a member's account says that its owner lives (ISO 3166); empty where that was not said."""
    found: str | None = await access.transaction.fetchval("select member_residence($1)", member_id)
    return found or ""
