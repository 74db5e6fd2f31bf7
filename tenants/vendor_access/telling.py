"""Tell both sides that a code or token was shown twice: who looks after the installation, and the client's vendor."""

from __future__ import annotations

from typing import Final

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.scope import Scope
from wardship.core.notices import tell_account
from wardship.tenants.access import Access
from wardship.tenants.installations.records import find_installations
from wardship.tenants.installations.telling import tell_keepers
from wardship.tenants.vendor_access.notices import OWN_TOKENS_ENDED, VENDOR_TOKENS_ENDED
from wardship.tenants.vendor_access.records import KnownCode, KnownToken

_CLIENT: Final = "select account_id, name from vendor_client where organisation_id = $1 and id = $2"


async def tell_shown_twice(access: Access, used: KnownCode | KnownToken) -> None:
    """Tell what ended and why, in the transaction that ended it: once for each consent, however often it is shown.

    A vendor is told once a day for each client and installation: whoever consents again and again could else fill its
    mailbox.

    Args:
        access: the system's own, in the organisation whose grant it is.
        used: what was shown.
    """
    installation = (await find_installations(access, [used.installation_id]))[used.installation_id]
    is_code = isinstance(used, KnownCode)
    async with access.transaction.reaching(Scope(PROVIDER_ID, directory=True)):
        client = await access.transaction.fetchrow(_CLIENT, PROVIDER_ID, used.client_id)
        if client is None:
            raise LookupError(used.client_id)
        await tell_account(
            access.transaction,
            access.services,
            client["account_id"],
            OWN_TOKENS_ENDED,
            once=f"{used.client_id}:{installation.id}:{access.now.date()}",
            client=client["name"],
            integration=installation.manifest.name,
            installation=str(installation.id),
            is_code=is_code,
        )
    await tell_keepers(
        access,
        installation,
        VENDOR_TOKENS_ENDED,
        once=str(used.family_id),
        client=client["name"],
        vendor=installation.manifest.vendor.legal_name,
        is_code=is_code,
    )
