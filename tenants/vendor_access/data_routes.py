"""`/vendor/v1`: what a vendor reads with its token."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import msgspec
from litestar import Response, Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, SkipValidation

from wardship.core.errors import InvalidInputError
from wardship.core.http.budgets import RateLimitedError
from wardship.core.http.problems import problem, refusals
from wardship.core.http.request_id import request_id_of
from wardship.core.http.vouching import vouch_for
from wardship.core.sign_in.handlers.dependencies import AnyRequest
from wardship.plugins.api import Record
from wardship.tenants.access import Services
from wardship.tenants.vendor_access.fetching import (
    InvalidCursorError,
    InvalidVendorTokenError,
    authenticate_vendor,
    fetch_members,
    require_length,
)
from wardship.tenants.vendor_access.records import KnownToken

PAGE: Final = 50
_COST: Final = 10_000
_COST_OF_A_RECORD: Final = 1_000
InServices: TypeAlias = NamedDependency[SkipValidation[Services]]
InToken: TypeAlias = NamedDependency[SkipValidation[KnownToken]]


class FetchedField(msgspec.Struct, frozen=True):
    """One field of a member: its category, its name, and what it holds."""

    category: str
    name: str
    value: str


class FetchedMember(msgspec.Struct, frozen=True):
    """A member: the name that is this vendor's alone, the identifiers that were declared, and the fields."""

    subject: str
    identifiers: dict[str, str]
    fields: list[FetchedField]


class MembersAnswer(msgspec.Struct, frozen=True):
    """A page of members, and the cursor of the next one; null after the last."""

    members: list[FetchedMember]
    next: str | None


async def provide_token(request: AnyRequest, services: InServices) -> KnownToken:
    """Return the living access token of a request."""
    token = await authenticate_vendor(services, request.headers.get("authorization"))
    vouch_for(request)
    return token


@get(
    "/members",
    summary="Fetch the members that were granted",
    responses=refusals(InvalidVendorTokenError, InvalidInputError, InvalidCursorError, RateLimitedError),
)
async def members_handler(
    request: AnyRequest,
    services: InServices,
    token: InToken,
    first: FromQuery[int] = PAGE,
    after: FromQuery[str | None] = None,
) -> Response[MembersAnswer]:
    """Return a page of the members, with exactly the fields that were declared, granted and consented to."""
    require_length(first)
    cost = _COST + _COST_OF_A_RECORD * first
    left = services.budgets.charge(token.organisation_id, token.grant_id, cost)
    page = await fetch_members(services, token, first=first, after=after, request_id=request_id_of(request))
    answer = MembersAnswer([_shown(record) for record in page.records], page.next_cursor)
    return Response(answer, headers=left)


def _shown(record: Record) -> FetchedMember:
    subject = record.subject
    identifiers = {each.type.value: each.value for each in subject.identifiers}
    fields = [FetchedField(each.category, each.name, str(each.value)) for each in record.fields]
    return FetchedMember(subject.id, identifiers, fields)


def _opens_nothing(_: AnyRequest, error: InvalidVendorTokenError) -> Response[Any]:
    """Answer as RFC 6750, section 3.1, has it."""
    headers = {"WWW-Authenticate": 'Bearer realm="wardship", error="invalid_token"'}
    return problem(error.status, error.code, error.message, headers=headers)


def data_router(services: Services) -> Router:
    """Return the router of what vendors fetch."""
    return Router(
        "/vendor/v1",
        route_handlers=[members_handler],
        dependencies={
            "services": Provide(lambda: services, sync_to_thread=False),
            "token": Provide(provide_token),
        },
        exception_handlers={InvalidVendorTokenError: _opens_nothing},
        tags=["Vendors"],
    )
