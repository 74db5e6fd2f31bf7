"""Requests from members as the API shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.relations import in_order
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, GlobalId, batch_field, field
from wardship.graphql.members.model import Member, related_members
from wardship.graphql.requests.rights import Right
from wardship.tenants.certificates.issue import certificates_of
from wardship.tenants.exports.files import ExportRecord, exports_of
from wardship.tenants.permissions import Permission
from wardship.tenants.requests.next_steps import NextStep as NextStepRecord
from wardship.tenants.requests.next_steps import StepEffect, next_steps
from wardship.tenants.requests.read import (
    EscalatedRequest,
    EscalatedRight,
    events_of,
    requests_by_ids,
    rights_of,
)
from wardship.tenants.requests.records import EventRecord, Handler, IdentityState, RequestRecord
from wardship.tenants.requests.regimes import Authority as AuthorityRecord
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.visibility import visible_requests

strawberry.enum(IdentityState, name="IdentityState", description="Whether the person has proven who he or she is.")

strawberry.enum(StepEffect, name="NextStepEffect", description="What a clock does with a request.")

_CHOICES = frozenset({"user.privacy_preferences"})
_remainder = GlobalId.encoder("ErasureRemainder")
_restriction = GlobalId.encoder("Restriction")


def _remainders(ids: Sequence[UUID]) -> list[str]:
    return [_remainder(key) for key in ids]


def _restrictions(ids: Sequence[UUID]) -> list[str]:
    return [_restriction(key) for key in ids]


@object_type(AuthorityRecord)
class Authority:
    """A data protection authority, to which a person can complain."""

    country: str = field("Its country (ISO 3166).")
    name: str = field("Its own name.")
    website: str = field("Where to complain.")


@object_type(EventRecord)
class RequestEvent:
    """What happened to a request."""

    at: datetime = field("When it happened.", source="created_at")
    kind: str = field("What, as a stable word.")
    by: str = field("In which capacity: `member`, `admin`, `privacy_team` or `system`.", source="actor_kind")
    reason: str = field("Why, in words or as a code; may be empty.")
    right_id: strawberry.ID | None = field(
        "The right that it is about; null for the whole.", source="right_id", convert=GlobalId.encoder("RequestRight")
    )


@object_type(NextStepRecord)
class NextStep:
    """What a clock does with a request if nobody acts before."""

    at: datetime = field("The moment.")
    effect: StepEffect = field("What happens then.")
    right_id: strawberry.ID | None = field(
        "The right that it is about; null for the whole.", source="right_id", convert=GlobalId.encoder("RequestRight")
    )


@object_type(ExportRecord)
class ExportFile:
    """A copy of your data."""

    name: str = field("Its file name.")
    media_type: str = field("Its media type.")
    path: str = field(
        "Where to download it, signed in and with the second factor just shown.",
        source="id",
        convert="/exports/{}".format,
    )
    created_at: datetime = field("When it was made.")
    is_complete: bool = field("Whether every recipient has answered.")
    expires_at: datetime = field("When it is destroyed.")
    destroyed_at: datetime | None = field("When it was destroyed; null while it is there.")
    downloaded_at: datetime | None = field("When it was first downloaded.")


@object_type(RequestRecord)
class DataRequest(Node):
    """What a member asks about the own data."""

    id: strawberry.ID = global_id_field("DataRequest")
    submitted_at: datetime = field("When it was asked.")
    regime: str = field("The law whose clock runs: `gdpr`, `ccpa`, `lgpd` or `dpdp`.")
    due_at: datetime = field("When it has to be answered; later only by one extension.")
    original_due_at: datetime = field("The due date before any extension.")
    extended_at: datetime | None = field("When it was extended.")
    extension_reason: str = field("Why it was extended.")
    identity: IdentityState = field("Whether the person has proven who he or she is.", source="identity_state")
    identity_verified_at: datetime | None = field("When that was proven.")
    handler: Handler = field("Who has to decide what is undecided.")
    acknowledge_by: datetime = field("When the privacy team has it, if nobody acknowledges.")
    decide_by: datetime = field("When the privacy team has it, if nobody decides.")
    acknowledged_at: datetime | None = field("When it was acknowledged.")
    escalated_at: datetime | None = field("When it went to the privacy team.")
    escalation_reason: str = field("Why it did, as a stable word.")
    late_since: datetime | None = field("Since when it is late.")
    ended_at: datetime | None = field("When it ended.")
    complain_to: list[Authority] = field(
        "The authorities of the countries of residence and work.", source="authorities"
    )

    @batch_field(cost=2, size=3)
    @staticmethod
    async def rights(parents: Sequence[RequestRecord], info: BatchInfo[ApiContext]) -> Sequence[list[Right]]:
        """Its rights, each decided on its own."""
        keys = [parent.id for parent in parents]
        return in_order(await rights_of(visible_requests(info.context.access), keys), keys)

    @batch_field(cost=2, size=10)
    @staticmethod
    async def events(parents: Sequence[RequestRecord], info: BatchInfo[ApiContext]) -> Sequence[list[RequestEvent]]:
        """What happened to it, oldest first."""
        keys = [parent.id for parent in parents]
        return in_order(await events_of(visible_requests(info.context.access), keys), keys)

    @batch_field(cost=2, size=3)
    @staticmethod
    async def next_steps(parents: Sequence[RequestRecord], info: BatchInfo[ApiContext]) -> Sequence[list[NextStep]]:
        """What the clocks do if nobody acts, the soonest first; nothing once it has ended."""
        found = await rights_of(visible_requests(info.context.access), [parent.id for parent in parents])
        return [cast("list[NextStep]", next_steps(parent, found[parent.id])) for parent in parents]

    @batch_field(cost=2)
    @staticmethod
    async def member(parents: Sequence[RequestRecord], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Who asked; null for whom you may not see: the privacy team sees the person while a right is with it."""
        return await related_members(info, [parent.member_id for parent in parents])

    @batch_field(cost=2, size=2)
    @staticmethod
    async def exports(parents: Sequence[RequestRecord], info: BatchInfo[ApiContext]) -> Sequence[list[ExportFile]]:
        """Your own copies; none for anybody else."""
        keys = [parent.id for parent in parents]
        return in_order(await exports_of(info.context.access, keys), keys)

    @batch_field(cost=2)
    @staticmethod
    async def certificate(parents: Sequence[RequestRecord], info: BatchInfo[ApiContext]) -> Sequence[str | None]:
        """The signed certificate of what was done (JWS); null until the end."""
        keys = [parent.id for parent in parents]
        return in_order(await certificates_of(visible_requests(info.context.access), keys), keys)


@object_type(EscalatedRight)
class WaitingRight:
    """A right that is with the privacy team."""

    id: strawberry.ID = global_id_field("RequestRight", "Its id there.")
    kind: RightKind = field("What is asked for.")
    state: RightState = field("Where it stands.")


@object_type(EscalatedRequest)
class WaitingRequest:
    """A request of which something is with the privacy team, in whatever organisation: identifiers, dates, states."""

    organisation: str = field("Slug of the organisation, for X-Wardship-Organisation.", source="organisation_slug")
    organisation_name: str = field("Name of the organisation; the provider's own for people who belong to none.")
    organisation_id: strawberry.ID = field(
        "The organisation's id.", source="organisation_id", convert=GlobalId.encoder("Organisation")
    )
    request_id: strawberry.ID = field(
        "The request's id there.", source="request_id", convert=GlobalId.encoder("DataRequest")
    )
    submitted_at: datetime = field("When it was asked.")
    due_at: datetime = field("When it is due.")
    late_since: datetime | None = field("Since when it is late.")
    escalated_at: datetime | None = field("Since when it is with the privacy team.")
    escalation_reason: str = field("Why it is, as a stable word.")
    rights: list[WaitingRight] = field("Those that are with the privacy team and have not ended.", size=2)
    remainders: list[strawberry.ID] = field(
        "What erasures of its decision keep, for `eraseRemainder`.", size=1, source="remainder_ids", convert=_remainders
    )
    restrictions: list[strawberry.ID] = field(
        "What it restricted, for `liftRestriction`.", size=1, source="restriction_ids", convert=_restrictions
    )


def note_requests(context: ApiContext, records: Iterable[RequestRecord]) -> None:
    """Note that the choices of other people were shown."""
    as_staff = context.access.is_staff_without(Permission.REQUESTS_READ)
    for record in records:
        if record.member_id != context.access.actor.member_id:
            context.note_seen(record.member_id, _CHOICES, as_staff=as_staff)


async def related_requests(info: BatchInfo[ApiContext], ids: Sequence[UUID | None]) -> list[DataRequest | None]:
    """Return the request for each id, in order; None where there is none or it is not the caller's to see."""
    wanted = {key for key in ids if key is not None}
    found = await requests_by_ids(visible_requests(info.context.access), wanted) if wanted else {}
    note_requests(info.context, found.values())
    return in_order(found, ids)


async def load_request(info: ApiInfo, identifier: UUID) -> DataRequest | None:
    """Return one request; None when it is absent or not the caller's to see."""
    found = await requests_by_ids(visible_requests(info.context.access), [identifier])
    note_requests(info.context, found.values())
    return cast("DataRequest | None", found.get(identifier))
