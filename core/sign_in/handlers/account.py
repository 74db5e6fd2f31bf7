"""The account itself: what happened to it, and its time zone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody, Parameter

from wardship.core.accounts.events import account_events
from wardship.core.accounts.time_zone import InvalidTimeZoneError, set_time_zone
from wardship.core.errors import InvalidInputError
from wardship.core.http.problems import refusals
from wardship.core.sign_in.handlers.bodies import TimeZoneBody
from wardship.core.sign_in.handlers.dependencies import (
    BODY_REFUSALS,
    READING_REFUSALS,
    SESSION_REFUSALS,
    InCall,
    InSession,
)


class EventAnswer(msgspec.Struct, frozen=True):
    """Something that happened to the account; the organisation is empty where it is about none."""

    id: UUID
    at: datetime
    kind: str
    organisation: str
    network: str
    user_agent: str


class ActivityAnswer(msgspec.Struct, frozen=True):
    """A page of what happened, latest first; ``before`` asks for the next page, null on the last."""

    events: list[EventAnswer]
    before: UUID | None


class TimeZoneAnswer(msgspec.Struct, frozen=True):
    """The account's time zone."""

    time_zone: str


@get("/activity", responses=refusals(*READING_REFUSALS, InvalidInputError))
async def activity_handler(
    call: InCall,
    session: InSession,
    before: FromQuery[UUID | None] = None,
    first: Annotated[int, Parameter(ge=1, le=100)] = 20,
) -> ActivityAnswer:
    """Tell what happened to the account in the last year: sign-ins, credentials, addresses, tokens, looks of staff."""
    async with call.database.directory(read_only=True) as transaction:
        events = await account_events(transaction, session.account_id, before=before, ceiling=first + 1)
    shown = [
        EventAnswer(item.id, item.created_at, item.kind.value, item.organisation_name, item.network, item.user_agent)
        for item in events[:first]
    ]
    return ActivityAnswer(shown, shown[-1].id if len(events) > first else None)


@post("/time-zone", status_code=200, responses=refusals(*BODY_REFUSALS, *SESSION_REFUSALS, InvalidTimeZoneError))
async def time_zone_handler(call: InCall, session: InSession, data: JSONBody[TimeZoneBody]) -> TimeZoneAnswer:
    """Set the time zone in which dates are told."""
    async with call.database.directory() as transaction:
        await set_time_zone(transaction, session.account_id, data.time_zone)
    return TimeZoneAnswer(data.time_zone)
