"""Whose directory calls: by its provisioning token, in one statement, whether there is such a token or not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from scim2_models import UnauthorizedException

from wardship.core.actor import Actor, directory_actor
from wardship.tenants.access import Access, Services
from wardship.tenants.provisioning.tokens import note_use, token_hash

USED_EVERY: Final = timedelta(minutes=5)
_FIND: Final = "select organisation_id, token_id, last_used_at from authenticate_provisioning($1, $2)"


async def authenticate_directory(services: Services, authorization: str | None) -> Actor:
    """Return the directory whose token was sent.

    An unknown token, one that has ended, and one of an organisation that is suspended get the same answer after the
    same statement; whatever is no token at all is looked up too.

    Raises:
        UnauthorizedException: it is nobody's.
    """
    scheme, _, token = (authorization or "").partition(" ")
    now = services.clock.now()
    row = await services.database.look_up(_FIND, token_hash(token), now)
    if row is None or scheme.lower() != "bearer":
        raise UnauthorizedException(
            detail="Send `Authorization: Bearer` with a provisioning token of the organisation."
        )
    actor = directory_actor(row["organisation_id"], row["token_id"])
    if _is_long_ago(row["last_used_at"], now):
        async with services.database.tenant(actor.organisation_id) as transaction:
            await note_use(Access(actor, transaction, services, "provisioning"), row["token_id"])
    return actor


def _is_long_ago(used_at: datetime | None, now: datetime) -> bool:
    return used_at is None or now - used_at >= USED_EVERY
