"""Every route there is, in a session that an organisation's provider has opened: what is the account's is refused."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from tests.core.sign_in.conftest import Browser, Deployed
from tests.edge import make_app
from wardship.app.application import routes

pytestmark = pytest.mark.anyio

_OWN_STEP = "a step of this sign-in, which the session itself waits for or shows again"
_OF_PLACE = "in an organisation: `authenticate` lets the session into its own alone"
LET = {
    "POST /auth/second-step": _OWN_STEP,
    "POST /auth/second-step/passkey": _OWN_STEP,
    "POST /auth/second-step/passkey/options": _OWN_STEP,
    "POST /auth/step-up": _OWN_STEP,
    "POST /auth/step-up/passkey": _OWN_STEP,
    "GET /auth/second-factor": _OWN_STEP,
    "POST /auth/second-factor": _OWN_STEP,
    "GET /auth/enrol": "the form, which shows nothing of the account; what it sends is refused once signed in",
    "POST /auth/sign-out": "ends itself",
    "POST /auth/provider/step-up": _OWN_STEP,
    "POST /auth/provider/sign-out": "ends itself",
    "GET /auth/provider/{provider_id:uuid}/test": "for who manages sign-in there, as `authenticate` says",
    "POST /auth/provider/{provider_id:uuid}/test": "for who manages sign-in there, as `authenticate` says",
    "GET /auth/tokens": "lists those of its organisation",
    "POST /auth/tokens": "makes one for its organisation",
    "DELETE /auth/tokens/{token_id:uuid}": "revokes one of its organisation",
    "GET /exports/{file_id:uuid}": _OF_PLACE,
    "GET /audit/export": _OF_PLACE,
    "GET /tables/{table:str}": _OF_PLACE,
    "POST /members/import": _OF_PLACE,
}
"""Routes that need a session and take one of an organisation's provider, each with the reason."""

REFUSED = ("ORGANISATION_SESSION", "You signed in by your organisation")
NEEDS_SESSION = ("NOT_AUTHENTICATED", "Sign in first")
LEAST_REFUSED = 25
"""So many at least: fewer are a walk that does not reach them."""
NO_ID = "00000000-0000-7000-8000-000000000000"
KEPT = ("account", "account_email", "password_credential", "totp_credential", "recovery_code", "passkey", "identity")


def found_routes(app: Litestar) -> dict[str, HTTPRouteHandler]:
    """Return the routes of the application that change something or show something, by method and path."""
    return {
        f"{method} {route.path}": handler
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler)
        for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"})
    }


def sample(kind: msgspec.inspect.Type) -> Any:
    """Return something that a body may hold."""
    match kind:
        case msgspec.inspect.StructType():
            found: Any = {item.encode_name: sample(item.type) for item in kind.fields if item.required}
        case msgspec.inspect.StrType():
            found = "x" * (kind.min_length or 1)
        case msgspec.inspect.DateTimeType():
            found = "2030-01-01T00:00:00Z"
        case msgspec.inspect.LiteralType():
            found = kind.values[0]
        case msgspec.inspect.ListType() | msgspec.inspect.SetType():
            found = [sample(kind.item_type)]
        case msgspec.inspect.UnionType():
            found = sample(kind.types[0])
        case _:
            found = {}
    return found


def body_of(handler: HTTPRouteHandler) -> Any:
    """Return a body that a route takes; None where it takes none."""
    data = handler.parsed_fn_signature.parameters.get("data")
    return None if data is None else sample(msgspec.inspect.type_info(data.annotation))


def filled(path: str) -> str:
    """Return an address of a route."""
    parts = [
        "x" * 43 if ":str" in part or ":path" in part else NO_ID if "{" in part else part for part in path.split("/")
    ]
    return "/".join(parts)


async def ask(browser: Browser, name: str, handler: HTTPRouteHandler) -> httpx.Response:
    method, path = name.split(" ", 1)
    if method == "GET":
        return await browser.send(method, filled(path))
    if handler.resolve_include_in_schema():
        return await browser.send(method, filled(path), json=body_of(handler))
    return await browser.http.request(method, filled(path), data={"csrf_token": browser.csrf})


def says(answer: httpx.Response, words: tuple[str, ...]) -> bool:
    return any(word in answer.text for word in words)


def of_somebody(handler: HTTPRouteHandler) -> bool:
    """Return whether a route has a session, or who calls, handed in."""
    return bool({"session", "actor"} & handler.parsed_fn_signature.parameters.keys())


async def state_of_accounts(owner) -> list[object]:
    return [await owner.fetch(f"select * from {table} order by 1") for table in KEPT]


async def test_every_route_that_needs_a_session_refuses_this_one_unless_it_is_listed(
    harbour, services, database, owner
):
    app = make_app(services.settings, *routes(services))
    deployed = Deployed(services.settings, database, services.clock, services.keys)
    transport, url = httpx.ASGITransport(app=app, raise_app_exceptions=False), services.settings.public_url
    let, refused = set(), set()
    async with (
        httpx.AsyncClient(transport=transport, base_url=url) as outside,
        httpx.AsyncClient(transport=transport, base_url=url) as inside,
    ):
        nobody, somebody = Browser(deployed, outside), Browser(deployed, inside)
        for name, handler in found_routes(app).items():
            await owner.execute("delete from sign_in_attempt")
            if not says(await ask(nobody, name, handler), NEEDS_SESSION):
                assert not of_somebody(handler), f"{name} was not asked as it wants, so that this proves nothing of it"
                continue
            if (await somebody.get("/auth/session")).json()["account"] is None:
                assert (await harbour.sign_in(somebody)).status_code == 303
            before = await state_of_accounts(owner)
            if says(await ask(somebody, name, handler), REFUSED):
                refused.add(name)
                assert await state_of_accounts(owner) == before, name
            else:
                let.add(name)
    assert let == set(LET)
    assert len(refused) >= LEAST_REFUSED
