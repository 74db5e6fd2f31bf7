"""What Litestar gives the handlers of sign-in by a provider, and what they have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from wardship.core.errors import WardshipError
from wardship.core.http.credentials import RequestCredentials
from wardship.core.openid.flows import flow_cookie
from wardship.core.sign_in.authentication import account_for_session, authenticate
from wardship.core.sign_in.pages.page import Page, show
from wardship.core.sign_in.sessions import Session, Stage
from wardship.tenants.single_sign_on.records import ProviderRecord
from wardship.tenants.single_sign_on.registering import require_manager
from wardship.tenants.single_sign_on.signing_in import Departure, SignInDesk

InDesk: TypeAlias = NamedDependency[SkipValidation[SignInDesk]]


def departure_page(desk: SignInDesk, departure: Departure) -> Response[Any]:
    """Return a page that goes on to the provider; the browser keeps by which sign-in it did."""
    page = Page("You go on to your provider", next_url=departure.url, next_label="Go on", refresh_to=departure.url)
    return with_departure(desk, show(page), departure)


def with_departure(desk: SignInDesk, response: Response[Any], departure: Departure) -> Response[Any]:
    """Put into the browser what ties it to the sign-in that it begins."""
    response.set_cookie(flow_cookie(desk.services.settings, departure.flow.state, departure.flow.browser))
    return response


async def typed_form(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Return the fields of a form."""
    fields = await request.form()
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def by_form(credentials: RequestCredentials, form: Mapping[str, str]) -> RequestCredentials:
    """Return credentials whose CSRF token is the form's."""
    return replace(credentials, csrf_token=form.get("csrf_token"))


async def own_session(desk: SignInDesk, credentials: RequestCredentials) -> Session | None:
    """Return the complete session that the account itself has opened, if the browser has one; read, not acted in."""
    try:
        return await account_for_session(desk.services, replace(credentials, changes=False))
    except WardshipError:
        return None


async def manager_session(
    desk: SignInDesk, credentials: RequestCredentials, provider: ProviderRecord, request_id: str
) -> Session:
    """Return the session of somebody who manages sign-in where the provider belongs, and has just shown a factor.

    Raises:
        WardshipError: it is nobody's, or of somebody else: as ``authenticate`` and ``require_manager`` say.
    """
    session = await account_for_session(desk.services, credentials, Stage.COMPLETE, lets_bound=True)
    slug = await desk.slug(provider)
    actor = await authenticate(desk.services, replace(credentials, organisation=slug))
    async with desk.organisation(actor, request_id) as access:
        require_manager(access)
    return session
