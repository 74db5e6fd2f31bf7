"""Two providers of other hands sign a nonce or an audience that is not ours: somebody changes what they are asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.fixed_clock import FixedClock
from tests.tenants.single_sign_on.harbour import DOMAIN, Harbour, make_harbour
from tests.tenants.single_sign_on.lying_proxy import (
    LyingProxy,
    another_client,
    another_nonce,
    honest,
    lying_proxy,
)
from tests.tenants.single_sign_on.others import free_port, mock_provider, node_provider, visiting

pytestmark = pytest.mark.anyio
OURS = {"client_id": "wardship", "client_secret": "a secret with + and / and = in it, of some length"}
THEIRS = {"client_id": "somebody-else", "client_secret": "another secret, of somebody else, of some length"}
WRITTEN = ("account", "account_email", "member", "identity", "session", "account_event", "audit_head")
Standing = Callable[[Harbour, int], AbstractAsyncContextManager[None]]


@pytest.fixture
def clock() -> FixedClock:
    """The present moment: these providers have clocks of their own."""
    return FixedClock(datetime.now(UTC))


@asynccontextmanager
async def _node(harbour: Harbour, port: int) -> AsyncIterator[None]:
    back = [f"http://localhost:8000/auth/provider/{harbour.provider.id}/callback"]
    clients: list[dict[str, Any]] = [{**client, "redirect_uris": back} for client in (OURS, THEIRS)]
    async with node_provider(port, *clients, issuer=harbour.provider.issuer):
        yield


@asynccontextmanager
async def _mock(_: Harbour, port: int) -> AsyncIterator[None]:
    async with mock_provider(port) as issuer:
        person = {"email": f"zoe@{DOMAIN}", "email_verified": True, "name": "Zoë Müller"}
        async with httpx.AsyncClient() as http:
            (await http.put(f"{issuer}/users/zoe", json=person)).raise_for_status()
        yield


@asynccontextmanager
async def between(services, owner, idp, standing: Standing, lie) -> AsyncIterator[tuple[Harbour, LyingProxy]]:
    """Enter a provider before which somebody stands who changes what passes."""
    port = free_port()
    async with lying_proxy(port, lie) as proxy:
        harbour = await make_harbour(services, owner, idp)
        await harbour.hold()
        await harbour.enter(issuer=f"http://localhost:{proxy.port}", **OURS)
        async with standing(harbour, port):
            yield harbour, proxy


async def sign_in(harbour: Harbour, browser) -> httpx.Response:
    async with visiting("zoe") as visitor:
        url = await harbour.leave(browser)
        back = await visitor.sign_in(url, f"http://localhost:8000/auth/provider/{harbour.provider.id}/")
    return await browser.http.get(back.removeprefix("http://localhost:8000"))


PROVIDERS = pytest.mark.parametrize("standing", [_node, _mock], ids=["node", "mock"])


@PROVIDERS
async def test_what_passes_unchanged_signs_in(services, owner, idp, browser, standing):
    async with between(services, owner, idp, standing, honest) as (harbour, proxy):
        response = await sign_in(harbour, browser)
        assert (response.status_code, response.headers.get("location")) == (303, "/console"), response.text
    assert proxy.signed["aud"] in ("wardship", ["wardship"])
    assert await harbour.count("session") == 1


@PROVIDERS
@pytest.mark.parametrize(
    ("lie", "claim", "signed"),
    [
        (another_nonce, "nonce", "a-nonce-of-somebody-else"),
        (another_client(*THEIRS.values()), "aud", "somebody-else"),
    ],
    ids=["nonce", "audience"],
)
async def test_what_an_honest_provider_signed_for_another_signs_nobody_in(
    services, owner, idp, browser, standing, lie, claim, signed
):
    async with between(services, owner, idp, standing, lie) as (harbour, proxy):
        before = [await owner.fetch(f"select * from {table} order by 1") for table in WRITTEN]
        response = await sign_in(harbour, browser)
        assert proxy.signed[claim] in (signed, [signed]), "the provider has signed what it was asked"
    refused = f"What the provider signed can&#39;t be relied on: the claim `{claim}` is missing, wrong or over."
    assert (response.status_code, refused in response.text) == (403, True), response.text
    assert [await owner.fetch(f"select * from {table} order by 1") for table in WRITTEN] == before
    assert (await browser.get("/auth/session")).json()["account"] is None
