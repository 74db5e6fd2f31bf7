"""The pages of signing in by a mailed link: one asks for it, the other is where it leads."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get, post

from wardship.core.errors import WardshipError
from wardship.core.sign_in.asking_browsers import asking_cookie, has_asked
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.handlers.dependencies import AnyRequest, InCall
from wardship.core.sign_in.handlers.forms import EMAIL, MAILED, again, received
from wardship.core.sign_in.links import Link
from wardship.core.sign_in.mailed_links import ask_sign_in_link
from wardship.core.sign_in.pages.page import Page, show

_ASK: Final = (
    "The link works for 15 minutes, in the browser in which you open it; in another one than this you type your address"
    " again. Your second factor is asked for then."
)
_BY_MAIL: Final = Page("Sign in by mail", (_ASK,), fields=(EMAIL,), button="Send me a link")
_ELSEWHERE: Final = Page(
    "Sign in",
    (
        "This browser has not asked for the link. If you have, in another one, type the address that it was mailed to.",
        "If somebody has passed it on to you, leave it: it opens that person's account, and not yours.",
    ),
    fields=(EMAIL,),
    button="Sign in",
)


@get("/by-mail")
async def mail_page() -> Response[Any]:
    """Ask for the address to which a link that signs in is mailed."""
    return show(_BY_MAIL)


@post("/by-mail", status_code=200)
async def use_mail_page(request: AnyRequest, call: InCall) -> Response[Any]:
    """Mail a link to an address; the page is the same for every address."""
    form, call = await received(request, call)
    email = form.get("email", "")
    try:
        await ask_sign_in_link(call, email)
    except WardshipError as error:
        return again(_BY_MAIL, form, error)
    shown = show(MAILED)
    shown.set_cookie(asking_cookie(call, email))
    return shown


def sign_in_link_page(request: AnyRequest, call: Call, link: Link) -> Page:
    """Return the page to which the link leads: in the browser that asked a button, elsewhere the address is typed."""
    if not has_asked(call, request.cookies, link.address):
        return _ELSEWHERE
    return Page("Sign in", (f"You will be signed in with the account of {link.address}.",), button="Sign in")
