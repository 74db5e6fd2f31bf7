"""Tell an organisation that the provider's privacy team looked at a member's data: once a day for each person."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from wardship.core.actor import PROVIDER_ID, system_actor
from wardship.core.database.engine import Record
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access, Services
from wardship.tenants.data_access.notices import LOOKED
from wardship.tenants.notices.tell import tell_permitted
from wardship.tenants.permissions import Permission

_MOST: Final = 500
_UNTOLD: Final = """
    with told as (
        delete from untold_look where organisation_id = $1 and id = any(array(
            select u.id from untold_look u where u.organisation_id = $1 order by u.id limit $2
            for update skip locked))
        returning id
    )
    select distinct p.member_id, d.actor_id, (d.created_at at time zone 'UTC')::date as day,
        (select r.id from data_request r where r.organisation_id = $1 and r.member_id = p.member_id
            and r.handler = 'privacy_team' order by r.submitted_at desc, r.id desc limit 1) as request_id
    from told t
    join data_access d on d.organisation_id = $1 and d.id = t.id
    join data_access_person p on p.organisation_id = $1 and p.id = t.id
"""


async def tell_looks(services: Services) -> int:
    """Tell every organisation of the looks that it was not told of yet, and return how many organisations there were.

    They are told here and not with the look itself, which only reads, and writes nothing but that it was.
    """
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select * from organisations_to_tell_of_looks() as organisation_id")
    for row in rows:
        await _tell(services, row["organisation_id"])
    return len(rows)


async def _tell(services: Services, organisation_id: UUID) -> None:
    async with services.database.tenant(organisation_id) as transaction:
        access = Access(system_actor(organisation_id), transaction, services, str(uuid7()))
        for look in await access.fetch(_UNTOLD, _MOST):
            if organisation_id != PROVIDER_ID:  # there nobody decides but the privacy team itself
                await _tell_deciders(access, look)


async def _tell_deciders(access: Access, look: Record) -> None:
    """Tell those who decide on requests in the organisation, but whom the look was at."""
    request_id: UUID | None = look["request_id"]
    if request_id is None:
        return
    await tell_permitted(
        access,
        LOOKED,
        Permission.REQUESTS_DECIDE,
        target=("data_request", request_id),
        once=f"{look['actor_id']} {look['day']}",
        but=[look["member_id"]],
        request=request_id,
        day=look["day"],
    )
