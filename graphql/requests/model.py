"""Requests from members as the API shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import global_id
from wardship.graphql.api.node import Node, node_loader
from wardship.graphql.engine import BatchInfo, batch_field, field
from wardship.graphql.members.model import Member, optional_members
from wardship.graphql.requests.enums import Handler, IdentityState
from wardship.graphql.requests.rights import Right, right_of
from wardship.tenants.members.visibility import visible_members
from wardship.tenants.requests.authorities import authorities_for
from wardship.tenants.requests.read import (
    EscalatedRequest,
    ExportRecord,
    certificates_of,
    events_of,
    exports_of,
    requests_by_ids,
    rights_of,
)
from wardship.tenants.requests.records import EventRecord, RequestRecord
from wardship.tenants.requests.visibility import visible_requests

_CHOICES = frozenset({"user.privacy_preferences"})


@strawberry.type(description="A data protection authority, to which a person can complain.")
class Authority:
    """A supervisory authority."""

    country: str = field(description="Its country (ISO 3166).")
    name: str = field(description="Its own name.")
    website: str = field(description="Where to complain.")


@strawberry.type(description="What happened to a request.")
class RequestEvent:
    """An event."""

    at: datetime = field(description="When.")
    kind: str = field(description="What, as a stable word.")
    by: str = field(description="In which capacity: `member`, `admin`, `privacy_team` or `system`.")
    reason: str = field(description="Why, in words or as a code; may be empty.")
    right_id: strawberry.ID | None = field(description="The right that it is about; null for the whole.")


@strawberry.type(description="A copy of your data.")
class ExportFile:
    """A copy."""

    name: str = field(description="Its file name.")
    media_type: str = field(description="Its media type.")
    path: str = field(description="Where to download it, signed in and with the second factor just shown.")
    created_at: datetime = field(description="When it was made.")
    is_complete: bool = field(description="Whether every recipient has answered.")
    expires_at: datetime = field(description="When it is destroyed.")
    destroyed_at: datetime | None = field(description="When it was destroyed; null while it is there.")
    downloaded_at: datetime | None = field(description="When it was first downloaded.")


@strawberry.type(name="DataRequest", description="What a member asks about the own data.")
class DataRequest(Node):
    """A request."""

    key: strawberry.Private[UUID]
    member_key: strawberry.Private[UUID]
    submitted_at: datetime = field(description="When it was asked.")
    regime: str = field(description="The law whose clock runs: `gdpr`, `ccpa`, `lgpd` or `dpdp`.")
    due_at: datetime = field(description="When it has to be answered; later only by one extension.")
    original_due_at: datetime = field(description="The due date before any extension.")
    extended_at: datetime | None = field(description="When it was extended.")
    extension_reason: str = field(description="Why it was extended.")
    identity: IdentityState = field(description="Whether the person has proven who he or she is.")
    identity_verified_at: datetime | None = field(description="When that was proven.")
    handler: Handler = field(description="Who has to decide what is undecided.")
    acknowledge_by: datetime = field(description="When the privacy team has it, if nobody acknowledges.")
    decide_by: datetime = field(description="When the privacy team has it, if nobody decides.")
    acknowledged_at: datetime | None = field(description="When it was acknowledged.")
    escalated_at: datetime | None = field(description="When it went to the privacy team.")
    escalation_reason: str = field(description="Why it did, as a stable word.")
    late_since: datetime | None = field(description="Since when it is late.")
    ended_at: datetime | None = field(description="When it ended.")
    complain_to: list[Authority] = field(description="The authorities of the countries of residence and work.")

    @batch_field(cost=2, size=3, description="Its rights, each decided on its own.")
    @staticmethod
    async def rights(parents: Sequence[DataRequest], info: BatchInfo[ApiContext]) -> Sequence[list[Right]]:
        """Return the rights of these requests."""
        reach = visible_requests(info.context.access)
        found = await rights_of(reach, [parent.key for parent in parents])
        return [[right_of(item) for item in found[parent.key]] for parent in parents]

    @batch_field(cost=2, size=10, description="What happened to it, oldest first.")
    @staticmethod
    async def events(parents: Sequence[DataRequest], info: BatchInfo[ApiContext]) -> Sequence[list[RequestEvent]]:
        """Return the events of these requests."""
        reach = visible_requests(info.context.access)
        found = await events_of(reach, [parent.key for parent in parents])
        return [[_event_of(item) for item in found[parent.key]] for parent in parents]

    @batch_field(cost=2, description="Who asked; null for the privacy team, and for whom you may not see.")
    @staticmethod
    async def member(parents: Sequence[DataRequest], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Return who made these requests."""
        keys = [parent.member_key for parent in parents]
        if not info.context.access.actor.roles:
            return [None for _ in keys]
        reach = visible_members(info.context.access)
        return await optional_members(info.context, reach, keys, info.selection.fields())

    @batch_field(cost=2, size=2, description="Your own copies; none for anybody else.")
    @staticmethod
    async def exports(parents: Sequence[DataRequest], info: BatchInfo[ApiContext]) -> Sequence[list[ExportFile]]:
        """Return the caller's copies for these requests."""
        found = await exports_of(info.context.access, [parent.key for parent in parents])
        return [[_export_of(item) for item in found[parent.key]] for parent in parents]

    @batch_field(cost=2, description="The signed certificate of what was done (JWS); null until the end.")
    @staticmethod
    async def certificate(parents: Sequence[DataRequest], info: BatchInfo[ApiContext]) -> Sequence[str | None]:
        """Return the certificates of these requests."""
        reach = visible_requests(info.context.access)
        found = await certificates_of(reach, [parent.key for parent in parents])
        return [found.get(parent.key) for parent in parents]


@strawberry.type(description="A request that the privacy team has to decide, in whatever organisation.")
class WaitingRequest:
    """What the privacy team sees of a request before it opens the organisation."""

    organisation: str = field(description="Slug of the organisation, for X-Wardship-Organisation.")
    request_id: strawberry.ID = field(description="The request's id there.")
    due_at: datetime = field(description="When it is due.")


def request_of(record: RequestRecord) -> DataRequest:
    """Return a request of the domain as the API shows it."""
    return DataRequest(
        id=global_id("DataRequest", record.id),
        key=record.id,
        member_key=record.member_id,
        submitted_at=record.submitted_at,
        regime=record.regime,
        due_at=record.due_at,
        original_due_at=record.original_due_at,
        extended_at=record.extended_at,
        extension_reason=record.extension_reason,
        identity=record.identity_state,
        identity_verified_at=record.identity_verified_at,
        handler=record.handler,
        acknowledge_by=record.acknowledge_by,
        decide_by=record.decide_by,
        acknowledged_at=record.acknowledged_at,
        escalated_at=record.escalated_at,
        escalation_reason=record.escalation_reason,
        late_since=record.late_since,
        ended_at=record.ended_at,
        complain_to=[
            Authority(country=item.country, name=item.name, website=item.website)
            for item in authorities_for((record.country, record.work_country))
        ],
    )


def waiting_of(item: EscalatedRequest) -> WaitingRequest:
    """Return a request that waits for the privacy team as the API shows it."""
    return WaitingRequest(
        organisation=item.organisation_slug,
        request_id=global_id("DataRequest", item.request_id),
        due_at=item.due_at,
    )


def note_requests(context: ApiContext, records: Iterable[RequestRecord]) -> None:
    """Note that the choices of other people were shown."""
    for record in records:
        if record.member_id != context.access.actor.member_id:
            context.note_seen(record.member_id, _CHOICES)


def _event_of(item: EventRecord) -> RequestEvent:
    return RequestEvent(
        at=item.created_at,
        kind=item.kind,
        by=item.actor_kind,
        reason=item.reason,
        right_id=None if item.right_id is None else global_id("RequestRight", item.right_id),
    )


def _export_of(item: ExportRecord) -> ExportFile:
    return ExportFile(
        name=item.name,
        media_type=item.media_type,
        path=f"/exports/{item.id}",
        created_at=item.created_at,
        is_complete=item.is_complete,
        expires_at=item.expires_at,
        destroyed_at=item.destroyed_at,
        downloaded_at=item.downloaded_at,
    )


async def optional_request(context: ApiContext, identifier: UUID) -> DataRequest | None:
    """Return one request; None when it is absent or not the caller's to see."""
    found = await requests_by_ids(visible_requests(context.access), [identifier])
    note_requests(context, found.values())
    return request_of(found[identifier]) if identifier in found else None


@node_loader("DataRequest")
async def _load(info: ApiInfo, identifier: UUID) -> DataRequest | None:
    return await optional_request(info.context, identifier)
