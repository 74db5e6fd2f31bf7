"""Rights of a request, and what recipients did about them, as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import global_id
from wardship.graphql.api.node import Node, node_loader
from wardship.graphql.engine import BatchInfo, batch_field, field
from wardship.graphql.integrations.owed import Proof, RetainedData, proof_of
from wardship.graphql.members.model import Member, optional_members
from wardship.graphql.requests.enums import Handler, RightKind, RightState
from wardship.graphql.requests.preview import ErasurePreview, preview_of
from wardship.plugins.api import Verb
from wardship.tenants.members.visibility import visible_members
from wardship.tenants.obligations.read import ObligationState
from wardship.tenants.requests.read import RecipientOutcome, newest_previews, outcomes_of, right_by_id
from wardship.tenants.requests.records import RightRecord
from wardship.tenants.requests.visibility import visible_requests


@strawberry.type(name="RecipientOutcome", description="What was owed at one recipient for a right, and how it ended.")
class Recipient:
    """What one recipient did."""

    recipient: str = field(description="Name of the integration.")
    verb: Verb = field(description="What it was asked to do.")
    state: ObligationState = field(description="Where that stands.")
    due_at: datetime = field(description="When it has to have ended.")
    ended_at: datetime | None = field(description="When it ended; null while it is open.")
    status: str | None = field(description="The last answer: such as `completed` or `denied`.")
    code: str | None = field(description="Why, as a stable word.")
    records_affected: int = field(description="How many records the recipient said it touched.")
    retained: list[RetainedData] = field(description="What stays there, why and until when.")
    proof: Proof | None = field(description="How its effect was proven; null while it is not.")


@strawberry.type(name="RequestRight", description="One right of a request, decided on its own.")
class Right(Node):
    """A right."""

    key: strawberry.Private[UUID]
    decider_key: strawberry.Private[UUID | None]
    kind: RightKind = field(description="What is asked for.")
    state: RightState = field(description="Where it stands.")
    handler: Handler = field(description="Who decides, or decided.")
    details: JSON = field(description="The particulars: fields to correct, or purpose and recipient.")
    decided_at: datetime | None = field(description="When it was decided.")
    decision_code: str = field(description="`granted`, `partly_granted`, or why not; empty before.")
    decision_reason: str = field(description="The decider's words.")
    limitation: str = field(description="What is withheld and why; empty when nothing is.")
    scheduled_for: datetime | None = field(
        description="When a scheduled erasure is carried out, or a deactivation's grace period ends."
    )
    started_at: datetime | None = field(description="When carrying it out began.")
    outcome: list[str] = field(description="What is missing from a partial fulfilment, as codes.")
    ended_at: datetime | None = field(description="When it ended.")

    @batch_field(cost=2, description="Who decided; null for the privacy team and while nobody has.")
    @staticmethod
    async def decided_by(parents: Sequence[Right], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Return who decided these rights."""
        keys = [parent.decider_key for parent in parents]
        if not info.context.access.actor.roles:
            return [None for _ in keys]
        reach = visible_members(info.context.access)
        return await optional_members(info.context, reach, keys, info.selection.fields())

    @batch_field(cost=2, size=5, description="What each recipient was asked to do and did.")
    @staticmethod
    async def recipients(parents: Sequence[Right], info: BatchInfo[ApiContext]) -> Sequence[list[Recipient]]:
        """Return what recipients did about these rights."""
        reach = visible_requests(info.context.access)
        found = await outcomes_of(reach, [parent.key for parent in parents])
        return [[recipient_of(item) for item in found[parent.key]] for parent in parents]

    @batch_field(cost=2, description="The newest preview of an erasure; null when none was made.")
    @staticmethod
    async def preview(parents: Sequence[Right], info: BatchInfo[ApiContext]) -> Sequence[ErasurePreview | None]:
        """Return the newest previews of these rights."""
        reach = visible_requests(info.context.access)
        found = await newest_previews(reach, [parent.key for parent in parents])
        return [preview_of(found[parent.key]) if parent.key in found else None for parent in parents]


def right_of(record: RightRecord) -> Right:
    """Return a right of the domain as the API shows it."""
    return Right(
        id=global_id("RequestRight", record.id),
        key=record.id,
        decider_key=record.decided_by,
        kind=record.kind,
        state=record.state,
        handler=record.handler,
        details=_details(record),
        decided_at=record.decided_at,
        decision_code=record.decision_code,
        decision_reason=record.decision_reason,
        limitation=record.limitation,
        scheduled_for=record.scheduled_for,
        started_at=record.started_at,
        outcome=[code for code in record.outcome.split(",") if code],
        ended_at=record.ended_at,
    )


def _details(record: RightRecord) -> JSON:
    """Return the particulars, the recipient by its global id."""
    details = dict(record.details)
    if installation_id := details.pop("installation_id", None):
        details["installationId"] = str(global_id("Installation", UUID(str(installation_id))))
    return JSON(details)


def recipient_of(item: RecipientOutcome) -> Recipient:
    """Return what a recipient did as the API shows it."""
    owed = item.obligation
    return Recipient(
        recipient=item.recipient,
        verb=owed.verb,
        state=owed.state,
        due_at=owed.due_at,
        ended_at=owed.ended_at,
        status=owed.outcome.status if owed.outcome else None,
        code=owed.outcome.code if owed.outcome else None,
        records_affected=owed.outcome.records_affected if owed.outcome else 0,
        retained=[
            RetainedData(category=each.category, reason=each.reason, legal_basis=each.legal_basis, until=each.until)
            for each in (owed.outcome.retained if owed.outcome else ())
        ],
        proof=proof_of(owed.proof) if owed.proof else None,
    )


@node_loader("RequestRight")
async def _load(info: ApiInfo, identifier: UUID) -> Right | None:
    record = await right_by_id(visible_requests(info.context.access), identifier)
    return None if record is None else right_of(record)
