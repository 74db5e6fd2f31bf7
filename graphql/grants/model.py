"""Grants, and the consents and objections of members, as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.node import Node, global_id_field, node_loader
from wardship.graphql.api.relations import extends, in_order
from wardship.graphql.engine import BatchInfo, backed_by, batch_field, field
from wardship.graphql.installations.declarations import category_label, purpose_label
from wardship.graphql.installations.model import Installation, optional_installations
from wardship.tenants.grants.choices import ConsentRecord, ObjectionRecord
from wardship.tenants.grants.granting import GrantRecord, grants_by_ids, grants_of
from wardship.tenants.installations.records import InstallationRecord


@strawberry.type(description="One category for one purpose that an installation may receive.")
@backed_by(GrantRecord)
class Grant(Node):
    """A grant."""

    id: strawberry.ID = global_id_field("Grant")
    category: str = field(description="Key of the data category.")
    category_label: str = field(description="The category in words.", source="category", convert=category_label)
    purpose: str = field(description="Key of the purpose.")
    purpose_label: str = field(description="The purpose in words.", source="purpose", convert=purpose_label)
    created_at: datetime = field(description="When it was granted.")
    withdrawn_at: datetime | None = field(description="When it was withdrawn; null while it holds.")

    @batch_field(cost=2)
    @staticmethod
    async def installation(
        parents: Sequence[GrantRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[Installation | None]:
        """The installation that may receive it."""
        return await optional_installations(info.context, [parent.installation_id for parent in parents])


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


@strawberry.type(description="A member's consent.")
@backed_by(ConsentRecord)
class Consent:
    """A consent."""

    id: strawberry.ID = global_id_field("Consent")
    created_at: datetime = field(description="When it was given.")
    purpose: str = field(description="Key of the purpose.")
    category: str = field(description="Key of the category; empty for any that is not specially protected.")
    withdrawn_at: datetime | None = field(description="When it was withdrawn; null while it holds.")


@strawberry.type(description="A member's objection.")
@backed_by(ObjectionRecord)
class Objection:
    """An objection."""

    id: strawberry.ID = global_id_field("Objection")
    created_at: datetime = field(description="When it was made.")
    purpose: str = field(description="Key of the purpose; empty for any.")
    withdrawn_at: datetime | None = field(description="When it was withdrawn; null while it holds.")


@node_loader("Grant")
async def _load(info: ApiInfo, identifier: UUID) -> Grant | None:
    return cast("Grant | None", (await grants_by_ids(info.context.access, [identifier])).get(identifier))
