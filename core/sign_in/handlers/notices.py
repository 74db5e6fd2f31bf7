"""The page at which mails of some kinds are turned off: GET shows the button, POST acts, without signing in."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get, post
from litestar.params import FromPath

from wardship.core.notices.turning_off import NothingToTurnOffError, open_turning_off, turn_off
from wardship.core.sign_in.handlers.dependencies import InCall, InDeployment
from wardship.core.sign_in.pages.page import Page, show

_ASK: Final = Page(
    "Be mailed this no more",
    ("What you were mailed then stands in the product alone. You can have it mailed again at any time.",),
    button="Mail it no more",
)
_DONE: Final = Page(
    "You are mailed this no more",
    ("It stands in the product, where you can also have it mailed again.",),
    next_url="/console",
    next_label="Sign in",
)
_DEAD: Final = Page("This link doesn't work", next_url="/console", next_label="Sign in")


@get("/notices/{token:str}")
async def turn_off_page(deployment: InDeployment, token: FromPath[str]) -> Response[Any]:
    """Show what the address of a mail turns off; it is done by the button alone."""
    try:
        open_turning_off(deployment.keys, token)
    except NothingToTurnOffError as error:
        return _dead(error)
    return show(_ASK)


@post("/notices/{token:str}", status_code=200)
async def use_turn_off_page(call: InCall, token: FromPath[str]) -> Response[Any]:
    """Turn the kinds of a mail off; mail programs send this by themselves when their reader asks for it."""
    try:
        account_id, kinds = open_turning_off(call.keys, token)
    except NothingToTurnOffError as error:
        return _dead(error)
    async with call.database.directory() as transaction:
        await turn_off(transaction, account_id, kinds, at=call.now)
    return show(_DONE)


def _dead(error: NothingToTurnOffError) -> Response[Any]:
    page = Page(_DEAD.title, (error.message,), next_url=_DEAD.next_url, next_label=_DEAD.next_label)
    return show(page, status=error.status)
