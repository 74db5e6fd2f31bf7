"""Integrations that vendors serve themselves, as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.relations import reference
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field, root_field
from wardship.graphql.installations.declarations import Declaration, declaration_of
from wardship.graphql.vendors.askers import vendors
from wardship.tenants.remote_integrations.declaring import declarations_of
from wardship.tenants.remote_integrations.read import IntegrationUse, list_remote_integrations, use_of
from wardship.tenants.remote_integrations.records import RemoteIntegrationRecord, RemoteIntegrationState

strawberry.enum(RemoteIntegrationState, name="RemoteIntegrationState", description="Where a remote integration stands.")


@object_type()
class RemoteIntegrationUse:
    """How much depends on a remote integration: counts, and no organisation by name."""

    organisations: int = field("How many organisations have it installed.")
    installations: int = field("In how many places.")
    awaiting: int = field("How many of these wait for an administrator to approve what it declares now.")


def _use(found: IntegrationUse | None) -> RemoteIntegrationUse:
    if found is None:
        return RemoteIntegrationUse(organisations=0, installations=0, awaiting=0)
    return RemoteIntegrationUse(
        organisations=found.organisations, installations=found.installations, awaiting=found.awaiting
    )


@object_type(RemoteIntegrationRecord)
class RemoteIntegration(Node):
    """An integration that its vendor serves itself. The secret that signs its messages is told once."""

    id: strawberry.ID = global_id_field("RemoteIntegration")
    created_at: datetime = field("When it was registered.")
    url: str = field("Where its document is served.")
    state: RemoteIntegrationState = field("Where it stands; nothing is sent to one that is not active.")
    state_since: datetime = field("Since when.")
    integration_key: str | None = field("Key of the integration; null until its document could be read.")
    name: str = field("Its name; empty until its document could be read.")
    version: str = field("Its version; empty until its document could be read.")
    vendor_name: str = field("Legal name of the vendor; empty until its document could be read.")
    endpoint: str = field("Where messages are sent; empty until its document could be read.")
    fetched_at: datetime | None = field("When a document that could be used was fetched last.")
    fault: str = field("What was wrong when it was looked at last, and what to do; empty when nothing was.")
    faulty_since: datetime | None = field("Since when something is wrong; null when nothing is.")
    vendor = reference(vendors, "account_id", "Whose it is; null when the account is no vendor's any more.")

    @batch_field(cost=3)
    @staticmethod
    async def declaration(
        parents: Sequence[RemoteIntegrationRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[Declaration | None]:
        """What it declares, as administrators see it; null until its document could be read."""
        found = await declarations_of(info.context.access, [parent.id for parent in parents])
        return [declaration_of(*found[parent.id]) if parent.id in found else None for parent in parents]

    @batch_field(cost=3)
    @staticmethod
    async def use(
        parents: Sequence[RemoteIntegrationRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[RemoteIntegrationUse]:
        """How much depends on it."""
        keys = [parent.integration_key for parent in parents if parent.integration_key]
        found = await use_of(info.context.access, keys)
        return [_use(found.get(parent.integration_key or "")) for parent in parents]


@strawberry.type
class RemoteIntegrationQueries:
    """Remote integrations in a list."""

    @root_field(cost=3)
    async def remote_integrations(
        self,
        info: ApiInfo,
        first: int = 20,
        after: str | None = None,
        states: list[RemoteIntegrationState] | None = None,
    ) -> Connection[RemoteIntegration]:
        """Remote integrations by the time they were registered: a vendor's own, for operators all of them."""
        request = page_request(first, after)
        return connection(await list_remote_integrations(info.context.access, request, states or ()), request)
