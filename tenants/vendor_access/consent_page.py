"""The page on which somebody lets a vendor's client fetch data, as a form without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, SkipValidation
from litestar.response import Redirect

from wardship.core.errors import InvalidInputError, WardshipError
from wardship.core.http.credentials import require_own_origin
from wardship.core.http.request_id import request_id_of
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.handlers.answers import with_session
from wardship.core.sign_in.handlers.dependencies import (
    LARGEST_BODY,
    AnyRequest,
    InCall,
    InCredentials,
    sign_in_dependencies,
)
from wardship.core.sign_in.handlers.forms import CODE, SECOND_FACTOR, received, session_of_form, sign_in_first
from wardship.core.sign_in.pages.page import Button, Form, Page, show
from wardship.core.sign_in.second_step import show_second_factor
from wardship.core.sign_in.sessions import OpenedSession, Session
from wardship.tenants.access import Access, Services
from wardship.tenants.vendor_access.consent import (
    ConsentPlace,
    actor_at,
    chosen_place,
    consent_places,
    consent_words,
    read_consentable,
    where_to,
)
from wardship.tenants.vendor_access.consent_requests import (
    RETURN,
    ConsentRequest,
    read_consent_request,
    unpacked,
)
from wardship.tenants.vendor_access.consented_before import difference_words, earlier_consent
from wardship.tenants.vendor_access.granting import CodeRequest, let_fetch
from wardship.tenants.vendor_access.oauth_requests import Answer
from wardship.tenants.vendor_access.token_routes import AUTHORIZE

InServices: TypeAlias = NamedDependency[SkipValidation[Services]]
_PASSKEY: Final = {SECOND_FACTOR: "Show a passkey instead, then open this page again"}


@get(AUTHORIZE)
async def consent_page(request: AnyRequest, services: InServices, credentials: InCredentials) -> Response[Any]:
    """Show what a client wants to fetch, to who may let it; who is not signed in is led there and back."""
    asked = await read_consent_request(request, services, credentials)
    if isinstance(asked, Response):
        return asked
    try:
        session = await session_of_form(services, credentials, {}, lets_bound=True)
    except WardshipError as error:
        return sign_in_first(error, back_to=asked.back_to)
    return await _shown(asked, session, request_id_of(request))


@post(AUTHORIZE, status_code=200)
async def use_consent_page(
    request: AnyRequest, services: InServices, call: InCall, credentials: InCredentials
) -> Response[Any]:
    """Let the client in or not, and lead back to it."""
    asked = await read_consent_request(request, services, credentials)
    if isinstance(asked, Response):
        return asked
    form, call = await received(request, call)
    try:
        session = await session_of_form(services, credentials, form, lets_bound=True)
    except WardshipError as error:
        return sign_in_first(error, back_to=asked.back_to)
    if form.get("act") != "allow":
        return _go_back(asked, asked.answer(is_given=False))
    opened = None
    asked = _sent_by(asked, session)
    try:
        opened = await _stepped_up(call, session, form)
        if opened is not None:
            session = opened.session
            asked = _sent_by(asked, session, opened.cookie)
        shown = form.get("declaration", "")
        return _kept(services, await _allow(asked, session, shown, request_id_of(request)), opened)
    except WardshipError as error:
        return _kept(services, await _shown(asked, session, request_id_of(request), error), opened)


@get(f"{RETURN}/{{packed:str}}")
async def return_page(packed: FromPath[str]) -> Response[Any]:
    """Go on with a request after the sign-in."""
    return Redirect(unpacked(packed), status_code=303)


def consent_router(services: Services) -> Router:
    """Return the router of the page."""
    return Router(
        "/",
        route_handlers=[consent_page, use_consent_page, return_page],
        dependencies={"services": Provide(lambda: services, sync_to_thread=False), **sign_in_dependencies(services)},
        guards=[require_own_origin],
        request_max_body_size=LARGEST_BODY,
        include_in_schema=False,
    )


async def _shown(
    asked: ConsentRequest, session: Session, request_id: str, error: WardshipError | None = None
) -> Response[Any]:
    """Return the page that asks, or the choice between organisations, or why nobody can be asked."""
    hidden = {"csrf_token": session.csrf_token}
    deny = Form(hidden=hidden, buttons=(Button("Cancel", "deny"),))
    name = asked.client.name
    try:
        places = await consent_places(asked.services, session, asked.client)
        place = chosen_place(places, asked.form.get("installation"))
        if place is None:
            texts = ("Choose the organisation.",)
            return show(Page(f"Where may {name} fetch?", texts, forms=(deny,), also=_links(asked, places)))
        page, digest = await _question(asked, place, request_id)
    except WardshipError as fault:
        return show(Page(f"{name} can't be let in", refusal=fault.message, forms=(deny,)), status=fault.status)
    is_fresh = session.is_stepped_up(asked.services.clock.now())
    hidden = {**hidden, "declaration": digest}
    allow = Form(hidden=hidden, fields=() if is_fresh else (CODE,), buttons=(Button("Allow", "allow"),))
    page = replace(page, forms=(allow, deny), also={} if is_fresh else _PASSKEY)
    if error is None:
        return show(page)
    return show(replace(page, refusal=error.message), status=error.status)


async def _question(asked: ConsentRequest, place: ConsentPlace, request_id: str) -> tuple[Page, str]:
    """Return the page that asks, and by what the declaration that it shows is known."""
    services, name, where = asked.services, asked.client.name, place.organisation_name
    actor = await actor_at(services, replace(asked.credentials, changes=False), place)
    async with services.database.tenant(actor.organisation_id, read_only=True) as transaction:
        access = Access(actor, transaction, services, request_id)
        installation = await read_consentable(access, asked.client, place)
        earlier = await earlier_consent(access, asked.client, installation)
    manifest = installation.manifest
    whose = f"{name} asks in the name of {manifest.name}, which {where} has installed."
    ends = "Whoever manages integrations can end it at any time, as does uninstalling: nothing is fetched from then on."
    page = Page(
        f"May {name} fetch data of {where}?",
        (
            f"{whose} Data would go to {manifest.vendor.legal_name}.",
            f"Afterwards you go back to {where_to(asked.form)}.",
            ends,
        ),
        sections=(*difference_words(earlier, installation), *consent_words(installation)),
    )
    return page, installation.declaration_digest.hex()


def _links(asked: ConsentRequest, places: list[ConsentPlace]) -> Mapping[str, str]:
    """Return the page's own address for each place, by which one is chosen."""
    return {
        f"{AUTHORIZE}?{urlencode({**asked.form, 'installation': str(place.installation_id)})}": place.organisation_name
        for place in places
    }


def _sent_by(asked: ConsentRequest, session: Session, cookie: str | None = None) -> ConsentRequest:
    """Return the request as its browser sends it in a session, whose CSRF token was checked."""
    credentials = asked.credentials
    renewed = replace(credentials, cookie=cookie or credentials.cookie, csrf_token=session.csrf_token)
    return replace(asked, credentials=renewed)


async def _stepped_up(call: Call, session: Session, form: Mapping[str, str]) -> OpenedSession | None:
    """Return the session renewed by the code that was typed, where one was."""
    code = form.get("code", "")
    return await show_second_factor(call, session, code) if code and not session.is_stepped_up(call.now) else None


async def _allow(asked: ConsentRequest, session: Session, shown: str, request_id: str) -> Response[Any]:
    """Let the client in for what was shown, and lead back to it."""
    services = asked.services
    place = chosen_place(await consent_places(services, session, asked.client), asked.form.get("installation"))
    if place is None:
        raise InvalidInputError("Choose the organisation first.")
    actor = await actor_at(services, asked.credentials, place)
    answer = asked.answer(is_given=True)
    code = CodeRequest(asked.server.decided.issued, asked.form["redirect_uri"], asked.form["code_challenge"], shown)
    async with services.database.tenant(actor.organisation_id) as transaction:
        access = Access(actor, transaction, services, request_id)
        await let_fetch(access, asked.client, place.installation_id, code)
    return _go_back(asked, answer)


def _go_back(asked: ConsentRequest, answer: Answer) -> Response[Any]:
    """Lead back by a page: a form's answer may not lead to another site, by our own policy."""
    to = answer.location
    return show(Page(f"You go back to {asked.client.name}", next_url=to, next_label="Go on", refresh_to=to))


def _kept(services: Services, response: Response[Any], opened: OpenedSession | None) -> Response[Any]:
    return response if opened is None else with_session(services.settings, response, opened)
