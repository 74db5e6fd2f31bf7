"""Who a client is to the limits: its credential once that was checked, and its networks until then."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from litestar import Request

from tests.builders import NOW
from wardship.core.actor import Actor, CredentialKind
from wardship.core.http.networks import UNKNOWN, networks_of
from wardship.core.identifiers import uuid7
from wardship.core.settings import Settings
from wardship.core.sign_in.sessions import NotAuthenticatedError
from wardship.graphql.engine import Client
from wardship.graphql.server.clients import client_hook

pytestmark = pytest.mark.anyio
ADA = Actor(uuid7(), uuid7(), uuid7(), frozenset(), CredentialKind.TOKEN, stepped_up_at=NOW)
KNOWN = ("Bearer wsp_one", "Bearer wsp_two")


async def authenticate(request: Request) -> Actor:
    if request.headers.get("authorization") in KNOWN:
        return ADA
    raise NotAuthenticatedError("Sign in.")


@dataclass
class Wire:
    """A request as a server gives it; what comes after it is put into ``events``."""

    address: str | None = "2001:db8:1:2::3"
    authorization: str | None = None

    def __post_init__(self) -> None:
        self.events: asyncio.Queue[dict[str, str]] = asyncio.Queue()

    async def client(self) -> Client:
        headers = [] if self.authorization is None else [(b"authorization", self.authorization.encode())]
        peer = None if self.address is None else (self.address, 1)
        scope = {"type": "http", "method": "POST", "headers": headers, "client": peer, "state": {}}
        services = SimpleNamespace(settings=Settings())
        return await client_hook(services, authenticate)(Request(scope, self.events.get))


@pytest.mark.parametrize("authorization", [None, "Bearer wsp_made_up", "Bearer x", "Basic YTpi"])
async def test_credential_that_was_made_up_counts_as_none(authorization):
    client = await Wire(authorization=authorization).client()
    assert (client.is_authenticated, client.groups) == (False, networks_of("2001:db8:1:2::/64".partition("/")[0]))


async def test_made_up_credentials_are_one_client_with_their_network():
    groups = {
        (await Wire(f"2001:db8:1:2::{number:x}", f"Bearer wsp_{number}").client()).groups for number in range(300)
    }
    assert len(groups) == 1


@pytest.mark.parametrize("address", ["unknown", "", None, "1.2.3.4:5"])
async def test_who_has_no_readable_address_is_one_client(address):
    assert (await Wire(address).client()).groups == UNKNOWN


async def test_tokens_of_one_account_stand_in_one_group():
    one, two = [await Wire(authorization=shown).client() for shown in KNOWN]
    assert one.is_authenticated
    assert one.groups[:2] == two.groups[:2] == (ADA.organisation_id, ADA.account_id)
    assert one.groups[2] != two.groups[2]


async def test_going_is_heard_of():
    wire = Wire()
    client = await wire.client()
    gone = asyncio.ensure_future(client.gone())
    await asyncio.sleep(0)
    assert not gone.done()
    wire.events.put_nowait({"type": "http.disconnect"})
    await gone


async def test_a_server_that_tells_something_else_never_tells_of_going():
    wire = Wire()
    client = await wire.client()
    wire.events.put_nowait({"type": "http.request"})
    gone = asyncio.ensure_future(client.gone())
    for _ in range(3):
        await asyncio.sleep(0)
    assert not gone.done()
    gone.cancel()
