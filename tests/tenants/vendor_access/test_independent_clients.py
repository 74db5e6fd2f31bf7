"""Clients that others have written, against the server on a port: they succeed, and what they misuse is refused."""

from __future__ import annotations

import asyncio
import html
import socket
from urllib.parse import urlsplit

import pytest
from authlib.integrations.httpx_client import AsyncOAuth2Client
from requests_oauthlib import OAuth2Session

from tests.tenants.vendor_access.desk import CALLBACK, LANDS, PLAIN, Desk, field_of, make_client
from tests.tenants.vendor_access.serving import node_clients, served
from wardship.core.settings import Settings

pytestmark = pytest.mark.anyio
SCOPE = "members.read"


@pytest.fixture
def settings(tmp_path) -> Settings:
    """A deployment at a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    values = {"data_dir": tmp_path / "data", "secret_key": "a secret for tests that is long enough"}
    return Settings(**values, development=True, document_share=1, public_url=f"http://127.0.0.1:{port}")


async def consent(desk: Desk, url: str, act: str = "allow") -> str:
    """Open the address that a client made, press a button, and return where the browser comes back to."""
    assert url.startswith(f"{desk.origin}/oauth/authorize?")
    path = url.removeprefix(desk.origin)
    page = await desk.browse("GET", path)
    if "location" in page.headers:
        return page.headers["location"]
    sent = {name: field_of(page.text, name) for name in ("csrf_token", "declaration")} | {"act": act}
    return html.unescape(LANDS.search((await desk.browse("POST", path, data=sent)).text)[1])


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
@pytest.mark.usefixtures("ada")
async def test_authlib_s_own_client_gets_refreshes_and_revokes_tokens(desk, method):
    async with (
        served(desk) as origin,
        AsyncOAuth2Client(
            str(desk.client.id),
            desk.secret,
            scope=SCOPE,
            redirect_uri=CALLBACK,
            token_endpoint_auth_method=method,
            revocation_endpoint_auth_method=method,
            code_challenge_method="S256",
        ) as client,
    ):
        verifier = "v" * 64
        url, state = client.create_authorization_url(f"{origin}/oauth/authorize", code_verifier=verifier)
        back = await consent(desk, url)
        token = await client.fetch_token(
            f"{origin}/oauth/token", authorization_response=back, code_verifier=verifier, state=state
        )
        page = await client.get(f"{origin}/vendor/v1/members")
        assert {f["value"] for member in page.json()["members"] for f in member["fields"]} >= {"ada@example.org"}
        second = await client.refresh_token(f"{origin}/oauth/token", refresh_token=token["refresh_token"])
        await client.revoke_token(f"{origin}/oauth/revoke", token=second["refresh_token"])
        assert (await client.get(f"{origin}/vendor/v1/members")).status_code == 401


@pytest.mark.usefixtures("ada")
async def test_requests_oauthlib_gets_and_refreshes_tokens(desk, monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    async with served(desk) as origin:
        session = OAuth2Session(str(desk.client.id), redirect_uri=CALLBACK, scope=[SCOPE], pkce="S256")
        url, _ = session.authorization_url(f"{origin}/oauth/authorize")
        back = await consent(desk, url)
        token = await asyncio.to_thread(
            session.fetch_token, f"{origin}/oauth/token", authorization_response=back, client_secret=desk.secret
        )
        page = await asyncio.to_thread(session.get, f"{origin}/vendor/v1/members")
        assert {f["value"] for member in page.json()["members"] for f in member["fields"]} >= {"ada@example.org"}
        second = await asyncio.to_thread(
            session.refresh_token, f"{origin}/oauth/token", auth=(str(desk.client.id), desk.secret)
        )
        assert second["refresh_token"] != token["refresh_token"]


@pytest.mark.parametrize("name", ["oauth4webapi", "openid-client"])
@pytest.mark.parametrize("is_confidential", [True, False])
@pytest.mark.usefixtures("ada")
async def test_clients_of_npm_find_the_server_and_use_all_of_it(desk, name, is_confidential):
    if not is_confidential:
        issued = await make_client(desk.services, desk.vendor_id, name="App", is_confidential=False)
        desk.client, desk.secret = issued.client, issued.secret
    async with served(desk), node_clients(desk, PLAIN, name) as client:
        back = await consent(desk, (await client("begin"))["url"])
        token = await client("redeem", url=back)
        assert (await desk.fetch(token["access_token"])).status_code == 200
        second = await client("refresh", token=token["refresh_token"])
        if is_confidential:
            told = await client("introspect", token=second["access_token"])
            assert (told["active"], told["client_id"]) == (True, str(desk.client.id))
        assert await client("revoke", token=second["refresh_token"]) == {}
        assert (await desk.fetch(second["access_token"])).status_code == 401


@pytest.mark.parametrize("name", ["oauth4webapi", "openid-client"])
async def test_clients_of_npm_see_a_refusal_a_replay_and_a_mix_up(desk, name):
    async with served(desk), node_clients(desk, PLAIN, name) as client:
        url = (await client("begin"))["url"]
        assert (await client("redeem", url=await consent(desk, url, "deny")))["refused"] == "access_denied"
        plain = await consent(desk, url.replace("code_challenge_method=S256", "code_challenge_method=plain"))
        assert (await client("redeem", url=plain))["refused"] == "invalid_request"
        back = await consent(desk, url)
        other = back.replace("iss=http%3A%2F%2F127.0.0.1", "iss=http%3A%2F%2Fevil.example")
        assert other != back
        assert "access_token" not in await client("redeem", url=other)
        token = await client("redeem", url=back)
        assert (await client("redeem", url=back))["refused"] == "invalid_grant"
        assert (await desk.fetch(token["access_token"])).status_code == 401
        assert (await client("refresh", token=token["refresh_token"]))["refused"] == "invalid_grant"
        assert urlsplit(back).netloc == "vendor.example"
