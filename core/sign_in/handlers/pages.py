"""The pages: GET shows a form and changes nothing (mail scanners follow links), POST acts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from litestar import Response, get, post
from litestar.params import FromPath

from wardship.core.accounts.accounts import account_summary
from wardship.core.accounts.address import EmailAddress
from wardship.core.errors import WardshipError
from wardship.core.http.credentials import RequestCredentials
from wardship.core.nouns import Deployment
from wardship.core.sign_in.addresses import verify_added_address
from wardship.core.sign_in.asking_browsers import require_own_link
from wardship.core.sign_in.authentication import account_for_session
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.closing import keep_account
from wardship.core.sign_in.demonstration import enter_demonstration
from wardship.core.sign_in.handlers.dependencies import AnyRequest, InCall, InCredentials, session_if_any
from wardship.core.sign_in.handlers.forms import (
    CODE,
    EMAIL,
    MAILED,
    SIGN_IN_FIRST,
    again,
    go_on,
    received,
    sign_in_first,
)
from wardship.core.sign_in.handlers.mailed_link_pages import sign_in_link_page
from wardship.core.sign_in.handlers.providers import newcomer_of
from wardship.core.sign_in.links import Link, LinkPurpose, find_link
from wardship.core.sign_in.mailed_links import sign_in_by_link
from wardship.core.sign_in.pages.page import Field, Page, show
from wardship.core.sign_in.password_change import forgot_password, has_shown_factor, reset_password
from wardship.core.sign_in.recovery import ask_recovery, cancel_recovery, lost_second_factor, use_recovery
from wardship.core.sign_in.registration import register, return_after_erasure, verify
from wardship.core.sign_in.sessions import OpenedSession

_NAME: Final = Field("display_name", "Your name", "text", "name")
_NEW_PASSWORD: Final = Field("password", "New password, at least 12 characters", "password", "new-password")
_PASSWORD: Final = Field("password", "Your password", "password", "current-password")
_MAYBE_CODE: Final = replace(CODE, label="Code of your authenticator, if you have one", is_needed=False)
_FORMS: Final[Mapping[LinkPurpose, Page]] = {
    LinkPurpose.VERIFY_ADDRESS: Page("Register", fields=(_NAME, _NEW_PASSWORD), button="Make my account"),
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
_DEAD: Final = Page(
    "This link doesn't work",
    ("It was used, is too old, or never existed: ask for a new one.",),
    next_url="/console",
    next_label="Sign in",
)
_REGISTER: Final = Page("Register", fields=(EMAIL,), button="Send me a link")
_FORGOTTEN: Final = Page("Forgotten password", fields=(EMAIL,), button="Send me a link")
_ADDED: Final = Page(
    "The address is yours",
    ("It belongs to your account now.",),
    next_url="/console",
    next_label="Go on",
)
_ASKED: Final = Page("It is asked for", ("Two people decide on it; you are told by mail.",))
_CALLED_OFF: Final = Page("Your second factor stays", ("Nothing was changed.",))
_KEPT_ACCOUNT: Final = Page("Your account is kept", next_url="/console", next_label="Sign in")
_LOST: Final = Page(
    "Lost second factor",
    ("If you have a recovery code, sign in with it instead: it works at once.",),
    fields=(EMAIL,),
    button="Send me a link",
)
_RETURNED: Final = Page("Your return is allowed", ("Tell the organisation that it may invite you again.",))
_OPEN_AGAIN: Final = ("Sign in with the account that asked for this: you come back here.",)
_WITH_PASSKEY: Final = (
    "If you have a passkey and no code, sign in with it in this browser, then open this link again: no code is asked"
    " for."
)
_OTHER_ACCOUNT: Final = "Another account asked for this."
_DONE: Final[Mapping[LinkPurpose, Page]] = {
    LinkPurpose.RETURN_AFTER_ERASURE: _RETURNED,
    LinkPurpose.ASK_RECOVERY: _ASKED,
    LinkPurpose.CANCEL_RECOVERY: _CALLED_OFF,
    LinkPurpose.KEEP_ACCOUNT: _KEPT_ACCOUNT,
}


@get("/link/{token:str}")
async def link_page(
    request: AnyRequest, call: InCall, credentials: InCredentials, token: FromPath[str]
) -> Response[Any]:
    """Show what a link is for; it is used by the button alone."""
    deployment = call.deployment
    link, name = await _link(deployment, token)
    if link is None:
        return show(_DEAD, status=410)
    if link.purpose is LinkPurpose.ADD_ADDRESS:
        return await _address_page(deployment, credentials, link, back_to=request.url.path)
    if link.purpose is LinkPurpose.RESET_PASSWORD:
        return await _reset_page(request, call, credentials, link)
    newcomer = newcomer_of(request, call)
    if link.purpose is LinkPurpose.VERIFY_ADDRESS and newcomer is not None and newcomer.address == link.address:
        return show(_newcomer_form(newcomer.provider))
    form = _form_of(request, call, link)
    return show(replace(form, texts=(*form.texts, f"You will be {name}.")) if name else form)


@post("/link/{token:str}", status_code=200)
async def use_link_page(
    request: AnyRequest, call: InCall, credentials: InCredentials, token: FromPath[str]
) -> Response[Any]:
    """Use a link."""
    link, _ = await _link(call.deployment, token)
    if link is None:
        return show(_DEAD, status=410)
    form, call = await received(request, call)
    try:
        if link.purpose is LinkPurpose.ADD_ADDRESS:
            return await _add_address(call, credentials, token, form)
        if link.purpose is LinkPurpose.VERIFY_ADDRESS:
            password, name = form.get("password", ""), form.get("display_name", "")
            opened: OpenedSession | None = await verify(
                call, token, password, name, newcomer=newcomer_of(request, call)
            )
        elif link.purpose is LinkPurpose.SIGN_IN:
            require_own_link(call, request.cookies, EmailAddress(link.address), form.get("email", ""))
            opened = await sign_in_by_link(call, token, old_cookie=credentials.cookie)
        else:
            opened = await _use(call, credentials, link.purpose, token, form)
    except WardshipError as error:
        return again(_form_of(request, call, link), form, error)
    return show(_DONE[link.purpose]) if opened is None else go_on(call.deployment, opened)


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
    if purpose is LinkPurpose.RESET_PASSWORD:
        session = await session_if_any(call, replace(credentials, csrf_token=form.get("csrf_token")))
        return await reset_password(call, token, form.get("password", ""), form.get("code", ""), session=session)
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


def _form_of(request: AnyRequest, call: Call, link: Link) -> Page:
    """Return the form to which a link leads, which says whose account it is about: it may have been passed on."""
    if link.purpose is LinkPurpose.SIGN_IN:
        return sign_in_link_page(request, call, link)
    form = _FORMS[link.purpose]
    if link.purpose is LinkPurpose.VERIFY_ADDRESS:
        return replace(form, texts=(f"You make an account for {link.address}, which is confirmed by this link.",))
    if link.purpose is LinkPurpose.RESET_PASSWORD and link.address:
        return replace(form, texts=(*form.texts, f"It will be the password of the account of {link.address}."))
    return form


def _newcomer_form(provider: str) -> Page:
    """Return the form of a registration that came from a provider in this browser."""
    text = f"You will sign in with {provider}, and with a password too if you choose one."
    form = _FORMS[LinkPurpose.VERIFY_ADDRESS]
    password = replace(_NEW_PASSWORD, label="Password, at least 12 characters, if you want one", is_needed=False)
    return replace(form, texts=(*form.texts, text), fields=(_NAME, password))


async def _reset_page(request: AnyRequest, call: Call, credentials: RequestCredentials, link: Link) -> Response[Any]:
    """Ask for the new password, and, unless the second factor was shown in this browser a moment ago, for a code."""
    session = await session_if_any(call, credentials)
    form = _form_of(request, call, link)
    if session is None or not has_shown_factor(session, link.account_id, call.now):
        return show(replace(form, texts=(*form.texts, _WITH_PASSKEY)))
    return show(replace(form, fields=(_NEW_PASSWORD,), hidden={"csrf_token": session.csrf_token}))


async def _address_page(
    deployment: Deployment, credentials: RequestCredentials, link: Link, *, back_to: str
) -> Response[Any]:
    """Show which account the address would belong to, to who is signed in; others sign in first."""
    try:
        session = await account_for_session(deployment, credentials)
    except WardshipError as error:
        return sign_in_first(error, replace(SIGN_IN_FIRST, texts=_OPEN_AGAIN), back_to=back_to)
    if session.account_id != link.account_id:
        return show(replace(SIGN_IN_FIRST, texts=_OPEN_AGAIN, refusal=_OTHER_ACCOUNT), status=403)
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
    form, call = await received(request, call)
    try:
        await command(call, form.get("email", ""))
    except WardshipError as error:
        return again(page, form, error)
    return show(MAILED)
