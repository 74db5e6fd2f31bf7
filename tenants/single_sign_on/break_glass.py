"""The owner came in past the provider: who manages sign-in is told of each session, by a worker, within moments."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from wardship.core.actor import Actor, CredentialKind
from wardship.core.database.engine import Record
from wardship.core.sign_in.bound_sessions import note_break_glass_told
from wardship.tenants.access import Access, Services
from wardship.tenants.single_sign_on.notices import BREAK_GLASS_USED
from wardship.tenants.single_sign_on.read import provider_in_force
from wardship.tenants.single_sign_on.telling import tell_of_provider

_MOST: Final = 100


async def tell_of_break_glass(services: Services) -> None:
    """Tell of sessions by which owners came into their organisations past the provider; a worker calls it."""
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select * from break_glass_due($1) order by organisation_id", _MOST)
    for organisation_id, uses in groupby(rows, key=lambda row: row["organisation_id"]):
        async with services.database.tenant(organisation_id, directory=True) as transaction:
            for use in uses:
                actor = Actor(use["account_id"], organisation_id, None, frozenset(), CredentialKind.SESSION)
                await _tell(Access(actor, transaction, services, ""), use)


async def _tell(access: Access, use: Record) -> None:
    provider = await provider_in_force(access)
    if provider is not None:
        await access.audit("session.break_glass", "identity_provider", provider.id)
        once = f"break_glass:{use['session_id']}:{use['used_at'].isoformat()}"
        await tell_of_provider(access, BREAK_GLASS_USED, provider, once=once, when=use["used_at"])
    await note_break_glass_told(access.transaction, [use["session_id"]])
