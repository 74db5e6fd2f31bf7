"""Watch the progress of a request: what it is now, whether it can still change, and a watch that tells of changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from wardship.core.database.changes import Topic, Watch
from wardship.tenants.access import Access
from wardship.tenants.requests.records import REQUEST_COLUMNS, RequestRecord, request_record
from wardship.tenants.requests.visibility import VISIBLE_SQL, request_not_found, visible_arguments, visible_requests

KIND: Final = "request"


@dataclass(frozen=True, slots=True)
class RequestProgress:
    """A request as it is now; ``is_over`` once it has ended and its certificate, if it gets one, is there."""

    request: RequestRecord
    is_over: bool


async def request_progress(access: Access, request_id: UUID) -> RequestProgress:
    """Return how far a request has come.

    Raises:
        NotFoundError: absent, or not the caller's to see.
    """
    row = await access.transaction.fetchrow(
        f"select {REQUEST_COLUMNS}, r.ended_at is not null and not r.is_certificate_due as is_over"  # noqa: S608 - constants
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
    return access.services.database.changes.watch(Topic(access.organisation_id, KIND, request_id))
