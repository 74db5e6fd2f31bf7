"""The provider's side of remote integrations: what a vendor and an operator do, and what the worker's clocks do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.builders import access_for
from tests.tenants.operating import operating
from tests.tenants.vendor_access.desk import vendor_actor
from wardship.tenants.access import Access, Services
from wardship.tenants.declarations import declaration_digest
from wardship.tenants.installation_lifecycle.upgrades import follow_remote_integrations
from wardship.tenants.remote_integrations.adopting import adopt_remote_integrations
from wardship.tenants.remote_integrations.deciding import (
    approve_remote_integration,
    suspend_remote_integration,
    suspend_without_vendor,
)
from wardship.tenants.remote_integrations.declaring import declarations_of
from wardship.tenants.remote_integrations.fetching import fetch_documents
from wardship.tenants.remote_integrations.read import remote_integration_by_id
from wardship.tenants.remote_integrations.records import RemoteIntegrationRecord
from wardship.tenants.remote_integrations.registering import (
    AGAIN_AFTER,
    check_remote_integration,
    register_remote_integration,
)

SETTINGS = {"workspace": "harbour"}


async def seen(access: Access, remote_id: UUID) -> str:
    """The digest of what an operator reads now."""
    return declaration_digest(*(await declarations_of(access, [remote_id]))[remote_id]).hex()


@dataclass
class Provider:
    """One vendor, and whoever operates the deployment."""

    services: Services
    vendor_id: UUID

    def vendor(self, **changes: Any):
        return access_for(self.services, vendor_actor(self.services, self.vendor_id, **changes))

    async def register(self, url: str):
        async with self.vendor() as access:
            issued = await register_remote_integration(access, url)
        await self.sweep()
        return issued

    async def let_in(self, remote_id: UUID) -> None:
        async with operating(self.services) as access:
            await approve_remote_integration(access, remote_id, await seen(access, remote_id))
        await self.sweep()

    async def check(self, remote_id: UUID) -> RemoteIntegrationRecord:
        self.services.clock.advance(AGAIN_AFTER)
        async with self.vendor() as access:
            await check_remote_integration(access, remote_id)
        await self.sweep()
        return await self.read(remote_id)

    async def sweep(self) -> None:
        """What a worker does when it hears of a change."""
        await fetch_documents(self.services)
        await suspend_without_vendor(self.services)
        await adopt_remote_integrations(self.services)
        await follow_remote_integrations(self.services)

    async def read(self, remote_id: UUID) -> RemoteIntegrationRecord:
        async with operating(self.services) as access:
            return await remote_integration_by_id(access, remote_id)

    async def suspend(self, remote_id: UUID) -> None:
        async with operating(self.services) as access:
            await suspend_remote_integration(access, remote_id)
        await self.sweep()
