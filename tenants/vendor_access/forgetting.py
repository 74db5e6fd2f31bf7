"""Codes and tokens that have long been of no use go: a sweep."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from wardship.core.actor import system_actor
from wardship.tenants.access import Access, Services

KEPT_FOR: Final = timedelta(days=30)
"""How long after its end a code or token is known: shown again within that time, it ends what came of it."""
_BATCH: Final = 100
_DUE: Final = "select organisation_id from vendor_tokens_over($1, $2)"
_CODES: Final = "delete from vendor_code where organisation_id = $1 and expires_at < $2"
_TOKENS: Final = "delete from vendor_token where organisation_id = $1 and expires_at < $2"
_FAMILIES: Final = (
    "delete from vendor_token_family f where organisation_id = $1 and created_at < $2 and not exists ("
    " select from vendor_token t where t.organisation_id = $1 and t.family_id = f.id)"
)


async def forget_vendor_tokens(services: Services) -> None:
    """Remove what ended a month ago."""
    before = services.clock.now() - KEPT_FOR
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch(_DUE, before, _BATCH)
    for row in rows:
        async with services.database.tenant(row["organisation_id"]) as transaction:
            access = Access(system_actor(row["organisation_id"]), transaction, services, "sweep-vendor-tokens")
            for statement in (_CODES, _TOKENS, _FAMILIES):
                await access.execute(statement, before)
