"""Providers of the deployment: the endpoints that lead there, and the pages to which they lead back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath
from litestar.response import Redirect

from wardship.core.errors import InvalidInputError, NotFoundError, WardshipError
from wardship.core.http.credentials import cookie_name, is_secure
from wardship.core.http.problems import refusals
from wardship.core.openid.claims import ProvenIdentity
from wardship.core.openid.client import AuthorizationAnswer, OpenIdClient
from wardship.core.openid.flows import BegunFlow, flow_cookie, flow_cookie_name
from wardship.core.openid.identities import Identity, list_identities
from wardship.core.openid.refusals import ProviderUnavailableError
from wardship.core.settings import Settings
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.handlers.dependencies import (
    BODY_REFUSALS,
    READING_REFUSALS,
    SESSION_REFUSALS,
    AnyRequest,
    InCall,
    InCredentials,
    InOpenId,
    InSession,
)
from wardship.core.sign_in.handlers.forms import MAILED, SECURITY, go_on, session_of_form
from wardship.core.sign_in.newcomers import NEWCOMER_LASTS, Newcomer, NewcomerSeal, newcomer_from
from wardship.core.sign_in.pages.page import Button, Form, Page, show
from wardship.core.sign_in.providers import (
    LastWayInError,
    ProviderPurpose,
    ProviderUnknownError,
    come_from_provider,
    find_provider,
    go_to_provider,
    link_identity,
    provider_name,
    sign_in_as,
    unlink_identity,
)
from wardship.core.sign_in.registration import register
from wardship.core.sign_in.sessions import FreshSecondFactorRequiredError, Session
from wardship.core.sign_in.throttle import TooManyAttemptsError
from wardship.core.sign_in_provider import SignInProvider

_GOING_REFUSALS: Final = (ProviderUnknownError, ProviderUnavailableError, TooManyAttemptsError)
_FAILED: Final = Page("You are not signed in", next_url="/console", next_label="Sign in")


class GoAnswer(msgspec.Struct, frozen=True):
    """Where the browser goes; it comes back within ten minutes, with the cookie that was set."""

    url: str


class IdentityAnswer(msgspec.Struct, frozen=True):
    """An account at a provider of the deployment that opens this one; ``provider`` is its name here, or its issuer."""

    id: UUID
    provider: str
    created_at: datetime
    used_at: datetime


@post("/providers/{key:str}/begin", status_code=200, responses=refusals(*BODY_REFUSALS, *_GOING_REFUSALS))
async def begin_handler(call: InCall, openid: InOpenId, key: FromPath[str]) -> Response[GoAnswer]:
    """Begin a sign-in at a provider of the deployment."""
    url, begun = await go_to_provider(call, openid, find_provider(call.settings, key))
    return _going(call.settings, Response(GoAnswer(url)), begun)


@post(
    "/providers/{key:str}/link",
    status_code=200,
    responses=refusals(*SESSION_REFUSALS, InvalidInputError, FreshSecondFactorRequiredError, *_GOING_REFUSALS),
)
async def link_handler(call: InCall, openid: InOpenId, session: InSession, key: FromPath[str]) -> Response[GoAnswer]:
    """Begin to link an account at a provider with the account that is signed in, after a step-up."""
    url, begun = await go_to_provider(call, openid, find_provider(call.settings, key), session=session)
    return _going(call.settings, Response(GoAnswer(url)), begun)


@get("/identities", responses=refusals(*READING_REFUSALS))
async def list_identities_handler(call: InCall, session: InSession) -> list[IdentityAnswer]:
    """List the accounts at providers of the deployment that open this one, the oldest first."""
    return [
        IdentityAnswer(item.id, provider_name(call.settings, item.issuer), item.created_at, item.used_at)
        for item in await own_identities(call, session)
    ]


@delete(
    "/identities/{identity_id:uuid}",
    status_code=204,
    responses=refusals(
        *SESSION_REFUSALS, FreshSecondFactorRequiredError, InvalidInputError, NotFoundError, LastWayInError
    ),
)
async def unlink_handler(call: InCall, session: InSession, identity_id: FromPath[UUID]) -> None:
    """Unlink an account at a provider that is not the only way in, after a step-up; ends all other sessions."""
    session.require_step_up(call.now)
    async with call.database.directory() as transaction:
        await unlink_identity(transaction, call, session.account_id, identity_id, session_id=session.id)


@get("/providers/{key:str}/callback")
async def callback_page(
    request: AnyRequest, call: InCall, openid: InOpenId, credentials: InCredentials, key: FromPath[str]
) -> Response[Any]:
    """Go on with what was begun at a provider: sign in, link, or say how an account is made."""
    query = request.query_params
    given = {name: str(query.get(name, "")) for name in ("code", "state", "error")}
    answer = AuthorizationAnswer(**given, iss=query.get("iss"))
    browser = request.cookies.get(flow_cookie_name(call.settings, answer.state))
    try:
        provider = find_provider(call.settings, key)
        flow, person = await come_from_provider(call, openid, provider, answer, browser)
        if flow.purpose == ProviderPurpose.LINK.value:
            session = await session_of_form(call.deployment, credentials, {})
            await link_identity(call, provider, person, flow, session)
            shown: Response[Any] = Redirect(SECURITY, status_code=303)
        else:
            opened = await sign_in_as(call, provider, person, old_cookie=credentials.cookie)
            shown = _newcomer_page(call, provider, person) if opened is None else go_on(call.deployment, opened)
    except WardshipError as error:
        shown = show(replace(_FAILED, refusal=error.message), status=error.status)
    shown.set_cookie(flow_cookie(call.settings, answer.state, ""))
    return shown


@post("/providers/{key:str}/register", status_code=200)
async def register_page(request: AnyRequest, call: InCall, key: FromPath[str]) -> Response[Any]:
    """Mail a link to the address that a provider has said; the page is the same whether it has an account or not."""
    try:
        find_provider(call.settings, key)
        newcomer = newcomer_of(request, call)
        if newcomer is None or not newcomer.address:
            raise ProviderUnknownError("This was too long ago: sign in at the provider again.")
        await register(call, newcomer.address)
    except WardshipError as error:
        return show(replace(_FAILED, refusal=error.message), status=error.status)
    return show(MAILED)


async def link_page(call: Call, openid: OpenIdClient, session: Session, key: str) -> Response[Any]:
    """Return the page that leads to a provider, to link an account there; a form may not lead to another site."""
    provider = find_provider(call.settings, key)
    url, begun = await go_to_provider(call, openid, provider, session=session)
    texts = (f"Sign in at {provider.name}, with the account that shall open this one too. You come back here.",)
    page = Page(f"Link {provider.name}", texts, next_url=url, next_label=f"Go to {provider.name}")
    return _going(call.settings, show(page), begun)


async def own_identities(call: Call, session: Session) -> list[Identity]:
    """Return the account's identities at providers of the deployment; those of organisations are theirs."""
    async with call.database.directory(read_only=True) as transaction:
        found = await list_identities(transaction, session.account_id)
    return [item for item in found if item.organisation_id is None]


def newcomer_of(request: AnyRequest, call: Call) -> Newcomer | None:
    """Return whom a provider has proven in this browser, and nobody here knows."""
    return NewcomerSeal(call.keys).read(request.cookies.get(_newcomer_cookie_name(call.settings)), at=call.now)


def _going(settings: Settings, answer: Response[Any], begun: BegunFlow) -> Response[Any]:
    answer.set_cookie(flow_cookie(settings, begun.state, begun.browser))
    return answer


def _newcomer_page(call: Call, provider: SignInProvider, person: ProvenIdentity) -> Response[Any]:
    newcomer = newcomer_from(call, provider, person)
    make = Form(
        texts=(f"You have no account here? Then a link is mailed to {newcomer.address}, by which you make one.",),
        buttons=(Button("Send me a link"),),
        action=f"/auth/providers/{provider.key}/register",
    )
    page = Page(
        f"{provider.name} opens no account here yet",
        ("If you have an account, sign in another way, then link it on the page “What opens your account”.",),
        forms=(make,) if newcomer.address else (),
        next_url="/console",
        next_label="Sign in another way",
    )
    shown = show(page)
    value = NewcomerSeal(call.keys).write(newcomer)
    shown.set_cookie(_newcomer_cookie(call.settings, value, int(NEWCOMER_LASTS.total_seconds())))
    return shown


def _newcomer_cookie_name(settings: Settings) -> str:
    return f"{cookie_name(settings)}-newcomer"


def _newcomer_cookie(settings: Settings, value: str, max_age: int) -> Cookie:
    return Cookie(
        key=_newcomer_cookie_name(settings),
        value=value,
        max_age=max_age,
        path="/",
        secure=is_secure(settings),
        httponly=True,
        samesite="lax",
    )
