"""Tell operators what waits for them, and vendors what became of their clients without their doing."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from wardship.core.database.scope import Scope
from wardship.core.notices import tell_account, tell_staff
from wardship.tenants.access import Access
from wardship.tenants.vendor_clients.notices import VENDOR_CLIENT_REQUESTED, VENDOR_CLIENT_STATE
from wardship.tenants.vendor_clients.records import VendorClientRecord, VendorClientState

_S = VendorClientState
_EVENTS: Final = MappingProxyType(
    {
        (_S.REQUESTED, _S.ACTIVE): ("let_in", "let in"),
        (_S.SUSPENDED, _S.ACTIVE): ("let_in_again", "let in again"),
        (_S.ACTIVE, _S.SUSPENDED): ("suspended", "suspended"),
        (_S.REQUESTED, _S.ENDED): ("refused", "refused"),
        (_S.ACTIVE, _S.ENDED): ("ended", "ended"),
        (_S.SUSPENDED, _S.ENDED): ("ended", "ended"),
    }
)
"""By the state before and after: the event, and how a vendor is told of it, after "is"."""


async def tell_requested(access: Access, client: VendorClientRecord) -> None:
    """Tell operators that a client waits; once a day for each vendor, which may ask and end as often as it likes."""
    await tell_staff(
        access.transaction,
        access.services,
        VENDOR_CLIENT_REQUESTED,
        once=f"{client.account_id}:{access.now.date()}",
        client=client.name,
        integration=client.integration_key,
        hosts=list(dict.fromkeys(urlsplit(address).netloc for address in client.redirect_uris)),
    )


async def tell_transition(access: Access, client: VendorClientRecord, *, was: VendorClientState) -> None:
    """Tell a vendor what somebody else has made of its client."""
    if access.actor.account_id == client.account_id:
        return
    event, words = _EVENTS[was, client.state]
    async with access.transaction.reaching(Scope(access.organisation_id, directory=True)):
        await tell_account(
            access.transaction,
            access.services,
            client.account_id,
            VENDOR_CLIENT_STATE,
            client=client.name,
            event=event,
            words=words,
        )
