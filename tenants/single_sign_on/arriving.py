"""Where a provider leads people back to, and the question whether an account is theirs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from wardship.core.actor import system_actor
from wardship.core.errors import WardshipError
from wardship.core.http.credentials import RequestCredentials
from wardship.core.http.request_id import request_id_of
from wardship.core.openid.client import AuthorizationAnswer
from wardship.core.openid.flows import flow_cookie, flow_cookie_name
from wardship.core.openid.refusals import FlowRefusedError
from wardship.core.sign_in.authentication import OrganisationSessionError, account_for_session
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.handlers.dependencies import AnyRequest, InCall, InCredentials
from wardship.core.sign_in.handlers.forms import CONSOLE, go_on, sign_in_first
from wardship.core.sign_in.pages.page import Page, show
from wardship.core.sign_in.sessions import Session, Stage
from wardship.tenants.single_sign_on.addresses import sign_in_address
from wardship.tenants.single_sign_on.admitting import connect_identity
from wardship.tenants.single_sign_on.dependencies import InDesk, by_form, typed_form
from wardship.tenants.single_sign_on.read import find_provider
from wardship.tenants.single_sign_on.sealed_cookies import (
    DEVICE_LASTS,
    OFFER_LASTS,
    KnownDevice,
    SealedOffer,
    device_cookie,
    offer_cookie,
    read_offer,
)
from wardship.tenants.single_sign_on.signing_in import Arrival, Purpose, SignInDesk

_TRIED: Final = Page(
    "The provider works",
    ("You have come back from it: it can be put in force now.",),
    next_url=CONSOLE,
    next_label="Go on",
)
_NOT: Final = Page("You are not signed in", next_url="/console", next_label="Sign in another way")
_OVER: Final = Page("There is nothing to connect", ("Begin again at your organisation's sign-in address.",))
_SIGN_IN_FIRST: Final = Page(
    "Is this account yours?",
    (
        "There is an account with your address.",
        "Sign in once with it, with its password and second factor: you come back here.",
    ),
    next_url="/console",
    next_label="Sign in",
)
_LONGEST: Final = 2000


@get("/provider/{provider_id:uuid}/callback")
async def callback_page(
    request: AnyRequest, desk: InDesk, call: InCall, credentials: InCredentials, provider_id: FromPath[UUID]
) -> Response[Any]:
    """Take the answer of a provider: it signs in, asks, or says why not."""
    answer = _answer(request)
    settings = desk.services.settings
    browser = request.cookies.get(flow_cookie_name(settings, answer.state)) if answer.state else None
    try:
        arrival = await desk.arrive(call, provider_id, answer, browser=browser, cookie=credentials.cookie)
        response = _arrived(desk, call, arrival)
    except WardshipError as error:
        response = show(replace(_NOT, refusal=error.message), status=error.status)
    if browser:
        response.set_cookie(flow_cookie(settings, answer.state, ""))
    return response


@get("/connect")
async def connect_page(request: AnyRequest, desk: InDesk, call: InCall, credentials: InCredentials) -> Response[Any]:
    """Ask the owner of an account, who is signed in by it, whether he or she is the person at the provider."""
    sealed = _offered(request, desk, call)
    if sealed is None:
        return show(_OVER, status=FlowRefusedError.status)
    try:
        session = await _owner(desk, call, credentials, sealed)
    except WardshipError as error:
        return sign_in_first(error, _SIGN_IN_FIRST, back_to=request.url.path)
    return show(await _question(desk, sealed, session))


@post("/connect", status_code=200)
async def use_connect_page(
    request: AnyRequest, desk: InDesk, call: InCall, credentials: InCredentials
) -> Response[Any]:
    """Connect the account with the person at the provider, whose owner says so."""
    sealed = _offered(request, desk, call)
    if sealed is None:
        return show(_OVER, status=FlowRefusedError.status)
    form = await typed_form(request)
    try:
        session = await _owner(desk, call, by_form(credentials, form), sealed)
        call = Call(desk.services, call.client, session.id)
        async with desk.organisation(system_actor(sealed.offer.organisation_id), request_id_of(request)) as access:
            provider = await find_provider(access, sealed.provider_id, lock="for share")
            if provider is None or provider.issuer != sealed.offer.issuer:
                raise FlowRefusedError
            if await connect_identity(access, call, provider, sealed.offer) is None:
                raise FlowRefusedError
    except WardshipError as error:
        return sign_in_first(error, _SIGN_IN_FIRST, back_to=request.url.path)
    settings = desk.services.settings
    link = sign_in_address(settings, provider.address_key)
    done = show(
        Page("It is connected", ("From now on the provider signs you in.",), next_url=link, next_label="Sign in")
    )
    done.set_cookie(offer_cookie(settings, desk.services.keys, None))
    return done


def _answer(request: AnyRequest) -> AuthorizationAnswer:
    """Return the parameters of an answer; one that is given twice is none."""
    found = {
        name: values[0]
        for name in ("code", "state", "iss", "error")
        if len(values := request.query_params.getall(name, [])) == 1 and len(values[0]) <= _LONGEST
    }
    return AuthorizationAnswer(found.get("code", ""), found.get("state", ""), found.get("iss"), found.get("error", ""))


def _arrived(desk: SignInDesk, call: Call, arrival: Arrival) -> Response[Any]:
    settings, keys = desk.services.settings, desk.services.keys
    if arrival.offer is not None:
        sealed = SealedOffer(call.now + OFFER_LASTS, arrival.provider.id, arrival.offer)
        response: Response[Any] = Redirect("/auth/connect", status_code=303)
        response.set_cookie(offer_cookie(settings, keys, sealed))
        return response
    if arrival.opened is None or arrival.purpose is Purpose.TEST:
        return show(_TRIED)
    response = go_on(desk.services, arrival.opened)
    device = KnownDevice(call.now + DEVICE_LASTS, arrival.provider.id)
    response.set_cookie(device_cookie(settings, keys, device))
    return response


def _offered(request: AnyRequest, desk: SignInDesk, call: Call) -> SealedOffer | None:
    return read_offer(desk.services.settings, desk.services.keys, request.cookies, at=call.now)


async def _owner(desk: SignInDesk, call: Call, credentials: RequestCredentials, sealed: SealedOffer) -> Session:
    """Return the session of the account that an offer is made to, whose second factor was just shown."""
    session = await account_for_session(desk.services, credentials, Stage.COMPLETE, lets_bound=True)
    if session.organisation_id not in {None, sealed.offer.organisation_id}:
        raise OrganisationSessionError
    if session.account_id != sealed.offer.account_id:
        raise FlowRefusedError("You are signed in with another account: sign out, then sign in with the one asked for.")
    session.require_step_up(call.now)
    return session


async def _question(desk: SignInDesk, sealed: SealedOffer, session: Session) -> Page:
    async with desk.services.database.directory(read_only=True) as transaction:
        name = await transaction.fetchval("select name from organisation where id = $1", sealed.offer.organisation_id)
    who = f" as {sealed.offer.shown}" if sealed.offer.shown else ""
    return Page(
        "Is this you?",
        (
            f"{name}'s provider has signed somebody in{who}.",
            f"If that is you, connect it: from then on the provider signs you in, to {name} alone.",
            "Nothing else of your account is open to it.",
        ),
        hidden={"csrf_token": session.csrf_token},
        button="That is me: connect it",
    )
