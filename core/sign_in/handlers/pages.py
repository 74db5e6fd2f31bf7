"""The pages: GET shows a form and changes nothing (mail scanners follow links), POST acts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from wardship.core.accounts.accounts import account_summary
from wardship.core.errors import WardshipError
from wardship.core.http.credentials import RequestCredentials
from wardship.core.nouns import Deployment
from wardship.core.sign_in.addresses import verify_added_address
from wardship.core.sign_in.authentication import account_for_session
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.closing import keep_account
from wardship.core.sign_in.demonstration import enter_demonstration
from wardship.core.sign_in.handlers.answers import with_session
from wardship.core.sign_in.handlers.dependencies import AnyRequest, InCall, InCredentials, InDeployment
from wardship.core.sign_in.links import Link, LinkPurpose, find_link
from wardship.core.sign_in.pages.page import Field, Page, show
from wardship.core.sign_in.password_change import forgot_password, reset_password
from wardship.core.sign_in.recovery import ask_recovery, cancel_recovery, lost_second_factor, use_recovery
from wardship.core.sign_in.registration import register, return_after_erasure, verify
from wardship.core.sign_in.second_step import begin_second_factor, confirm_second_factor
from wardship.core.sign_in.sessions import OpenedSession, Session, Stage

_CONSOLE: Final = "/console/explorer"
_ENROL: Final = "/auth/enrol"
_EMAIL: Final = Field("email", "E-mail address", "email", "username")
_NAME: Final = Field("display_name", "Your name", "text", "name")
_NEW_PASSWORD: Final = Field("password", "New password, at least 12 characters", "password", "new-password")
_PASSWORD: Final = Field("password", "Your password", "password", "current-password")
_CODE: Final = Field("code", "Code of your authenticator", "text", "one-time-code")
_MAYBE_CODE: Final = replace(_CODE, label="Code of your authenticator, if you have one", is_needed=False)
_KEPT: Final = ("email", "display_name")

_FORMS: Final[Mapping[LinkPurpose, Page]] = {
    LinkPurpose.VERIFY_ADDRESS: Page(
        "Register", ("Your address is confirmed.",), fields=(_NAME, _NEW_PASSWORD), button="Make my account"
    ),
    LinkPurpose.RESET_PASSWORD: Page("Set a new password", fields=(_NEW_PASSWORD, _MAYBE_CODE), button="Set it"),
    LinkPurpose.RETURN_AFTER_ERASURE: Page(
        "Allow your return",
        ("Organisations that have erased your data may then invite this address again.",),
        button="Allow it",
    ),
    LinkPurpose.DEMONSTRATION: Page("Enter the demonstration", button="Sign in"),
    LinkPurpose.ASK_RECOVERY: Page(
        "Ask for a new second factor",
        ("Two people of your organisation, or of the provider, decide on it. It takes days; you are told by mail.",),
        button="Ask",
    ),
    LinkPurpose.CANCEL_RECOVERY: Page(
        "Keep your second factor",
        ("Your account was to get a new second factor. Nothing changes when you call it off.",),
        button="Call it off",
    ),
    LinkPurpose.KEEP_ACCOUNT: Page("Keep your account", ("It is closed, and would be erased.",), button="Keep it"),
    LinkPurpose.RECOVER: Page(
        "Set a new second factor",
        ("All your sessions and access tokens end with it.",),
        fields=(_PASSWORD,),
        button="Go on",
    ),
    LinkPurpose.ADD_ADDRESS: Page("Add this address to your account", button="Add it"),
}
_DEAD: Final = Page("This link doesn't work", ("It was used, is too old, or never existed: ask for a new one.",))
_REGISTER: Final = Page("Register", fields=(_EMAIL,), button="Send me a link")
_FORGOTTEN: Final = Page("Forgotten password", fields=(_EMAIL,), button="Send me a link")
_MAILED: Final = Page("Look into your mailbox", ("A mail is on its way to this address.",))
_ADDED: Final = Page("The address is yours", ("It belongs to your account now.",))
_ASKED: Final = Page("It is asked for", ("Two people decide on it; you are told by mail.",))
_CALLED_OFF: Final = Page("Your second factor stays", ("Nothing was changed.",))
_KEPT_ACCOUNT: Final = Page("Your account is kept", next_url="/console", next_label="Sign in")
_LOST: Final = Page(
    "Lost second factor",
    ("If you have a recovery code, sign in with it instead: it works at once.",),
    fields=(_EMAIL,),
    button="Send me a link",
)
_RETURNED: Final = Page("Your return is allowed", ("Tell the organisation that it may invite you again.",))
_BEGIN: Final = Page(
    "Set up your second factor",
    ("You need an authenticator: an app on your phone, or a password manager.",),
    button="Show the code to scan",
)
_OPEN_AGAIN: Final = ("Sign in with the account that asked for this, then open the link again.",)
_OTHER_ACCOUNT: Final = "Another account asked for this."
_DONE: Final[Mapping[LinkPurpose, Page]] = {
    LinkPurpose.RETURN_AFTER_ERASURE: _RETURNED,
    LinkPurpose.ASK_RECOVERY: _ASKED,
    LinkPurpose.CANCEL_RECOVERY: _CALLED_OFF,
    LinkPurpose.KEEP_ACCOUNT: _KEPT_ACCOUNT,
}
_SIGN_IN_FIRST: Final = Page("Sign in first", next_url="/console", next_label="Sign in")


@get("/link/{token:str}")
async def link_page(deployment: InDeployment, credentials: InCredentials, token: FromPath[str]) -> Response[Any]:
    """Show what a link is for; it is used by the button alone."""
    link, name = await _link(deployment, token)
    if link is None:
        return show(_DEAD, status=410)
    if link.purpose is LinkPurpose.ADD_ADDRESS:
        return await _address_page(deployment, credentials, link)
    form = _FORMS[link.purpose]
    return show(replace(form, texts=(*form.texts, f"You will be {name}.")) if name else form)


@post("/link/{token:str}", status_code=200)
async def use_link_page(
    request: AnyRequest, call: InCall, credentials: InCredentials, token: FromPath[str]
) -> Response[Any]:
    """Use a link."""
    link, _ = await _link(call.deployment, token)
    if link is None:
        return show(_DEAD, status=410)
    form, call = await _received(request, call)
    try:
        if link.purpose is LinkPurpose.ADD_ADDRESS:
            return await _add_address(call, credentials, token, form)
        opened = await _use(call, credentials, link.purpose, token, form)
    except WardshipError as error:
        return _again(_FORMS[link.purpose], form, error)
    return show(_DONE[link.purpose]) if opened is None else _go_on(call.deployment, opened)


@get("/registration")
async def registration_page() -> Response[Any]:
    """Ask for the address to register."""
    return show(_REGISTER)


@post("/registration", status_code=200)
async def use_registration_page(request: AnyRequest, call: InCall) -> Response[Any]:
    """Mail a link to an address; the page is the same for every address."""
    return await _mail(request, call, register, _REGISTER)


@get("/forgotten")
async def forgotten_page() -> Response[Any]:
    """Ask for the address whose password is forgotten."""
    return show(_FORGOTTEN)


@post("/forgotten", status_code=200)
async def use_forgotten_page(request: AnyRequest, call: InCall) -> Response[Any]:
    """Mail a link to an address; the page is the same for every address."""
    return await _mail(request, call, forgot_password, _FORGOTTEN)


@get("/lost-factor")
async def lost_page() -> Response[Any]:
    """Ask for the address whose second factor is lost."""
    return show(_LOST)


@post("/lost-factor", status_code=200)
async def use_lost_page(request: AnyRequest, call: InCall) -> Response[Any]:
    """Mail a link to an address; the page is the same for every address."""
    return await _mail(request, call, lost_second_factor, _LOST)


@get("/enrol")
async def enrol_page(deployment: InDeployment, credentials: InCredentials) -> Response[Any]:
    """Offer to set up the second factor."""
    try:
        session = await _enrolling(deployment, credentials, {})
    except WardshipError as error:
        return show(replace(_SIGN_IN_FIRST, refusal=error.message), status=error.status)
    return show(replace(_BEGIN, hidden={"csrf_token": session.csrf_token}))


@post("/enrol", status_code=200)
async def use_enrol_page(request: AnyRequest, call: InCall, credentials: InCredentials) -> Response[Any]:
    """Show the code to scan, or, with the authenticator's first code, put it in force and show recovery codes."""
    form, call = await _received(request, call)
    try:
        session = await _enrolling(call.deployment, credentials, form)
        if "code" in form:
            opened, codes = await confirm_second_factor(call, session, form["code"])
            return with_session(call.settings, show(_codes_page(codes)), opened)
        return show(await _scan_page(call, session))
    except WardshipError as error:
        again = replace(_BEGIN, hidden={"csrf_token": form.get("csrf_token", "")})
        return _again(again, form, error)


async def _link(deployment: Deployment, token: str) -> tuple[Link | None, str]:
    """Return a link that still works, and, of a demonstration, the person's name."""
    async with deployment.database.directory(read_only=True) as transaction:
        link = await find_link(transaction, token, at=deployment.clock.now())
        if link is None or link.purpose is not LinkPurpose.DEMONSTRATION or link.account_id is None:
            return link, ""
        summary = await account_summary(transaction, link.account_id)
    return link, summary.display_name if summary else ""


async def _use(
    call: Call, credentials: RequestCredentials, purpose: LinkPurpose, token: str, form: Mapping[str, str]
) -> OpenedSession | None:
    if purpose is LinkPurpose.VERIFY_ADDRESS:
        return await verify(call, token, form.get("password", ""), form.get("display_name", ""))
    if purpose is LinkPurpose.RESET_PASSWORD:
        return await reset_password(call, token, form.get("password", ""), form.get("code", ""))
    if purpose is LinkPurpose.DEMONSTRATION:
        return await enter_demonstration(call, token, old_cookie=credentials.cookie)
    if purpose is LinkPurpose.RECOVER:
        return await use_recovery(call, token, form.get("password", ""))
    await _ACTS[purpose](call, token)
    return None


_ACTS: Final[Mapping[LinkPurpose, Callable[[Call, str], Awaitable[None]]]] = {
    LinkPurpose.RETURN_AFTER_ERASURE: return_after_erasure,
    LinkPurpose.ASK_RECOVERY: ask_recovery,
    LinkPurpose.CANCEL_RECOVERY: cancel_recovery,
    LinkPurpose.KEEP_ACCOUNT: keep_account,
}
"""What a link does that opens no session."""


async def _address_page(deployment: Deployment, credentials: RequestCredentials, link: Link) -> Response[Any]:
    """Show which account the address would belong to, to who is signed in; others sign in first."""
    try:
        session = await account_for_session(deployment, credentials)
    except WardshipError as error:
        return show(replace(_SIGN_IN_FIRST, texts=_OPEN_AGAIN, refusal=error.message), status=error.status)
    if session.account_id != link.account_id:
        return show(replace(_SIGN_IN_FIRST, texts=_OPEN_AGAIN, refusal=_OTHER_ACCOUNT), status=403)
    async with deployment.database.directory(read_only=True) as transaction:
        summary = await account_summary(transaction, session.account_id)
    whose = f"{link.address} will belong to your account with {summary.address if summary else ''}."
    form = _FORMS[LinkPurpose.ADD_ADDRESS]
    return show(replace(form, texts=(whose,), hidden={"csrf_token": session.csrf_token}))


async def _add_address(
    call: Call, credentials: RequestCredentials, token: str, form: Mapping[str, str]
) -> Response[Any]:
    session = await account_for_session(call.deployment, replace(credentials, csrf_token=form.get("csrf_token")))
    async with call.database.directory() as transaction:
        await verify_added_address(transaction, call, session.account_id, token)
    return show(_ADDED)


async def _mail(
    request: AnyRequest, call: Call, command: Callable[[Call, str], Awaitable[None]], page: Page
) -> Response[Any]:
    form, call = await _received(request, call)
    try:
        await command(call, form.get("email", ""))
    except WardshipError as error:
        return _again(page, form, error)
    return show(_MAILED)


def _go_on(deployment: Deployment, opened: OpenedSession) -> Response[Any]:
    is_complete = opened.session.stage is Stage.COMPLETE
    answer = Redirect(_CONSOLE if is_complete else _ENROL, status_code=303)
    return with_session(deployment.settings, answer, opened)


async def _enrolling(deployment: Deployment, credentials: RequestCredentials, form: Mapping[str, str]) -> Session:
    typed = replace(credentials, csrf_token=form.get("csrf_token"))
    return await account_for_session(deployment, typed, Stage.ENROLMENT, Stage.COMPLETE)


async def _scan_page(call: Call, session: Session) -> Page:
    enrolment = await begin_second_factor(call, session)
    return Page(
        "Scan this code",
        (f"Or type this into your authenticator: {enrolment.secret}",),
        qr_svg=enrolment.qr_svg,
        fields=(_CODE,),
        hidden={"csrf_token": session.csrf_token},
        button="Confirm",
    )


def _codes_page(codes: list[str]) -> Page:
    return Page(
        "Keep your recovery codes",
        ("Each stands in once for your authenticator. They are shown this once: print them, or keep them safe.",),
        items=tuple(codes),
        next_url=_CONSOLE,
        next_label="Go on",
    )


def _again(page: Page, form: Mapping[str, str], error: WardshipError) -> Response[Any]:
    values = {name: form[name] for name in _KEPT if name in form}
    return show(replace(page, refusal=error.message, values=values), status=error.status)


async def _received(request: Request[Any, Any, Any], call: Call) -> tuple[dict[str, str], Call]:
    """Return the form, and the call at the moment at which it was there: a body may come long after its headers."""
    fields = await request.form()
    return {name: value for name, value in fields.items() if isinstance(value, str)}, replace(call)
