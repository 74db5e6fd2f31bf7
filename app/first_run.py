"""What is told of a deployment that has not begun: by its start, by `/` and by `wardship doctor`.

Roles are given by the command line alone, to an address that is proven then. So opening the page
first, or registering first, gains nothing, and the page asks for nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

from litestar import Request, Response
from litestar.response import Redirect

from wardship.core.database.engine import DATABASE_FAULTS
from wardship.core.sign_in.pages.page import Page, show
from wardship.tenants.access import Services
from wardship.tenants.organisations.beginning import Beginning, how_far_begun

FIRST_COMMAND: Final = "wardship organisation create --slug SLUG --name NAME --owner EMAIL"
_ON_THE_SERVER: Final = (
    "Whoever runs this deployment makes the first one where Wardship is installed, with the settings of this server."
    " It works while the server runs:"
)
_THEN: Final = (
    "A link goes to that address by mail; without a mail server, the command prints it. The person there chooses a"
    " password, sets up a second factor, and owns the organisation."
)
_AGAIN: Final = (
    "Its owner opens the link in the letter, chooses a password and sets up a second factor. The link works once, for"
    " 24 hours. Whoever runs this deployment writes again by the same command as before:"
)
_NOBODY_SEIZES: Final = (
    "Nobody gains anything by opening this page or by registering first: an organisation belongs to the address that"
    " the command names, once the person there has proven it."
)
_EMPTY: Final = Page(
    "There is no organisation here", (_ON_THE_SERVER,), command=FIRST_COMMAND, notes=(_THEN, _NOBODY_SEIZES)
)
_AWAITED: Final = Page("An organisation waits for its owner", (_AGAIN,), command=FIRST_COMMAND, notes=(_NOBODY_SEIZES,))


def first_lines(beginning: Beginning, assignment: str = "") -> list[str]:
    """Return what the start of a server says; nothing where there is an organisation.

    Args:
        beginning: how far the deployment has begun.
        assignment: of a setting that commands need besides those of the environment, with a blank at its end.
    """
    command = f"  {assignment}{FIRST_COMMAND}"
    if beginning.has_organisation:
        return []
    if beginning.awaits_owner:
        return ["An organisation waits for its owner. The command that made it writes again:", command]
    return ["There is no organisation here. With the settings of this server, make the first one:", command]


async def beginning_of(services: Services) -> Beginning:
    """Return how far a deployment has begun."""
    async with services.database.directory(read_only=True) as transaction:
        return await how_far_begun(transaction)


def first_run_page(services: Services) -> Callable[[Request[Any, Any, Any]], Awaitable[Response[Any] | None]]:
    """Return what stands before the console's pages until there is an organisation.

    At `/` it shows what to do first. The console leads there as long as there is nobody who could sign in. Once there
    is an organisation, the database is not asked any more.
    """
    is_over = False

    async def before_page(request: Request[Any, Any, Any]) -> Response[Any] | None:
        nonlocal is_over
        if is_over:
            return None
        try:
            beginning = await beginning_of(services)
        except DATABASE_FAULTS:
            return None  # the console says by itself that the server can't tell who is signed in
        is_over = beginning.has_organisation
        if request.url.path == "/":
            return None if is_over else show(_page(beginning))
        return None if is_over or beginning.has_account else Redirect("/")

    return before_page


def _page(beginning: Beginning) -> Page:
    page = _AWAITED if beginning.awaits_owner else _EMPTY
    return replace(page, next_url="/console", next_label="Sign in") if beginning.has_account else page
