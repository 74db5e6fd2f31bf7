"""Accepting an invitation over HTTP: until then the person has no place in the organisation, and so no API there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, TypeAlias
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody, SkipValidation

from wardship.core.accounts.accounts import account_summary
from wardship.core.errors import NotFoundError, WardshipError
from wardship.core.http.credentials import require_json, require_own_origin
from wardship.core.http.problems import refusals
from wardship.core.http.request_id import request_id_of
from wardship.core.sign_in.authentication import account_for_session
from wardship.core.sign_in.handlers.dependencies import (
    BODY_REFUSALS,
    LARGEST_BODY,
    SESSION_REFUSALS,
    AnyRequest,
    InCredentials,
    InSession,
    sign_in_dependencies,
)
from wardship.core.sign_in.handlers.forms import sign_in_first
from wardship.core.sign_in.pages.page import Page, show
from wardship.tenants.access import Services
from wardship.tenants.invitations.accept import WrongAddressError, accept_invitation
from wardship.tenants.invitations.invite import InvitationEndedError
from wardship.tenants.members.add import AlreadyMemberError
from wardship.tenants.members.tombstones import ErasedAddressError
from wardship.tenants.organisations.states import OrganisationNotActiveError

InServices: TypeAlias = NamedDependency[SkipValidation[Services]]

_ACCEPT: Final = Page("Accept the invitation", button="Accept")
_SIGN_IN_FIRST: Final = Page(
    "Sign in first",
    (
        "You are invited. Sign in with the address to which the invitation was sent: you come back here.",
        "Without an account, register the address first; then open the link in the letter once more.",
    ),
    next_url="/console",
    next_label="Sign in",
    also={"/auth/registration": "Register the address"},
)


class AcceptBody(msgspec.Struct, frozen=True):
    """What the letter's link holds."""

    token: str


class JoinedAnswer(msgspec.Struct, frozen=True):
    """The organisation that was joined, by its short name, and the membership there."""

    organisation: str
    member_id: UUID


@post(
    "/",
    status_code=200,
    summary="Accept an invitation",
    guards=[require_own_origin, require_json],
    responses=refusals(
        *BODY_REFUSALS,
        *SESSION_REFUSALS,
        NotFoundError,
        WrongAddressError,
        InvitationEndedError,
        ErasedAddressError,
        AlreadyMemberError,
        OrganisationNotActiveError,
    ),
)
async def accept_handler(
    request: AnyRequest, services: InServices, session: InSession, data: JSONBody[AcceptBody]
) -> JoinedAnswer:
    """Join the organisation that invited one of the account's verified addresses."""
    joined = await accept_invitation(services, session.account_id, data.token, request_id=request_id_of(request))
    return JoinedAnswer(joined.organisation_slug, joined.member_id)


@get("/{token:str}", include_in_schema=False)
async def invitation_page(
    request: AnyRequest, services: InServices, credentials: InCredentials, token: FromPath[str]
) -> Response[Any]:
    """Show a button: a mail scanner that follows the link accepts nothing, and learns nothing."""
    del token
    try:
        session = await account_for_session(services, credentials)
    except WardshipError as error:
        return sign_in_first(error, _SIGN_IN_FIRST, back_to=request.url.path)
    async with services.database.directory(read_only=True) as transaction:
        summary = await account_summary(transaction, session.account_id)
    text = f"You accept as {summary.address}." if summary else ""
    return show(replace(_ACCEPT, texts=(text,), hidden={"csrf_token": session.csrf_token}))


@post("/{token:str}", status_code=200, include_in_schema=False)
async def use_invitation_page(
    request: AnyRequest, services: InServices, credentials: InCredentials, token: FromPath[str]
) -> Response[Any]:
    """Accept by the button."""
    form = await request.form()
    typed = replace(credentials, csrf_token=str(form.get("csrf_token", "")))
    try:
        session = await account_for_session(services, typed)
        joined = await accept_invitation(services, session.account_id, token, request_id=request_id_of(request))
    except WardshipError as error:
        page = replace(_SIGN_IN_FIRST, title="Not accepted")
        return sign_in_first(error, page, back_to=request.url.path)
    text = f"You are a member of {joined.organisation_slug} now."
    return show(Page("Welcome", (text,), next_url="/console", next_label="Go on"))


def invitation_router(services: Services) -> Router:
    """Return the router of what invitation letters lead to."""
    return Router(
        "/invitations",
        route_handlers=[accept_handler, invitation_page, use_invitation_page],
        dependencies={"services": Provide(lambda: services, sync_to_thread=False), **sign_in_dependencies(services)},
        request_max_body_size=LARGEST_BODY,
        tags=["Invitations"],
    )
