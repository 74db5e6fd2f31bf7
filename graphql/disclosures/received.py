"""What vendors sent of members, as the API shows it: labelled with its source; and what is decided on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from wardship.graphql.api.command import Payload, command
from wardship.graphql.api.context import ApiContext
from wardship.graphql.api.identifiers import global_id, id_argument
from wardship.graphql.api.node import global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.relations import extends, reference
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.disclosures.recipients import optional_recipients
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field
from wardship.graphql.installations.declarations import category_label, purpose_label
from wardship.graphql.members.model import Member
from wardship.graphql.members.mutations import MemberPayload
from wardship.tenants.access import Access
from wardship.tenants.inbound.deciding import adopt_correction, dismiss_received
from wardship.tenants.members.records import MemberRecord
from wardship.tenants.received.records import ReceivedDatumRecord, ReceivedKind, received_of_members

strawberry.enum(
    ReceivedKind,
    name="ReceivedKind",
    description="What a vendor said of a value: that it is new, or that it corrects what it was sent.",
)


@object_type(ReceivedDatumRecord)
class ReceivedDatum:
    """A datum of a member as a vendor told it. It changes nothing in the profile, and goes when the link goes."""

    id: strawberry.ID = global_id_field("ReceivedDatum")
    received_at: datetime = field("When it came in.", source="created_at")
    source: str = field("Who told it: the vendor, with the server where the settings name one.")
    kind: ReceivedKind = field("Whether it is new, or corrects what the vendor was sent.")
    category: str = field("Key of the data category.")
    category_label: str = field("The category in words.", source="category", convert=category_label)
    purpose: str = field("Key of the purpose.")
    purpose_label: str = field("The purpose in words.", source="purpose", convert=purpose_label)
    name: str = field("Name of the datum.")
    value: str = field("The value, in words.")
    at: datetime = field("Since when it is so at the vendor.")
    is_adoptable: bool = field("Whether it can become part of the profile: `adoptReceivedCorrection`.")
    sent_by = reference(optional_recipients, "installation_id", "Who sent it, as an objection names it.")


@extends(Member)
class MemberReceivedData:
    """What vendors sent of a member."""

    @batch_field(cost=2)
    @staticmethod
    async def received_data(
        parents: Sequence[MemberRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[ReceivedDatum] | None]:
        """What vendors sent of the person, with its source; null for whose you may not see."""
        request = page_request(first, after)
        found = await received_of_members(info.context.access, [parent.id for parent in parents], request)
        for member_id, page in found.items():
            if page.items and member_id != info.context.access.actor.member_id:
                info.context.note_seen(member_id, frozenset(each.category for each in page.items))
        return [connection(found[parent.id], request) if parent.id in found else None for parent in parents]


@input_type
class ReceivedDatumInput:
    """A datum that a vendor sent."""

    received_datum_id: UUID = id_argument("ReceivedDatum", "Its id.")


@object_type()
class DismissReceivedDatumPayload(Payload):
    """What was deleted, or why the call was refused."""

    dismissed_datum_id: strawberry.ID | None = field("Its id, which names nothing any more.", default=None)


@strawberry.type
class ReceivedMutations:
    """What is decided on what vendors sent."""

    @command()
    async def adopt_received_correction(self, access: Access, input: ReceivedDatumInput) -> MemberPayload:
        """Make a correction that a vendor proposes part of your profile, or of the profile of a member below you."""
        changed = await adopt_correction(access, input.received_datum_id)
        return MemberPayload(member_key=changed.id)

    @command()
    async def dismiss_received_datum(self, access: Access, input: ReceivedDatumInput) -> DismissReceivedDatumPayload:
        """Delete something that a vendor sent of you; what is newer there may come in again."""
        dismissed = await dismiss_received(access, input.received_datum_id)
        return DismissReceivedDatumPayload(dismissed_datum_id=global_id("ReceivedDatum", dismissed))
