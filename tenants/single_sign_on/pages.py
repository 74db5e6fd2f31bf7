"""Pages of sign-in by a provider, as forms without scripts: the way there, the question, and the second step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from wardship.core.errors import NotFoundError, WardshipError
from wardship.core.http.request_id import request_id_of
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.handlers.dependencies import AnyRequest, InCall, InCredentials
from wardship.core.sign_in.handlers.forms import sign_in_first
from wardship.core.sign_in.pages.page import Field, Page, show
from wardship.core.sign_in.sessions import Session
from wardship.tenants.single_sign_on.dependencies import (
    InDesk,
    by_form,
    departure_page,
    manager_session,
    own_session,
    typed_form,
    with_departure,
)
from wardship.tenants.single_sign_on.records import IN_FORCE, ProviderRecord
from wardship.tenants.single_sign_on.sealed_cookies import read_device
from wardship.tenants.single_sign_on.signing_in import Purpose, SignInDesk
from wardship.tenants.single_sign_on.ways import mail_way_to_sign_in

_EMAIL: Final = Field("email", "E-mail address", "email", "username")
_ASK: Final = Page(
    "Sign in by your organisation's provider",
    ("How you sign in is mailed to your address.",),
    fields=(_EMAIL,),
    button="Send me the way",
)
_MAILED: Final = Page("Look into your mailbox", ("A mail is on its way to this address.",))
_UNKNOWN: Final = Page(
    "Nobody signs in here",
    ("This sign-in address is not in use: have the present one mailed.",),
    next_url="/auth/way",
    next_label="Have it mailed",
)
_SIGNED_OUT: Final = Page("You are signed out", next_url="/console", next_label="Sign in again")
_TEST: Final = Page(
    "Try your organisation's provider",
    ("You sign in there, and come back: then it can be put in force.",),
    button="Try it",
)


@get("/way")
async def way_page() -> Response[Any]:
    """Ask for the address; the page is the same for everybody."""
    return show(_ASK)


@post("/way", status_code=200)
async def use_way_page(request: AnyRequest, call: InCall) -> Response[Any]:
    """Mail the way to an address; the page is the same for every address."""
    return await _mail_way(request, call, None)


@get("/o/{slug:str}")
async def organisation_page(request: AnyRequest, desk: InDesk, call: InCall, slug: FromPath[str]) -> Response[Any]:
    """Ask for the address: whether there is such an organisation is told to devices that have signed in there alone."""
    provider = await _known_provider(request, desk, call)
    if provider is not None and await desk.slug(provider) == slug:
        return await _straight(desk, call, provider)
    return show(_ASK)


@post("/o/{slug:str}", status_code=200)
async def use_organisation_page(request: AnyRequest, call: InCall, slug: FromPath[str]) -> Response[Any]:
    """Mail the way to an address; the page is the same for every name and every address."""
    return await _mail_way(request, call, slug)


@get("/at/{key:str}")
async def address_page(request: AnyRequest, desk: InDesk, call: InCall, key: FromPath[str]) -> Response[Any]:
    """Lead to the provider: a device that has signed in by it goes straight, others press a button."""
    try:
        provider = await desk.provider(address_key=key)
    except WardshipError as error:
        return show(_UNKNOWN, status=error.status)
    if provider.state not in IN_FORCE:
        return show(_UNKNOWN, status=NotFoundError.status)
    known = await _known_provider(request, desk, call)
    if known is not None and known.id == provider.id:
        return await _straight(desk, call, provider)
    return show(_go_to(provider))


@post("/at/{key:str}", status_code=200)
async def use_address_page(desk: InDesk, call: InCall, credentials: InCredentials, key: FromPath[str]) -> Response[Any]:
    """Go on to the provider."""
    provider = None
    try:
        provider = await desk.provider(address_key=key)
        session = await own_session(desk, credentials)
        return departure_page(desk, await desk.begin(call, provider, Purpose.SIGN_IN, session))
    except WardshipError as error:
        page = _UNKNOWN if provider is None or isinstance(error, NotFoundError) else _go_to(provider)
        return show(replace(page, texts=(), refusal=error.message), status=error.status)


@get("/provider/{provider_id:uuid}/test")
async def test_page(
    request: AnyRequest, desk: InDesk, credentials: InCredentials, provider_id: FromPath[UUID]
) -> Response[Any]:
    """Offer to try a provider, to who manages sign-in."""
    try:
        provider = await desk.provider(provider_id)
        session = await manager_session(desk, credentials, provider, request_id_of(request))
    except WardshipError as error:
        return sign_in_first(error)
    return show(_try(provider, session))


@post("/provider/{provider_id:uuid}/test", status_code=200)
async def use_test_page(
    request: AnyRequest, desk: InDesk, call: InCall, credentials: InCredentials, provider_id: FromPath[UUID]
) -> Response[Any]:
    """Go on to a provider in order to try it."""
    form = await typed_form(request)
    try:
        provider = await desk.provider(provider_id)
        session = await manager_session(desk, by_form(credentials, form), provider, request_id_of(request))
    except WardshipError as error:
        return sign_in_first(error)
    try:
        return departure_page(desk, await desk.begin(call, provider, Purpose.TEST, session))
    except WardshipError as error:
        return show(replace(_try(provider, session), refusal=error.message), status=error.status)


@get("/signed-out")
async def signed_out_page() -> Response[Any]:
    """Say that somebody is signed out, who comes back from the provider."""
    return show(_SIGNED_OUT)


def _go_to(provider: ProviderRecord) -> Page:
    return Page(f"Sign in by {provider.name}", button="Go on")


def _try(provider: ProviderRecord, session: Session) -> Page:
    return replace(_TEST, texts=(provider.name, *_TEST.texts), hidden={"csrf_token": session.csrf_token})


async def _mail_way(request: AnyRequest, call: Call, slug: str | None) -> Response[Any]:
    form = await typed_form(request)
    try:
        await mail_way_to_sign_in(replace(call), form.get("email", ""), slug)
    except WardshipError as error:
        values = {"email": form.get("email", "")}
        return show(replace(_ASK, refusal=error.message, values=values), status=error.status)
    return show(_MAILED)


async def _known_provider(request: AnyRequest, desk: SignInDesk, call: Call) -> ProviderRecord | None:
    """Return the provider by which this browser has signed in before."""
    services = desk.services
    device = read_device(services.settings, services.keys, request.cookies, at=call.now)
    if device is None:
        return None
    try:
        return await desk.provider(device.provider_id)
    except WardshipError:
        return None


async def _straight(desk: SignInDesk, call: Call, provider: ProviderRecord) -> Response[Any]:
    try:
        departure = await desk.begin(call, provider, Purpose.SIGN_IN, None)
    except WardshipError as error:
        return show(replace(_ASK, refusal=error.message), status=error.status)
    return with_departure(desk, Redirect(departure.url, status_code=303), departure)
