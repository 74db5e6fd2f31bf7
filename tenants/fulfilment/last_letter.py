"""The last letter to somebody who is erased: written with the erasure, to the address that goes with it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from wardship.core.notices import Addressee, mail_letter
from wardship.tenants.access import Access
from wardship.tenants.erasure.remainders import has_remainders
from wardship.tenants.requests.notices import ERASURE_DONE
from wardship.tenants.requests.records import RightRecord

_ERASING: Final = (
    "select count(distinct place_id) from obligation where organisation_id = $1 and id = any($2::uuid[])"
    " and verb = 'erase'"
)


async def address_of(access: Access, member_id: UUID) -> Addressee | None:
    """Return where somebody is written to now; None without a verified address."""
    row = await access.fetchrow(
        "select e.address, a.time_zone, o.name from member m join organisation o on o.id = $1"
        " join account a on a.id = m.account_id"
        " join account_email e on e.account_id = m.account_id and e.is_primary and e.verified_at is not null"
        " where m.organisation_id = $1 and m.id = $2",
        member_id,
    )
    # The letter is nobody's: a mail of the account would go with it.
    return Addressee(row["address"], zone=row["time_zone"], organisation=row["name"]) if row else None


async def mail_erased(access: Access, address: Addressee | None, right: RightRecord, owed: Collection[UUID]) -> None:
    """Write that somebody was erased, in the transaction that erases: it is sent if that is done, and not otherwise.

    Args:
        access: the system's own.
        address: as it was before.
        right: the erasure.
        owed: what recipients owe for it.
    """
    if address is not None:
        erasing = await access.fetchval(_ERASING, list(owed))
        is_limited = await has_remainders(access, right.id)
        values = {"date": access.now, "recipients": erasing, "is_waiting": bool(owed), "is_limited": is_limited}
        await mail_letter(access.transaction, access.services, ERASURE_DONE, address, **values)
