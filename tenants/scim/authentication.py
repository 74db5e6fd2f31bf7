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
_STILL_OPENS: Final = """
    select true from provisioning_token t join organisation o on o.id = t.organisation_id
        and o.state in ('active', 'leaving') and o.suspended_at is null
    where t.organisation_id = $1 and t.id = $2 and t.revoked_at is null and t.expires_at > $3
"""


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
        raise _opens_nothing()
    actor = directory_actor(row["organisation_id"], row["token_id"])
    if _is_long_ago(row["last_used_at"], now):
        async with services.database.tenant(actor.organisation_id) as transaction:
            await note_use(Access(actor, transaction, services, "provisioning"), row["token_id"])
    return actor


async def require_still_opens(access: Access) -> None:
    """Refuse a directory whose token, or organisation, opens nothing any more since it was let in.

    Raises:
        UnauthorizedException: the token was revoked, or has ended, or the organisation is suspended.
    """
    if not await access.fetchval(_STILL_OPENS, access.actor.credential_id, access.now):
        raise _opens_nothing()


def _opens_nothing() -> UnauthorizedException:
    return UnauthorizedException(detail="Send `Authorization: Bearer` with a provisioning token of the organisation.")


def _is_long_ago(used_at: datetime | None, now: datetime) -> bool:
    return used_at is None or now - used_at >= USED_EVERY
