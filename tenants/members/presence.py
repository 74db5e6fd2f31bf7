"""When a member last used the service: noted at most once an hour, because nobody needs it to the minute."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from wardship.core.actor import Actor, CredentialKind
from wardship.tenants.access import Services

NOTED_EVERY = timedelta(hours=1)
_REMEMBERED = 10_000


class Presence:
    """Notes who was here, in a transaction of its own.

    Args:
        services: the deployment's parts.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._noted: dict[tuple[UUID, UUID], datetime] = {}

    async def note(self, actor: Actor) -> None:
        """Note that a member is here; a token is a program, the privacy team and the system are no members."""
        if actor.credential is not CredentialKind.SESSION or actor.member_id is None or not actor.roles:
            return
        place, now = (actor.organisation_id, actor.member_id), self._services.clock.now()
        if place in self._noted and now - self._noted[place] < NOTED_EVERY:
            return
        async with self._services.database.tenant(actor.organisation_id) as transaction:
            await transaction.execute(
                "update member set last_seen_at = $3 where organisation_id = $1 and id = $2"
                " and (last_seen_at is null or last_seen_at <= $4)",
                *place,
                now,
                now - NOTED_EVERY,
            )
        if len(self._noted) >= _REMEMBERED:
            self._noted.clear()
        self._noted[place] = now
