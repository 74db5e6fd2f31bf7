"""Rights of a request, and what recipients did about them, as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from wardship.graphql.api.context import ApiContext
from wardship.graphql.api.identifiers import global_id
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.relations import in_order
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, batch_field, field
from wardship.graphql.members.model import Member, related_members
from wardship.graphql.obligations.model import Proof, RetainedData
from wardship.graphql.requests.limitations import ErasureRemainder, Limitation
from wardship.graphql.requests.preview import ErasurePreview
from wardship.plugins.api import Verb
from wardship.tenants.obligations.states import ObligationState
from wardship.tenants.requests.read import RecipientOutcome, newest_previews, outcomes_of, remainders_of
from wardship.tenants.requests.records import Handler, RefusalCode, RightRecord
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.visibility import visible_requests

strawberry.enum(RightKind, name="RightKind", description="What a person can ask for.")
strawberry.enum(RefusalCode, name="RefusalCode", description="Why a right is refused or denied.")
strawberry.enum(RightState, name="RightState", description="Where one right of a request stands.")
strawberry.enum(Handler, name="RequestHandler", description="Who has to decide.")


def _details_of(details: Mapping[str, object]) -> Mapping[str, object]:
    """Return the particulars of a right, the recipient by its global id."""
    shown = dict(details)
    if installation_id := shown.pop("installation_id", None):
        shown["installationId"] = str(global_id("Installation", UUID(str(installation_id))))
    return shown


def _codes_of(outcome: str) -> list[str]:
    return [code for code in outcome.split(",") if code]


@object_type(RecipientOutcome, name="RecipientOutcome")
class Recipient:
    """What was owed at one recipient for a right, and how it ended."""

    recipient: str = field("Name of the integration.")
    place: str = field(
        "Who was asked: the vendor, with the server where settings name one.", source="obligation.recipient"
    )
    verb: Verb = field("What it was asked to do.", source="obligation.verb")
    state: ObligationState = field("Where that stands.", source="obligation.state")
    due_at: datetime = field("When it has to have ended.", source="obligation.due_at")
    ended_at: datetime | None = field("When it ended; null while it is open.", source="obligation.ended_at")
    status: str | None = field(
        "The last answer: such as `completed` or `denied`.", source="obligation.outcome", convert=attrgetter("status")
    )
    code: str | None = field("Why, as a stable word.", source="obligation.outcome", convert=attrgetter("code"))
    records_affected: int = field("How many records the recipient said it touched.")
    retained: list[RetainedData] = field("What stays there, why and until when.")
    proof: Proof | None = field("How its effect was proven; null while it is not.", source="obligation.proof")


@object_type(RightRecord, name="RequestRight")
class Right(Node):
    """One right of a request, decided on its own."""

    id: strawberry.ID = global_id_field("RequestRight")
    kind: RightKind = field("What is asked for.")
    state: RightState = field("Where it stands.")
    handler: Handler = field("Who decides, or decided.")
    details: JSON = field(
        "The particulars: fields to correct, or purpose and recipient.", source="details", convert=_details_of
    )
    decided_at: datetime | None = field("When it was decided.")
    decision_code: str = field("`granted`, `partly_granted`, or why not; empty before.")
    decision_reason: str = field("The decider's words.")
    limitation: str = field("The limitations in words; empty when there are none.")
    is_limitation_enforced: bool = field(
        "Whether what is limited is done; false for words of before limitations named anything."
    )
    limitations: list[Limitation] = field("What is withheld or kept, why and until when.", size=1)
    scheduled_for: datetime | None = field("When a scheduled erasure is carried out.")
    started_at: datetime | None = field("When carrying it out began.")
    outcome: list[str] = field(
        "What is missing from a partial fulfilment, as codes, and grades of proofs that rest on somebody's word.",
        source="outcome",
        convert=_codes_of,
    )
    ended_at: datetime | None = field("When it ended.")

    @batch_field(cost=2)
    @staticmethod
    async def decided_by(parents: Sequence[RightRecord], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Who decided; null for the privacy team and while nobody has."""
        return await related_members(info, [parent.decided_by for parent in parents])

    @batch_field(cost=2, size=5)
    @staticmethod
    async def recipients(parents: Sequence[RightRecord], info: BatchInfo[ApiContext]) -> Sequence[list[Recipient]]:
        """What each recipient was asked to do and did."""
        keys = [parent.id for parent in parents]
        return in_order(await outcomes_of(visible_requests(info.context.access), keys), keys)

    @batch_field(cost=1, size=1)
    @staticmethod
    async def remainders(
        parents: Sequence[RightRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[list[ErasureRemainder]]:
        """What the limitations of an erasure kept here, until each date or somebody's decision."""
        keys = [parent.id for parent in parents]
        return in_order(await remainders_of(visible_requests(info.context.access), keys), keys)

    @batch_field(cost=2)
    @staticmethod
    async def preview(parents: Sequence[RightRecord], info: BatchInfo[ApiContext]) -> Sequence[ErasurePreview | None]:
        """The newest preview of an erasure; null when none was made."""
        keys = [parent.id for parent in parents]
        return in_order(await newest_previews(visible_requests(info.context.access), keys), keys)
