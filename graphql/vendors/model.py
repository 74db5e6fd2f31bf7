"""Vendors' clients, and what they were let into, as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.relations import extends, in_order, reference
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field, root_field
from wardship.graphql.installations.declarations import Declaration, declaration_of
from wardship.graphql.installations.model import Installation, optional_installations
from wardship.graphql.members.model import related_members
from wardship.graphql.vendors.askers import vendors
from wardship.plugins.host.registry import Registry
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.vendor_access.granting import VendorGrantRecord, vendor_grants_of
from wardship.tenants.vendor_clients.read import list_vendor_clients, organisations_of_clients
from wardship.tenants.vendor_clients.records import VendorClientRecord, VendorClientState
from wardship.tenants.vendor_clients.redirect_uris import MOST as MOST_ADDRESSES

strawberry.enum(VendorClientState, name="VendorClientState", description="Where a vendor's client stands.")


@object_type(VendorClientRecord)
class VendorClient(Node):
    """What fetches data in the name of an integration. Its secret is told once, when it is made."""

    id: strawberry.ID = global_id_field("VendorClient")
    client_id: str = field("By which it is known to the authorization server.", source="id", convert=str)
    created_at: datetime = field("When it was asked for.")
    name: str = field("By which administrators recognise it on the consent page.")
    integration_key: str = field("Key of the integration in whose name it fetches.")
    is_confidential: bool = field("Whether it can keep a secret; if not, it proves itself by PKCE alone.")
    redirect_uris: list[str] = field("Where browsers are sent back to, letter by letter.", size=MOST_ADDRESSES)
    state: VendorClientState = field("Where it stands; nothing is given to one that is not active.")
    vendor = reference(vendors, "account_id", "Whose it is; null when the account is no vendor's any more.")

    @batch_field(cost=1)
    @staticmethod
    async def declaration(
        parents: Sequence[VendorClientRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[Declaration | None]:
        """What the integration declares in whose name it fetches; null while that is not there."""
        return [_declared(info.context.access.services.integrations, parent.integration_key) for parent in parents]

    @batch_field(cost=2)
    @staticmethod
    async def organisations(parents: Sequence[VendorClientRecord], info: BatchInfo[ApiContext]) -> Sequence[int]:
        """How many organisations have let it in."""
        found = await organisations_of_clients(info.context.access, [parent.id for parent in parents])
        return [found.get(parent.id, 0) for parent in parents]


def _declared(integrations: Registry, key: str) -> Declaration | None:
    loaded = integrations.get(key)
    if loaded.manifest is None or loaded.plan is None:
        return None
    return declaration_of(loaded.manifest, loaded.plan)


@object_type(VendorGrantRecord)
class VendorGrant(Node):
    """That a vendor's client may fetch what an installation's declaration said when somebody consented."""

    id: strawberry.ID = global_id_field("VendorGrant")
    client_name: str = field("The client's name when somebody consented.")
    created_at: datetime = field("When somebody consented first.")
    ended_at: datetime | None = field("When it ended; null while it is open.")
    installation = reference(optional_installations, "installation_id", "The installation for which it fetches.")
    granted_by = reference(related_members, "granted_by", "Who consented last; null when not seen.")


@extends(Installation)
class InstallationVendorGrants:
    """What clients of the vendor may fetch for an installation."""

    @batch_field(cost=2, size=8)
    @staticmethod
    async def vendor_grants(
        parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[list[VendorGrant]]:
        """The vendor's clients that were let in and may fetch."""
        keys = [parent.id for parent in parents]
        return in_order(await vendor_grants_of(info.context.access, keys), keys)


@strawberry.type
class VendorQueries:
    """Vendors' clients in a list."""

    @root_field(cost=3)
    async def vendor_clients(
        self, info: ApiInfo, first: int = 20, after: str | None = None, states: list[VendorClientState] | None = None
    ) -> Connection[VendorClient]:
        """Clients by the time they were asked for: a vendor's own, for the provider's operators all of them."""
        request = page_request(first, after)
        return connection(await list_vendor_clients(info.context.access, request, states or ()), request)
