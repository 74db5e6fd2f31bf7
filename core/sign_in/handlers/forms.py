"""What the pages of sign-in share: a form as it was sent, the same page again with a refusal, and where to go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.response import Redirect

from wardship.core.errors import WardshipError
from wardship.core.http.credentials import RequestCredentials
from wardship.core.nouns import Deployment
from wardship.core.sign_in.authentication import account_for_session
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.handlers.answers import choice_page, with_session
from wardship.core.sign_in.pages.page import Field, Page, show
from wardship.core.sign_in.passkey_ceremonies import PasskeyRefusedError
from wardship.core.sign_in.sessions import NotAuthenticatedError, OpenedSession, Session, Stage

CONSOLE: Final = "/console"
ENROL: Final = "/auth/enrol"
SECOND_FACTOR: Final = "/auth/second-factor"
SECURITY: Final = "/auth/security"
CODE: Final = Field("code", "Code of your authenticator", "text", "one-time-code")
EMAIL: Final = Field("email", "E-mail address", "email", "username")
MAILED: Final = Page("Look into your mailbox", ("A mail is on its way to this address.",))
SIGN_IN_FIRST: Final = Page("Sign in first", next_url="/console", next_label="Sign in")
_KEPT: Final = ("email", "display_name")
_NEXT: Final[Mapping[Stage, str]] = {Stage.COMPLETE: CONSOLE, Stage.ENROLMENT: ENROL, Stage.SECOND_STEP: SECOND_FACTOR}


async def received(request: Request[Any, Any, Any], call: Call) -> tuple[dict[str, str], Call]:
    """Return the form, and the call at the moment at which it was there: a body may come long after its headers."""
    fields = await request.form()
    return {name: value for name, value in fields.items() if isinstance(value, str)}, replace(call)


async def session_of_form(
    deployment: Deployment,
    credentials: RequestCredentials,
    form: Mapping[str, str],
    *stages: Stage,
    lets_bound: bool = False,
) -> Session:
    """Return the session in which a form was sent, or a page is opened; see ``account_for_session``."""
    typed = replace(credentials, csrf_token=form.get("csrf_token"))
    return await account_for_session(deployment, typed, *stages, lets_bound=lets_bound)


def sign_in_first(error: WardshipError, page: Page = SIGN_IN_FIRST, *, back_to: str = "") -> Response[Any]:
    """Return the page that leads to the sign-in; who is not signed in is told no more than that.

    Args:
        error: why the page that was wanted is not shown.
        page: what is shown in its place.
        back_to: the path that the console leads to after the sign-in.
    """
    refusal = "" if isinstance(error, NotAuthenticatedError) else error.message
    next_url = f"{CONSOLE}#{back_to}" if back_to else page.next_url
    return show(replace(page, refusal=refusal, next_url=next_url), status=error.status)


def again(page: Page, form: Mapping[str, str], error: WardshipError) -> Response[Any]:
    """Return the same page with what was refused, and what was typed that is no secret."""
    values = {name: form[name] for name in _KEPT if name in form}
    return show(replace(page, refusal=error.message, values=values), status=error.status)


def go_on(deployment: Deployment, opened: OpenedSession, to: str = "") -> Response[Any]:
    """Lead to what a sign-in needs next: when it is complete to a choice that is due, the console, or as was wanted."""
    wanted = to if opened.session.stage is Stage.COMPLETE else ""
    answer = Redirect(choice_page(opened) or wanted or _NEXT[opened.session.stage], status_code=303)
    return with_session(deployment.settings, answer, opened)


def codes_page(codes: list[str], to: str) -> Page:
    """Return the page that shows recovery codes, once."""
    return Page(
        "Keep your recovery codes",
        ("Each stands in once for your second factor. They are shown this once: print them, or keep them safe.",),
        items=tuple(codes),
        next_url=to,
        next_label="Go on",
    )


def credential_of_form(form: Mapping[str, str]) -> dict[str, Any]:
    """Return what a browser answered, which the page's script has put into the form.

    Raises:
        PasskeyRefusedError: it is no JSON object.
    """
    try:
        return msgspec.json.decode(form.get("credential", ""), type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        raise PasskeyRefusedError from None
