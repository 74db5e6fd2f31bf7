"""The page on which somebody chooses about a claimed account, as forms without scripts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final, TypeAlias
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import SkipValidation
from litestar.response import Redirect

from wardship.core.actor import PROVIDER_ID, Actor, CredentialKind, Role
from wardship.core.database.scope import Scope
from wardship.core.errors import NotFoundError, WardshipError
from wardship.core.http.credentials import require_own_origin
from wardship.core.http.request_id import request_id_of
from wardship.core.sign_in.handlers.answers import CHOICE
from wardship.core.sign_in.handlers.dependencies import LARGEST_BODY, AnyRequest, InCredentials, sign_in_dependencies
from wardship.core.sign_in.handlers.forms import CONSOLE, again, session_of_form, sign_in_first
from wardship.core.sign_in.pages.page import Button, Field, Form, Page, show
from wardship.core.sign_in.sessions import Session
from wardship.tenants.access import Access, Services
from wardship.tenants.account_claims.choices import close_instead, move_away, stay
from wardship.tenants.account_claims.read import OwnClaimRecord, account_claim_not_found, own_claims
from wardship.tenants.account_claims.records import ASKED
from wardship.tenants.accounts.addresses import add_own_address
from wardship.tenants.accounts.own import AccountRecord, own_account

InServices: TypeAlias = NamedDependency[SkipValidation[Services]]
_DONE: Final = Page("You have chosen", ("Nobody asks for your account.",), next_url=CONSOLE, next_label="Go on")
_NOT_ASKED: Final = replace(_DONE, title="Nothing to choose")
_ADDRESS: Final = Field("email", "An address of your own", "email", "email")
_PRIMARY: Final = Field("email", "Your primary address, typed again", "email")


@get("/choice")
async def choice_page(request: AnyRequest, services: InServices, credentials: InCredentials) -> Response[Any]:
    """Show which organisation asks for the account, and the three choices."""
    try:
        session = await session_of_form(services, credentials, {})
        return show(await _page(services, session, request_id_of(request)))
    except WardshipError as error:
        return sign_in_first(error, back_to=request.url.path)


@post("/choice", status_code=200)
async def use_choice_page(request: AnyRequest, services: InServices, credentials: InCredentials) -> Response[Any]:
    """Choose, and show what is left to choose."""
    fields = await request.form()
    form = {name: value for name, value in fields.items() if isinstance(value, str)}
    session = None
    try:
        session = await session_of_form(services, credentials, form)
        async with _access(services, session, request_id_of(request)) as access:
            await _choose(access, form)
        return Redirect(CHOICE, status_code=303)
    except WardshipError as error:
        if session is None:
            return sign_in_first(error, back_to=request.url.path)
        return again(await _page(services, session, request_id_of(request)), {}, error)


def choice_router(services: Services) -> Router:
    """Return the router of the page."""
    return Router(
        "/auth",
        route_handlers=[choice_page, use_choice_page],
        dependencies={"services": Provide(lambda: services, sync_to_thread=False), **sign_in_dependencies(services)},
        guards=[require_own_origin],
        request_max_body_size=LARGEST_BODY,
        include_in_schema=False,
    )


async def _choose(access: Access, form: Mapping[str, str]) -> None:
    match form.get("act"):
        case "stay":
            await stay(access, _id(form, "claim_id"))
        case "move":
            await move_away(access, _id(form, "claim_id"), _id(form, "address_id"))
        case "close":
            await close_instead(access, _id(form, "claim_id"), form.get("email", ""))
        case "add":
            await add_own_address(access, form.get("email", ""))
        case _:
            raise NotFoundError("There is nothing of this name to do.")


def _id(form: Mapping[str, str], name: str) -> UUID:
    try:
        return UUID(form.get(name, ""))
    except ValueError:
        raise account_claim_not_found() from None


@asynccontextmanager
async def _access(services: Services, session: Session, request_id: str) -> AsyncIterator[Access]:
    """Act on the account, which is in no organisation but with the provider."""
    actor = Actor(
        session.account_id,
        PROVIDER_ID,
        None,
        frozenset({Role.CUSTOMER}),
        CredentialKind.SESSION,
        stepped_up_at=session.stepped_up_at,
        credential_id=session.id,
    )
    async with services.database.transaction(Scope(PROVIDER_ID)) as transaction:
        yield Access(actor, transaction, services, request_id)


async def _page(services: Services, session: Session, request_id: str) -> Page:
    async with _access(services, session, request_id) as access:
        claims = await own_claims(access)
        account = await own_account(access)
    asked = [claim for claim in claims if claim.state in ASKED]
    if not asked or account is None:
        return _DONE if claims else _NOT_ASKED
    claim = asked[0]
    text = (
        f"It holds {claim.shown_domain}, the domain of your address. Until you choose it sees the address, and whether"
        " you have chosen: nothing else."
    )
    hidden = {"csrf_token": session.csrf_token, "claim_id": str(claim.id)}
    forms = tuple(replace(form, hidden={**hidden, **form.hidden}) for form in _choices(claim, account))
    return Page(f"{claim.organisation_name} asks for your account", (text,), forms=forms)


def _choices(claim: OwnClaimRecord, account: AccountRecord) -> list[Form]:
    at = claim.shown_domain
    own = [each for each in account.addresses if each.verified_at is not None and not claim.covers(each.address)]
    return [
        Form(
            title="Stay",
            texts=("You become a member; administrators see what you do there from then on.",),
            buttons=(Button("Stay", "stay"),),
        ),
        *(
            Form(
                title=f"Move to {each.address}",
                texts=(f"You keep the account and all in it; its addresses at {at} are taken off.",),
                hidden={"address_id": str(each.id)},
                buttons=(Button("Move", "move"),),
            )
            for each in own
        ),
        Form(
            title="Move to another address of your own",
            texts=("A link is mailed there; use it, and come back to this page.",),
            fields=(_ADDRESS,),
            buttons=(Button("Mail me the link", "add"),),
        ),
        Form(
            title="Close the account",
            texts=("It is erased two weeks later; signing in before then keeps it.",),
            fields=(_PRIMARY,),
            buttons=(Button("Close my account", "close"),),
        ),
    ]
