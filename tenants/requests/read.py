"""Read requests and what belongs to them, set-wise, as far as the caller may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from wardship.core.database.changes import Topic, Watch
from wardship.core.errors import PermissionDeniedError
from wardship.tenants.access import Access
from wardship.tenants.erasure.additions import additions
from wardship.tenants.erasure.remainders import SELECT_REMAINDERS, RemainderRecord
from wardship.tenants.erasure.snapshot import ErasurePreview
from wardship.tenants.obligations.read import COLUMNS, ObligationRecord, RetainedPart
from wardship.tenants.paging import Page, PageRequest, page_of, page_sql, rows_by_parent
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission
from wardship.tenants.requests.erasures import MadePreview
from wardship.tenants.requests.lists import RequestFilter, RequestOrder, filter_conditions, require_ordered
from wardship.tenants.requests.records import (
    EVENT_COLUMNS,
    REQUEST_COLUMNS,
    RIGHT_COLUMNS,
    EventRecord,
    RequestRecord,
    RightRecord,
    event_record,
    request_record,
    right_record,
)
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.visibility import (
    VISIBLE_SQL,
    VisibleRequests,
    request_not_found,
    visible_arguments,
    visible_conditions,
    visible_requests,
)


@dataclass(frozen=True, slots=True)
class RequestProgress:
    """A request as it is now; ``is_over`` once it has ended and its certificate, if it gets one, is there."""

    request: RequestRecord
    is_over: bool


@dataclass(frozen=True, slots=True)
class EscalatedRight:
    """A right that the privacy team has to decide, or sees through."""

    id: UUID
    kind: RightKind
    state: RightState


@dataclass(frozen=True, slots=True)
class EscalatedRequest:
    """A request of which something is with the privacy team, in whatever organisation: identifiers, dates and states.

    Attributes:
        rights: those that are with it and have not ended.
        remainder_ids: what erasures of its decision keep and somebody has to end, or the clock.
        restriction_ids: what it restricted, and has to let end.
    """

    organisation_id: UUID
    organisation_slug: str
    organisation_name: str
    request_id: UUID
    submitted_at: datetime
    due_at: datetime
    late_since: datetime | None
    escalated_at: datetime | None
    escalation_reason: str
    rights: Sequence[EscalatedRight]
    remainder_ids: Sequence[UUID]
    restriction_ids: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class RecipientOutcome:
    """What was owed at one recipient for a right, and how it ended."""

    recipient: str
    obligation: ObligationRecord

    @property
    def records_affected(self) -> int:
        """How many records the recipient said it touched; 0 before it answers."""
        outcome = self.obligation.outcome
        return outcome.records_affected if outcome else 0

    @property
    def retained(self) -> Sequence[RetainedPart]:
        """What stays at the recipient."""
        outcome = self.obligation.outcome
        return outcome.retained if outcome else ()


async def list_requests(
    reach: VisibleRequests, wanted: RequestFilter, page: PageRequest, order: RequestOrder = RequestOrder.SUBMITTED
) -> Page[RequestRecord]:
    """Return a page of the requests that the caller may see, oldest or soonest due first.

    Raises:
        InvalidInputError: the filter would have to read all requests that there ever were.
    """
    require_ordered(wanted, order)
    parameters = Parameters(reach.access.organisation_id)
    conditions = ["r.organisation_id = $1", *visible_conditions(reach, parameters)]
    conditions += filter_conditions(wanted, parameters)
    tail = page_sql(page, parameters, conditions, by=f"r.{order.value}, r.id")
    sql = f"select {REQUEST_COLUMNS} from data_request r{tail}"
    rows = await reach.access.transaction.fetch(sql, *parameters.values)
    return page_of(rows, page, request_record)


async def requests_by_ids(reach: VisibleRequests, ids: Collection[UUID]) -> dict[UUID, RequestRecord]:
    """Return the visible ones among these requests."""
    one = f"select {REQUEST_COLUMNS} from data_request r where {VISIBLE_SQL} and r.id = w.id"
    parameters = Parameters(*visible_arguments(reach))
    rows = await reach.access.transaction.fetch(parameters.for_each(ids, one), *parameters.values)
    return {row["id"]: request_record(row) for row in rows}


async def rights_of(reach: VisibleRequests, request_ids: Collection[UUID]) -> dict[UUID, list[RightRecord]]:
    """Return the rights of the visible ones among these requests, in the order in which they were asked."""
    rows = await reach.access.transaction.fetch(
        f"select {RIGHT_COLUMNS} from request_right g"
        " join data_request r on r.organisation_id = g.organisation_id and r.id = g.request_id"
        f" where {VISIBLE_SQL} and g.organisation_id = $1 and g.request_id = any($5::uuid[])"
        " order by g.created_at, g.id",
        *visible_arguments(reach),
        list(request_ids),
    )
    return _by(request_ids, [right_record(row) for row in rows])


async def right_by_id(reach: VisibleRequests, right_id: UUID) -> RightRecord | None:
    """Return one right of a visible request; None when it is absent or not the caller's to see."""
    row = await reach.access.transaction.fetchrow(
        f"select {RIGHT_COLUMNS} from request_right g"
        " join data_request r on r.organisation_id = g.organisation_id and r.id = g.request_id"
        f" where {VISIBLE_SQL} and g.organisation_id = $1 and g.id = $5",
        *visible_arguments(reach),
        right_id,
    )
    return None if row is None else right_record(row)


async def events_of(reach: VisibleRequests, request_ids: Collection[UUID]) -> dict[UUID, list[EventRecord]]:
    """Return what happened to the visible ones among these requests, oldest first."""
    rows = await reach.access.transaction.fetch(
        f"select {EVENT_COLUMNS} from request_event e"
        " join data_request r on r.organisation_id = e.organisation_id and r.id = e.request_id"
        f" where {VISIBLE_SQL} and e.organisation_id = $1 and e.request_id = any($5::uuid[])"
        " order by e.created_at, e.id",
        *visible_arguments(reach),
        list(request_ids),
    )
    return _by(request_ids, [event_record(row) for row in rows])


async def newest_previews(reach: VisibleRequests, right_ids: Collection[UUID]) -> dict[UUID, MadePreview]:
    """Return the newest preview of each right of visible requests; the person sees what deciders saw."""
    rows = await reach.access.transaction.fetch(
        "select distinct on (p.right_id) p.id, p.right_id, p.created_at, p.digest, p.content, (select c.content"
        " from preview c where c.organisation_id = p.organisation_id and c.right_id = p.right_id and c.id <> p.id"
        " and c.committed_at is not null order by c.committed_at desc limit 1) as committed from preview p"
        " join request_right g on g.organisation_id = p.organisation_id and g.id = p.right_id"
        " join data_request r on r.organisation_id = g.organisation_id and r.id = g.request_id"
        f" where {VISIBLE_SQL} and p.organisation_id = $1 and p.right_id = any($5::uuid[])"
        " order by p.right_id, p.created_at desc, p.id desc",
        *visible_arguments(reach),
        list(right_ids),
    )
    return {row["right_id"]: _preview(row) for row in rows}


def _preview(row: Mapping[str, Any]) -> MadePreview:
    content = msgspec.json.decode(row["content"], type=ErasurePreview)
    committed = msgspec.json.decode(row["committed"], type=ErasurePreview) if row["committed"] else None
    added = additions(committed, content) if committed else ()
    return MadePreview(row["id"], row["right_id"], row["created_at"], row["digest"].hex(), content, added)


async def outcomes_of(reach: VisibleRequests, right_ids: Collection[UUID]) -> dict[UUID, list[RecipientOutcome]]:
    """Return what each recipient did for the rights of visible requests, in the order in which it became due."""
    rows = await reach.access.transaction.fetch_as(
        ObligationRecord,
        f"select {COLUMNS}, i.manifest ->> 'name' as integration from obligation o"
        " join installation i on i.organisation_id = o.organisation_id and i.id = o.installation_id"
        " join data_request r on r.organisation_id = o.organisation_id and r.id = o.request_id"
        f" where {VISIBLE_SQL} and o.organisation_id = $1 and o.right_id = any($5::uuid[])"
        " order by o.created_at, o.id",
        *visible_arguments(reach),
        list(right_ids),
    )
    found: dict[UUID, list[RecipientOutcome]] = {right_id: [] for right_id in right_ids}
    for row in rows:
        found[row["right_id"]].append(RecipientOutcome(row["integration"], row))
    return found


async def remainders_of(reach: VisibleRequests, right_ids: Collection[UUID]) -> dict[UUID, list[RemainderRecord]]:
    """Return what the erasures among the rights of visible requests kept, in the order of their limitations."""
    rows = await reach.access.transaction.fetch_as(
        RemainderRecord,
        f"{SELECT_REMAINDERS}"
        " join request_right g on g.organisation_id = e.organisation_id and g.id = e.right_id"
        " join data_request r on r.organisation_id = g.organisation_id and r.id = g.request_id"
        f" where {VISIBLE_SQL} and e.organisation_id = $1 and e.right_id = any($5::uuid[])"
        " order by e.right_id, e.position",
        *visible_arguments(reach),
        list(right_ids),
    )
    return rows_by_parent(right_ids, rows, "right_id")


async def request_progress(access: Access, request_id: UUID) -> RequestProgress:
    """Return how far a request has come.

    Raises:
        NotFoundError: absent, or not the caller's to see.
    """
    row = await access.transaction.fetchrow(
        f"select {REQUEST_COLUMNS}, r.ended_at is not null and not r.is_certificate_due as is_over"
        f" from data_request r where {VISIBLE_SQL} and r.id = $5",
        *visible_arguments(visible_requests(access)),
        request_id,
    )
    if row is None:
        raise request_not_found()
    return RequestProgress(request_record(row), bool(row["is_over"]))


async def watch_request(access: Access, request_id: UUID) -> Watch:
    """Watch a request from now on: its state, its rights, what happened to it, and what its recipients did.

    Raises:
        NotFoundError: absent, or not the caller's to see.
    """
    await request_progress(access, request_id)
    return access.services.database.changes.watch(Topic(access.organisation_id, "request", request_id))


async def list_escalated(access: Access, page: PageRequest) -> Page[EscalatedRequest]:
    """Return what the privacy team has to decide, in every organisation and at the provider, soonest due first.

    Raises:
        PermissionDeniedError: the caller is not of the privacy team.
    """
    access.require(Permission.REQUESTS_DECIDE_ESCALATED)
    if not access.actor.is_privacy_team:
        raise PermissionDeniedError("Only the provider's privacy team sees requests of every organisation.")
    after: tuple[object, object] = (None, None) if page.after is None else page.after
    rows = await access.transaction.fetch("select * from requests_with_privacy_team($1, $2, $3)", *after, page.limit)
    return page_of(rows, page, _escalated)


def _escalated(row: Mapping[str, Any]) -> EscalatedRequest:
    values = dict(row)
    columns = (values.pop(name) for name in ("right_ids", "right_kinds", "right_states"))
    rights = [
        EscalatedRight(key, RightKind(kind), RightState(state)) for key, kind, state in zip(*columns, strict=True)
    ]
    return EscalatedRequest(**values, rights=rights)


def _by(request_ids: Collection[UUID], items: Collection[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {request_id: [] for request_id in request_ids}
    for item in items:
        found[item.request_id].append(item)
    return found
