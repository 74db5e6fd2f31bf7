"""Trouble with a provider that an administrator has to settle: noted once, told once, over with the next sign-in."""

from __future__ import annotations

from wardship.core.errors import WardshipError
from wardship.tenants.access import Access
from wardship.tenants.single_sign_on.notices import PROVIDER_TROUBLE
from wardship.tenants.single_sign_on.records import IN_FORCE, ProviderRecord
from wardship.tenants.single_sign_on.telling import tell_of_provider


async def note_trouble(access: Access, provider: ProviderRecord, error: WardshipError) -> None:
    """Note that people could not come in by a provider, and tell who manages sign-in unless that is told already."""
    is_new = await access.execute(
        "update identity_provider set trouble = $3, trouble_since = $4"
        " where organisation_id = $1 and id = $2 and trouble is null",
        provider.id,
        error.message,
        access.now,
    )
    if is_new and provider.state in IN_FORCE:
        await tell_of_provider(access, PROVIDER_TROUBLE, provider, trouble=error.message)


async def forget_trouble(access: Access, provider: ProviderRecord) -> None:
    """Note that somebody has come in by a provider again."""
    await access.execute(
        "update identity_provider set trouble = null, trouble_since = null where organisation_id = $1 and id = $2",
        provider.id,
    )
