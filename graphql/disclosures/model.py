"""The ledger, and which integrations hold data of a member, as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import strawberry

from wardship.graphql.api.context import ApiContext
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.paging import connection, connections, page_request
from wardship.graphql.api.relations import extends, in_order, reference
from wardship.graphql.api.types import object_type
from wardship.graphql.disclosures.recipients import optional_recipients
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field
from wardship.graphql.installations.model import Installation, optional_installations
from wardship.graphql.members.model import Member, related_members
from wardship.tenants.egress.flows import FlowRecord, Reach, reach_of
from wardship.tenants.egress.gate import DeliveryState
from wardship.tenants.egress.holdings import HoldingRecord, HoldingState, holdings_of_members
from wardship.tenants.egress.ledger import DisclosureRecord, disclosures_by_installation
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.members.records import MemberRecord

strawberry.enum(
    DeliveryState,
    name="DeliveryState",
    description="What is known of a delivery; unknown counts as received until the opposite is proven.",
)


@object_type(DisclosureRecord)
class Disclosure(Node):
    """One delivery of a member's record to a recipient: names of data, never the data."""

    id: strawberry.ID = global_id_field("Disclosure")
    created_at: datetime = field("When it was sent.")
    recipient: str = field("Legal name of the recipient, with the server where the settings name one.")
    categories: list[str] = field("Keys of the data categories.")
    fields: list[str] = field("Names of the data.")
    purposes: list[str] = field("Keys of the purposes.")
    state: DeliveryState = field("What is known of its arrival.")
    settled_at: datetime | None = field("Since when that is known.")
    installation = reference(
        optional_installations, "installation_id", "The installation that received it; null when you may not see it."
    )
    disclosed_to = reference(
        optional_recipients, "installation_id", "Who received it, as an objection or a consent names it."
    )
    member = reference(related_members, "member_id", "Whose data it was; null when you may not see him or her.")


@extends(Installation)
class InstallationDisclosures:
    """What an installation received."""

    @batch_field(cost=3)
    @staticmethod
    async def disclosures(
        parents: Sequence[InstallationRecord],
        info: BatchInfo[ApiContext],
        first: int = 20,
        after: str | None = None,
        category: str | None = None,
    ) -> Sequence[Connection[Disclosure]]:
        """The ledger of what it received, oldest first, of one category where wanted; for those who may read it."""
        request = page_request(first, after)
        keys = [parent.id for parent in parents]
        found = await disclosures_by_installation(info.context.access, keys, request, category)
        return connections(parents, found, request)


@object_type(FlowRecord)
class DataFlow:
    """A category of personal data at a recipient that holds some of it; a cell of the data map."""

    category: str = field("Key of the data category.")
    label: str = field("The category in words.")
    is_special: bool = field("Whether it is specially protected.")
    recipient: str = field("Who holds it: the vendor, with the server where the settings name one.")
    people: int = field("Of how many people something of it may have arrived that is not taken back.")
    last_at: datetime = field("When it was last sent.")
    installation = reference(
        optional_installations,
        "installation_id",
        "The installation, whose `disclosures` of the category are behind this; null when you may not see it.",
    )


@object_type(Reach)
class InstallationReach:
    """How far an installation reaches."""

    people: int = field("Of how many people it holds data.")
    last_delivery_at: datetime | None = field("When it was last sent some; null before the first time.")


@extends(Installation)
class InstallationHoldings:
    """Of how many people an installation holds data."""

    @batch_field(cost=10)
    @staticmethod
    async def reach(
        parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[InstallationReach | None]:
        """Of how many people it holds data, and when it was last sent some; null where you may not read the ledger."""
        keys = [parent.id for parent in parents]
        return in_order(await reach_of(info.context.access, keys), keys)


@object_type(HoldingRecord)
class Holding:
    """An integration's hold on a member's data."""

    since: datetime = field("When it first received data of the member.", source="created_at")
    recipient: str = field("Who holds it: the vendor, with the server where the settings name one.")
    state: HoldingState = field("Whether it may use what it holds.")
    installation = reference(
        optional_installations, "installation_id", "The installation that holds the data; null when you may not see it."
    )
    held_by = reference(optional_recipients, "installation_id", "Who holds it, as an objection or a consent names it.")


@extends(Member)
class MemberHoldings:
    """Who holds data of a member."""

    @batch_field(cost=2)
    @staticmethod
    async def holdings(
        parents: Sequence[MemberRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[Holding] | None]:
        """Integrations that hold data of the person now; null for those whose you may not see."""
        request = page_request(first, after)
        found = await holdings_of_members(info.context.access, [parent.id for parent in parents], request)
        return [connection(found[parent.id], request) if parent.id in found else None for parent in parents]
