"""An endpoint that says it is gone is sent nothing more."""

from __future__ import annotations

from typing import Final

from wardship.core.actor import PROVIDER_ID, system_actor
from wardship.core.database.scope import Scope
from wardship.tenants.access import Access
from wardship.tenants.remote_integrations.changes import move
from wardship.tenants.remote_integrations.records import RemoteIntegrationState

_S = RemoteIntegrationState
_ACTIVE: Final = (
    "select id from remote_integration where organisation_id = $1 and integration_key = $2 and state = 'active'"
    " for no key update"
)


async def note_gone(access: Access, key: str) -> None:
    """Send nothing more to an endpoint that answered a message so; in the transaction that settles the message.

    Args:
        access: the system's own, in the organisation whose message it was.
        key: of the integration.
    """
    async with access.transaction.reaching(Scope(PROVIDER_ID)):
        there = Access(system_actor(PROVIDER_ID), access.transaction, access.services, access.request_id)
        remote_id = await there.fetchval(_ACTIVE, key)
        if remote_id is not None:
            await move(there, remote_id, was=_S.ACTIVE, to=_S.DISABLED)
