"""The ledger and members' choices as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import global_id
from wardship.graphql.api.node import Node, node_loader
from wardship.graphql.engine import BatchInfo, batch_field, field
from wardship.graphql.integrations.model import Installation, optional_installations
from wardship.graphql.members.model import Member, optional_members
from wardship.tenants.egress.ledger import DeliveryState, DisclosureRecord, disclosure_by_id
from wardship.tenants.grants.choices import ConsentRecord, ObjectionRecord
from wardship.tenants.members.visibility import visible_members


@strawberry.type(description="One delivery of a member's record to a recipient: names of data, never the data.")
class Disclosure(Node):
    """An entry of the ledger."""

    created_at: datetime = field(description="When it was sent.")
    recipient: str = field(description="Legal name of the recipient.")
    categories: list[str] = field(description="Keys of the data categories.")
    fields: list[str] = field(description="Names of the data.")
    purposes: list[str] = field(description="Keys of the purposes.")
    state: DeliveryState = field(description="What is known of its arrival.")
    settled_at: datetime | None = field(description="Since when that is known.")
    installation_key: strawberry.Private[UUID]
    member_key: strawberry.Private[UUID]

    @batch_field(cost=2, description="The installation that received it; null when you may not see it.")
    @staticmethod
    async def installation(parents: Sequence[Disclosure], info: BatchInfo[ApiContext]) -> Sequence[Installation | None]:
        """Return the installations of these deliveries."""
        return await optional_installations(info.context, [parent.installation_key for parent in parents])

    @batch_field(cost=2, description="Whose data it was; null when you may not see him or her.")
    @staticmethod
    async def member(parents: Sequence[Disclosure], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Return the members of these deliveries."""
        keys = [parent.member_key for parent in parents]
        reach = visible_members(info.context.access)
        return await optional_members(info.context, reach, keys, info.selection.fields())


@strawberry.type(description="A member's consent.")
class Consent:
    """A consent."""

    id: strawberry.ID = field(description="Opaque identifier.")
    created_at: datetime = field(description="When it was given.")
    purpose: str = field(description="Key of the purpose.")
    category: str = field(description="Key of the category; empty for any that is not specially protected.")
    withdrawn_at: datetime | None = field(description="When it was withdrawn; null while it holds.")


@strawberry.type(description="A member's objection.")
class Objection:
    """An objection."""

    id: strawberry.ID = field(description="Opaque identifier.")
    created_at: datetime = field(description="When it was made.")
    purpose: str = field(description="Key of the purpose; empty for any.")
    withdrawn_at: datetime | None = field(description="When it was withdrawn; null while it holds.")


def disclosure_of(record: DisclosureRecord) -> Disclosure:
    """Return an entry of the ledger as the API shows it."""
    return Disclosure(
        id=global_id("Disclosure", record.id),
        created_at=record.created_at,
        recipient=record.recipient,
        categories=list(record.categories),
        fields=list(record.fields),
        purposes=list(record.purposes),
        state=record.state,
        settled_at=record.settled_at,
        installation_key=record.installation_id,
        member_key=record.member_id,
    )


def consent_of(record: ConsentRecord) -> Consent:
    """Return a consent of the domain as the API shows it."""
    return Consent(
        id=global_id("Consent", record.id),
        created_at=record.created_at,
        purpose=record.purpose,
        category=record.category,
        withdrawn_at=record.withdrawn_at,
    )


def objection_of(record: ObjectionRecord) -> Objection:
    """Return an objection of the domain as the API shows it."""
    return Objection(
        id=global_id("Objection", record.id),
        created_at=record.created_at,
        purpose=record.purpose,
        withdrawn_at=record.withdrawn_at,
    )


@node_loader("Disclosure")
async def _load(info: ApiInfo, identifier: UUID) -> Disclosure | None:
    found = await disclosure_by_id(info.context.access, identifier)
    return None if found is None else disclosure_of(found)
