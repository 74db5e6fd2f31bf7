"""Recipients as the API shows them to the person whose data they have: who they are, and nothing administrative."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.relations import in_order
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, Connection, GlobalId, batch_field, field, root_field
from wardship.graphql.installations.declarations import category_label, purpose_label
from wardship.plugins.api import AttestationLevel, Holder, LegalBasis
from wardship.tenants.egress.holdings import HoldingState
from wardship.tenants.egress.ledger import ReceivedRecord, received_of_mine
from wardship.tenants.egress.recipients import (
    RecipientRecord,
    RecipientUse,
    holdings_of_mine,
    my_recipients,
    recipients_by_ids,
    uses_of_mine,
)

strawberry.enum(HoldingState, name="HoldingState", description="Whether what an integration holds may be used.")


@object_type(RecipientUse)
class RecipientPurpose:
    """What a recipient may get of you for one purpose."""

    category: str = field("Key of the data category.")
    category_label: str = field("The category in words.", source="category", convert=category_label)
    purpose: str = field("Key of the purpose, as consents and objections name it.")
    purpose_label: str = field("The purpose in words.", source="purpose", convert=purpose_label)
    fields: list[str] = field("Names of the data in it.")
    legal_basis: LegalBasis = field("Why it is lawful.")
    is_shared: bool = field(
        "Whether your data may flow under it now: not without a consent that it needs, nor against an objection."
    )


@object_type(ReceivedRecord)
class ReceivedField:
    """One of your data that may have arrived at a recipient."""

    name: str = field("Name of the data, such as `email`.")
    first_at: datetime = field("When it was sent first.")
    last_at: datetime = field("When it was sent last.")
    times: int = field("How often it was sent.")


@object_type(RecipientRecord)
class Recipient:
    """Somebody who has or may receive data of members."""

    installation_id: strawberry.ID = field(
        "Names this recipient in objections, consents and requests.",
        source="installation_id",
        convert=GlobalId.encoder("Installation"),
    )
    integration: str = field("Name of the integration.", source="manifest.name")
    legal_name: str = field("Legal name of the vendor.", source="manifest.vendor.legal_name")
    recipient: str = field("The vendor, with the server where the settings name one.")
    privacy_contact: str = field("Whom to ask about privacy at the vendor.", source="manifest.vendor.privacy_contact")
    countries: list[str] = field("ISO codes of the countries in which data is stored.")
    purposes: list[str] = field("Keys of the purposes that were declared.")
    connected_for: Holder = field(
        "On whose behalf it was connected: the organisation's, a group's, or your own.", source="holder"
    )
    is_connected: bool = field("Whether it is connected: false while it is being taken away, and since.")
    ended_at: datetime | None = field("When all that it held had been taken back; null before.", source="removed_at")
    end_proof: AttestationLevel | None = field("How well that is proven, by the weakest proof; null before.")

    @batch_field(cost=2)
    @staticmethod
    async def holding(parents: Sequence[RecipientRecord], info: BatchInfo[ApiContext]) -> Sequence[HoldingState | None]:
        """Whether it may use what it holds of you; null when it holds nothing."""
        keys = [parent.installation_id for parent in parents]
        found = await holdings_of_mine(info.context.access, keys)
        return [found[key].state if key in found else None for key in keys]

    @batch_field(cost=2)
    @staticmethod
    async def held_since(parents: Sequence[RecipientRecord], info: BatchInfo[ApiContext]) -> Sequence[datetime | None]:
        """Since when it has held data of you; null when it holds nothing. Which data, `uses` tells."""
        keys = [parent.installation_id for parent in parents]
        found = await holdings_of_mine(info.context.access, keys)
        return [found[key].since if key in found else None for key in keys]

    @batch_field(cost=3, size=8)
    @staticmethod
    async def received(
        parents: Sequence[RecipientRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[list[ReceivedField]]:
        """What it received of you, name by name, as the ledger says; also what it gave back since."""
        keys = [parent.installation_id for parent in parents]
        return in_order(await received_of_mine(info.context.access, keys), keys)

    @batch_field(cost=5, size=8)
    @staticmethod
    async def uses(parents: Sequence[RecipientRecord], info: BatchInfo[ApiContext]) -> Sequence[list[RecipientPurpose]]:
        """What it may get of you, purpose by purpose, as far as the organisation grants it."""
        found = await uses_of_mine(info.context.access, parents)
        return in_order(found, [parent.id for parent in parents])


async def optional_recipients(
    info: ApiInfo | BatchInfo[ApiContext], ids: Sequence[UUID | None]
) -> list[Recipient | None]:
    """Return the recipient for each id of an installation, in order, for records that the caller was shown."""
    wanted = {identifier for identifier in ids if identifier is not None}
    found = await recipients_by_ids(info.context.access, wanted) if wanted else {}
    return in_order(found, ids)


@strawberry.type
class RecipientQueries:
    """Recipients of one's own data."""

    @root_field(cost=5)
    async def my_recipients(self, info: ApiInfo, first: int = 20, after: str | None = None) -> Connection[Recipient]:
        """Who has or may receive your data, by the time of connecting; also after your membership has ended."""
        request = page_request(first, after)
        return connection(await my_recipients(info.context.access, request), request)
