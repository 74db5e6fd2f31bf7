"""What may be done about mergers."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.types import input_type
from wardship.graphql.engine import field
from wardship.graphql.mergers.model import Merger
from wardship.tenants.access import Access
from wardship.tenants.mergers.accepting import accept_merger
from wardship.tenants.mergers.offering import decline_merger, offer_merger, withdraw_merger
from wardship.tenants.mergers.records import MergerRecord


@input_type
class OfferMergerInput:
    """Of which organisation yours is to become part."""

    into: str = field("The short name of the other organisation.")


@input_type
class AcceptMergerInput:
    """What is accepted."""

    merger_id: UUID = id_argument("Merger", "The merger's id.")
    digest: str = field("The digest of the preview that you have looked at.")


@input_type
class MergerInput:
    """A merger."""

    merger_id: UUID = id_argument("Merger", "The merger's id.")


MergerPayload = object_payload("MergerPayload", "merger", Merger)


@strawberry.type
class MergerMutations:
    """Offered, accepted, declined, and taken back."""

    @command(MergerPayload)
    async def offer_merger(self, access: Access, input: OfferMergerInput) -> MergerRecord:
        """Offer that your organisation becomes part of another, whose owner has 14 days; for owners, with step-up."""
        return await offer_merger(access, input.into)

    @command(MergerPayload)
    async def accept_merger(self, access: Access, input: AcceptMergerInput) -> MergerRecord:
        """Accept exactly what the preview showed: it happens in 14 days, and everybody is told; with step-up."""
        return await accept_merger(access, input.merger_id, input.digest)

    @command(MergerPayload)
    async def decline_merger(self, access: Access, input: MergerInput) -> MergerRecord:
        """Decline what another organisation has offered; for owners."""
        return await decline_merger(access, input.merger_id)

    @command(MergerPayload)
    async def withdraw_merger(self, access: Access, input: MergerInput) -> MergerRecord:
        """Take back your offer, or call off what was announced, until its day; for owners, with step-up."""
        return await withdraw_merger(access, input.merger_id)
