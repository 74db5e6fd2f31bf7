"""Grants, as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import strawberry

from wardship.graphql.api.context import ApiContext
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.relations import extends, in_order, reference
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, batch_field, field
from wardship.graphql.installations.declarations import category_label, purpose_label
from wardship.graphql.installations.model import Installation, optional_installations
from wardship.tenants.grants.granting import GrantRecord, grants_of
from wardship.tenants.installations.records import InstallationRecord


@object_type(GrantRecord)
class Grant(Node):
    """One category for one purpose that an installation may receive."""

    id: strawberry.ID = global_id_field("Grant")
    category: str = field("Key of the data category.")
    category_label: str = field("The category in words.", source="category", convert=category_label)
    purpose: str = field("Key of the purpose.")
    purpose_label: str = field("The purpose in words.", source="purpose", convert=purpose_label)
    created_at: datetime = field("When it was granted.")
    withdrawn_at: datetime | None = field("When it was withdrawn; null while it holds.")
    installation = reference(optional_installations, "installation_id", "The installation that may receive it.")


@extends(Installation, after="pending_declaration")
class InstallationGrants:
    """What an installation may receive."""

    @batch_field(cost=2, size=8)
    @staticmethod
    async def grants(
        parents: Sequence[InstallationRecord],
        info: BatchInfo[ApiContext],
        *,
        with_withdrawn: bool = False,
    ) -> Sequence[list[Grant]]:
        """What it may receive, by category and purpose; withdrawn ones if wanted."""
        found = await grants_of(info.context.access, [parent.id for parent in parents], with_withdrawn=with_withdrawn)
        return in_order(found, [parent.id for parent in parents])
