"""Which registrations have changed since installations were looked after, and that they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from wardship.core.actor import PROVIDER_ID, system_actor
from wardship.tenants.access import Access, Services
from wardship.tenants.remote_integrations.adopting import is_adopted

_MOST: Final = 20
_UNFOLLOWED: Final = (
    "select id, integration_key, revision from remote_integration where organisation_id = $1 and followed < revision"
    " and is_admitted order by id limit $2"
)
_FOLLOWED: Final = (
    "update remote_integration set followed = $3 where organisation_id = $1 and id = $2 and followed < $3"
)


@dataclass(frozen=True, slots=True)
class Changed:
    """One registration that is another now than it was when installations were looked after."""

    remote_id: UUID
    key: str
    revision: int
    installations: tuple[tuple[UUID, UUID], ...]
    """Organisation and installation."""


async def changed_registrations(services: Services) -> list[Changed]:
    """Return the registrations whose installations are to be looked after, as this process has them loaded."""
    async with services.database.tenant(PROVIDER_ID, read_only=True) as transaction:
        access = Access(system_actor(PROVIDER_ID), transaction, services, "remote_integrations")
        rows = await access.fetch(_UNFOLLOWED, _MOST)
        return [
            Changed(row["id"], row["integration_key"], row["revision"], await _installations(access, row))
            for row in rows
            if is_adopted(services, row["integration_key"], row["id"], row["revision"])
        ]


async def _installations(access: Access, row: Mapping[str, Any]) -> tuple[tuple[UUID, UUID], ...]:
    found = await access.transaction.fetch("select * from installations_of_integration($1)", row["integration_key"])
    return tuple((each["organisation_id"], each["installation_id"]) for each in found)


async def note_followed(services: Services, changed: Changed) -> None:
    """Note that the installations of a registration were looked after as of this revision."""
    async with services.database.tenant(PROVIDER_ID) as transaction:
        access = Access(system_actor(PROVIDER_ID), transaction, services, "remote_integrations")
        await access.execute(_FOLLOWED, changed.remote_id, changed.revision)
