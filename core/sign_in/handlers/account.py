"""The account itself: what happened to it, its time zone, and its addresses."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody, Parameter

from wardship.core.accounts.address import InvalidAddressError
from wardship.core.accounts.addresses import LastAddressError
from wardship.core.accounts.events import account_events
from wardship.core.accounts.time_zone import InvalidTimeZoneError, set_time_zone
from wardship.core.database.engine import Transaction
from wardship.core.errors import InvalidInputError, NotFoundError
from wardship.core.http.problems import refusals
from wardship.core.sign_in.addresses import (
    AddressHeldError,
    TooManyAddressesError,
    add_address,
    make_primary,
    remove_address,
    verify_added_address,
)
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.closing import AccountInUseError, close_account
from wardship.core.sign_in.handlers.answers import AcceptedAnswer, without_session
from wardship.core.sign_in.handlers.bodies import AddressBody, CloseBody, LinkBody, TimeZoneBody
from wardship.core.sign_in.handlers.dependencies import (
    BODY_REFUSALS,
    READING_REFUSALS,
    SESSION_REFUSALS,
    InCall,
    InSession,
)
from wardship.core.sign_in.links import LinkRefusedError
from wardship.core.sign_in.sessions import FreshSecondFactorRequiredError, Session
from wardship.core.sign_in.throttle import TooManyAttemptsError


class EventAnswer(msgspec.Struct, frozen=True):
    """Something that happened to the account.

    The organisation is empty where it is about none, the method where it is no sign-in.
    """

    id: UUID
    at: datetime
    kind: str
    organisation: str
    network: str
    user_agent: str
    method: str


class ActivityAnswer(msgspec.Struct, frozen=True):
    """A page of what happened, latest first; ``before`` asks for the next page, null on the last."""

    events: list[EventAnswer]
    before: UUID | None


class TimeZoneAnswer(msgspec.Struct, frozen=True):
    """The account's time zone."""

    time_zone: str


class AddressAnswer(msgspec.Struct, frozen=True):
    """An address of the account; one that waits for its link is not verified and has an end."""

    id: UUID
    address: str
    is_primary: bool
    verified_at: datetime | None
    expires_at: datetime | None


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
        EventAnswer(
            item.id,
            item.created_at,
            item.kind.value,
            item.organisation_name,
            item.network,
            item.user_agent,
            item.method,
        )
        for item in events[:first]
    ]
    return ActivityAnswer(shown, shown[-1].id if len(events) > first else None)


@post("/time-zone", status_code=200, responses=refusals(*BODY_REFUSALS, *SESSION_REFUSALS, InvalidTimeZoneError))
async def time_zone_handler(call: InCall, session: InSession, data: JSONBody[TimeZoneBody]) -> TimeZoneAnswer:
    """Set the time zone in which dates are told."""
    async with call.database.directory() as transaction:
        await set_time_zone(transaction, session.account_id, data.time_zone)
    return TimeZoneAnswer(data.time_zone)


@post(
    "/close",
    status_code=200,
    responses=refusals(
        *BODY_REFUSALS, *SESSION_REFUSALS, FreshSecondFactorRequiredError, InvalidAddressError, AccountInUseError
    ),
)
async def close_handler(call: InCall, session: InSession, data: JSONBody[CloseBody]) -> Response[AcceptedAnswer]:
    """Close an account that belongs to no organisation, after a step-up; its data is erased two weeks later."""
    session.require_step_up(call.now)
    async with call.database.directory() as transaction:
        await close_account(transaction, call, session.account_id, data.email)
    answer = Response(AcceptedAnswer("Your account is closed; sign in within two weeks to keep it."))
    return without_session(call.settings, answer)


@get("/addresses", responses=refusals(*READING_REFUSALS))
async def list_addresses_handler(call: InCall, session: InSession) -> list[AddressAnswer]:
    """List the account's addresses, the primary one first, and those that wait for their link."""
    async with call.database.directory(read_only=True) as transaction:
        return await _addresses(transaction, call, session)


@post(
    "/addresses",
    status_code=202,
    responses=refusals(
        *BODY_REFUSALS,
        *SESSION_REFUSALS,
        FreshSecondFactorRequiredError,
        InvalidAddressError,
        AddressHeldError,
        TooManyAddressesError,
        TooManyAttemptsError,
    ),
)
async def add_address_handler(call: InCall, session: InSession, data: JSONBody[AddressBody]) -> list[AddressAnswer]:
    """Mail a link that adds an address, after a step-up; the answer is the same for every address."""
    session.require_step_up(call.now)
    async with call.database.directory() as transaction:
        await add_address(transaction, call, session.account_id, data.email)
        return await _addresses(transaction, call, session)


@post("/addresses/verify", status_code=200, responses=refusals(*BODY_REFUSALS, *SESSION_REFUSALS, LinkRefusedError))
async def verify_address_handler(call: InCall, session: InSession, data: JSONBody[LinkBody]) -> list[AddressAnswer]:
    """Use the mailed link, signed in with the account that asked: the address is added."""
    async with call.database.directory() as transaction:
        await verify_added_address(transaction, call, session.account_id, data.token)
        return await _addresses(transaction, call, session)


@post(
    "/addresses/{address_id:uuid}/primary",
    status_code=200,
    responses=refusals(*SESSION_REFUSALS, FreshSecondFactorRequiredError, InvalidInputError, NotFoundError),
)
async def primary_address_handler(call: InCall, session: InSession, address_id: FromPath[UUID]) -> list[AddressAnswer]:
    """Send mail to another address of the account from now on, after a step-up."""
    session.require_step_up(call.now)
    async with call.database.directory() as transaction:
        await make_primary(transaction, call, session.account_id, address_id)
        return await _addresses(transaction, call, session)


@delete(
    "/addresses/{address_id:uuid}",
    status_code=200,
    responses=refusals(
        *SESSION_REFUSALS, FreshSecondFactorRequiredError, InvalidInputError, NotFoundError, LastAddressError
    ),
)
async def remove_address_handler(call: InCall, session: InSession, address_id: FromPath[UUID]) -> list[AddressAnswer]:
    """Remove an address that is not the primary one, after a step-up; ends all other sessions."""
    session.require_step_up(call.now)
    async with call.database.directory() as transaction:
        await remove_address(transaction, call, session.account_id, address_id, session_id=session.id)
        return await _addresses(transaction, call, session)


async def _addresses(transaction: Transaction, call: Call, session: Session) -> list[AddressAnswer]:
    found = await transaction.fetchval("select addresses from account_details($1, $2)", session.account_id, call.now)
    return msgspec.json.decode(found, type=list[AddressAnswer])
