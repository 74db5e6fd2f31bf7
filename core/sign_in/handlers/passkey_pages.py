"""The pages of the second factor, and the script by which a passkey answers a form; each has a way without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import msgspec
from litestar import Response, get, post

from wardship.core.errors import WardshipError
from wardship.core.nouns import Deployment
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.handlers.answers import choice_page, with_session
from wardship.core.sign_in.handlers.dependencies import AnyRequest, InCall, InCredentials, InDeployment
from wardship.core.sign_in.handlers.forms import (
    CODE,
    CONSOLE,
    SECURITY,
    codes_page,
    credential_of_form,
    go_on,
    received,
    session_of_form,
    sign_in_first,
)
from wardship.core.sign_in.pages.page import Button, Ceremony, Field, Form, Page, passkey_script, show
from wardship.core.sign_in.passkey_changes import add_passkey, begin_passkey
from wardship.core.sign_in.passkey_use import begin_showing, show_passkey
from wardship.core.sign_in.passkeys import list_passkeys
from wardship.core.sign_in.second_step import begin_second_factor, confirm_second_factor, show_second_factor
from wardship.core.sign_in.sessions import OpenedSession, Session, Stage

_SCRIPT_CACHING: Final = "public, max-age=300"
_BEGIN_TEXTS: Final = (
    "You show it when you sign in, after the first step: who learns your password or reads your mail does not get in.",
)
_APP: Final = Form(
    title="An authenticator",
    texts=("An app on your phone, or a password manager, shows a new code every half minute.",),
    buttons=(Button("Show the code to scan", "authenticator"),),
)
_PASSKEY: Final = Form(
    title="A passkey",
    texts=("Your device, your password manager or a security key keeps a key for this address: nothing to type.",),
    buttons=(Button("Use a passkey", "passkey"),),
)
_NAME: Final = Field("name", "Call it, so that you know it again")
_ANY_CODE: Final = replace(CODE, label="Code of your authenticator, or a recovery code")


@get("/passkey.js")
async def script_handler() -> Response[bytes]:
    """Return the script by which a form is answered by a passkey; the pages name its digest."""
    headers = {"Cache-Control": _SCRIPT_CACHING}
    return Response(passkey_script()[0], media_type="text/javascript; charset=utf-8", headers=headers)


@get("/enrol")
async def enrol_page(deployment: InDeployment, credentials: InCredentials) -> Response[Any]:
    """Offer to set up a second factor: an authenticator or a passkey."""
    try:
        session = await session_of_form(deployment, credentials, {}, Stage.ENROLMENT, Stage.COMPLETE, lets_bound=True)
    except WardshipError as error:
        return sign_in_first(error)
    return show(_begin_page(session.csrf_token, is_own=session.organisation_id is None))


@post("/enrol", status_code=200)
async def use_enrol_page(request: AnyRequest, call: InCall, credentials: InCredentials) -> Response[Any]:
    """Show the code to scan, or the button that makes a passkey; then put it in force and show recovery codes."""
    form, call = await received(request, call)
    try:
        session = await session_of_form(
            call.deployment, credentials, form, Stage.ENROLMENT, Stage.COMPLETE, lets_bound=True
        )
        if "code" in form:
            opened, codes = await confirm_second_factor(call, session, form["code"])
            return _codes(call, opened, codes)
        if "credential" in form:
            return await _add_passkey(call, session, form)
        return show(await (_make_page if form.get("act") == "passkey" else _scan_page)(call, session))
    except WardshipError as error:
        page = replace(_begin_page(form.get("csrf_token", "")), refusal=error.message)
        return show(page, status=error.status)


@get("/second-factor")
async def second_factor_page(deployment: InDeployment, credentials: InCredentials) -> Response[Any]:
    """Ask for the second factor: as second step, or again before a dangerous act."""
    try:
        session = await session_of_form(deployment, credentials, {}, Stage.SECOND_STEP, Stage.COMPLETE, lets_bound=True)
    except WardshipError as error:
        return sign_in_first(error)
    return show(await _factor_page(deployment, session))


@post("/second-factor", status_code=200)
async def use_second_factor_page(request: AnyRequest, call: InCall, credentials: InCredentials) -> Response[Any]:
    """Check a code or a passkey, and go on."""
    form, call = await received(request, call)
    session = None
    try:
        session = await session_of_form(
            call.deployment, credentials, form, Stage.SECOND_STEP, Stage.COMPLETE, lets_bound=True
        )
        if form.get("act") == "passkey":
            return show(await _show_page(call, session))
        if "credential" in form:
            opened = await show_passkey(call, session, credential_of_form(form))
        else:
            opened = await show_second_factor(call, session, form.get("code", ""))
        return go_on(call.deployment, opened, SECURITY if session.stage is Stage.COMPLETE else "")
    except WardshipError as error:
        if session is None:
            return sign_in_first(error)
        page = await _factor_page(call.deployment, session)
        return show(replace(page, refusal=error.message), status=error.status)


async def _add_passkey(call: Call, session: Session, form: Mapping[str, str]) -> Response[Any]:
    opened, codes = await add_passkey(call, session, form.get("name", ""), credential_of_form(form))
    to = SECURITY if session.stage is Stage.COMPLETE else CONSOLE
    if not codes:
        return go_on(call.deployment, opened, to)
    return _codes(call, opened, codes, to)


def _codes(call: Call, opened: OpenedSession, codes: list[str], to: str = CONSOLE) -> Response[Any]:
    """Show recovery codes, once, and lead on: to a choice that is due, or as was wanted."""
    return with_session(call.settings, show(codes_page(codes, choice_page(opened) or to)), opened)


def _begin_page(csrf_token: str, *, is_own: bool = True) -> Page:
    """Return the page that offers a second factor; no passkey where an organisation's provider opened the session."""
    hidden = {"csrf_token": csrf_token}
    forms = tuple(replace(form, hidden=hidden) for form in ((_APP, _PASSKEY) if is_own else (_APP,)))
    return Page("Set up your second factor", _BEGIN_TEXTS, forms=forms)


async def _scan_page(call: Call, session: Session) -> Page:
    enrolment = await begin_second_factor(call, session)
    return Page(
        "Scan this code",
        (f"Or type this into your authenticator: {enrolment.secret}",),
        qr_svg=enrolment.qr_svg,
        fields=(CODE,),
        hidden={"csrf_token": session.csrf_token},
        button="Confirm",
    )


async def _make_page(call: Call, session: Session) -> Page:
    options = await begin_passkey(call, session)
    form = Form(
        hidden={"csrf_token": session.csrf_token},
        fields=(_NAME,),
        values={"name": "Passkey"},
        buttons=(Button("Make the passkey"),),
        ceremony=_ceremony("create", options),
    )
    texts = ("Your browser asks where to keep it, and makes sure that it is you.",)
    return Page("Make a passkey", texts, forms=(form,), next_url="/auth/enrol", next_label="Choose another way")


async def _show_page(call: Call, session: Session) -> Page:
    options = await begin_showing(call, session)
    form = Form(
        hidden={"csrf_token": session.csrf_token},
        buttons=(Button("Show my passkey"),),
        ceremony=_ceremony("get", options),
    )
    return Page("Show your passkey", forms=(form,), next_url="/auth/second-factor", next_label="Choose another way")


async def _factor_page(deployment: Deployment, session: Session) -> Page:
    """Return the page that asks for a code, or, where there is one, a passkey."""
    async with deployment.database.directory(read_only=True) as transaction:
        has_passkey = bool(await list_passkeys(transaction, session.account_id))
    hidden = {"csrf_token": session.csrf_token}
    passkey = Form(hidden=hidden, buttons=(Button("Use a passkey", "passkey"),))
    code = Form(hidden=hidden, fields=(_ANY_CODE,), buttons=(Button("Confirm"),))
    return Page(
        "Show your second factor",
        forms=(passkey, code) if has_passkey else (code,),
        next_url="/auth/lost-factor",
        next_label="I have lost it",
    )


def _ceremony(kind: str, options: dict[str, Any]) -> Ceremony:
    return Ceremony(kind, msgspec.json.encode(options).decode())
