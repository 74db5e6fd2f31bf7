"""A request has the same key whenever it is repeated, and no other request has it."""

from __future__ import annotations

import pytest

from tests.plugins.host.scripted import SHARE, Bench, Plugin, Scripted
from tests.plugins.host.servers import RawServer, raw_server, saying
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import Outcome, Verb
from wardship.plugins.host.call import DispatchLimits, Installed
from wardship.plugins.host.reply import Reply

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine"
DOWN = b"HTTP/1.1 503 Down\r\ncontent-length: 0\r\n\r\n"
MOVED = b"HTTP/1.1 307 Moved\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n"

PUT = ("PUT", "people/1", {"json": {"name": "Ada"}})
GIVEN = {"headers": {"Idempotency-Key": "mine-1"}}


class Sending(Scripted):
    """Sends the requests that the test lists."""

    requests: tuple = ()

    async def share(self, _share: object) -> Outcome:
        for method, path, parts in self.requests:
            (await self.context.http.request(method, f"{self.context.settings.server_url}{path}", **parts)).expect(200)
        return Outcome.completed()


async def call(bench: Bench, server: RawServer, *requests: tuple, contract: int = 2, obligation: str = "o-1") -> Reply:
    connector = type("Sends", (Sending,), {"requests": requests})
    bench.registry._by_key.pop("scripted", None)
    bench.dispatcher._limits = DispatchLimits(network=NetworkPolicy.development(), timeout_s=10)
    assert bench.registry.register(Plugin(connector, contract=contract), "scripted").reason is None
    settings: dict[str, object] = {"server_url": server.url}
    installed = Installed(id="here", integration="scripted", public_settings=settings, secrets={"token": "s3cret"})
    return await bench.dispatcher.call(installed, Verb.SHARE, SHARE, obligation_id=obligation)


def keys(server: RawServer) -> list[str | None]:
    return [seen.headers.get("idempotency-key") for seen in server.seen]


async def test_a_request_that_is_repeated_has_the_same_key(bench):
    async with raw_server(saying(OK)) as server:
        for _ in range(3):
            await call(bench, server, PUT)
    assert len(server.seen) == 3
    assert len(set(keys(server))) == 1


@pytest.mark.parametrize(
    "other",
    [
        ("POST", *PUT[1:]),
        ("PUT", "people/2", PUT[2]),
        ("PUT", "people/1?dry=1", PUT[2]),
        ("PUT", "people/1", {"json": {"name": "Eda"}}),
        ("PUT", "people/1", {}),
        ("DELETE", "people/1", {}),
    ],
    ids=["method", "path", "query", "body", "no body", "deletion"],
)
async def test_requests_that_differ_have_different_keys(bench, other):
    async with raw_server(saying(OK)) as server:
        await call(bench, server, PUT, other)
    assert len(set(keys(server))) == 2


async def test_the_same_request_of_another_obligation_has_another_key(bench):
    async with raw_server(saying(OK)) as server:
        await call(bench, server, PUT)
        await call(bench, server, PUT, obligation="o-2")
    assert len(set(keys(server))) == 2


@pytest.mark.parametrize("first", [DOWN, MOVED], ids=["tried again", "redirected"])
async def test_what_the_client_sends_again_has_the_same_key(bench, first):
    async with raw_server(saying(first, OK)) as server:
        assert (await call(bench, server, PUT)).fault is None
    assert len(server.seen) == 2
    assert len(set(keys(server))) == 1


async def test_a_connector_brings_its_own_or_none(bench):
    none = {"headers": {"idempotency-key": ""}}
    async with raw_server(saying(OK)) as server:
        await call(bench, server, ("POST", "a", GIVEN), ("GET", "a", GIVEN), ("POST", "search", none))
    assert keys(server) == ["mine-1", "mine-1", None]


@pytest.mark.parametrize("key", ["a" * 256, "a b", "schön", "\x01"])
async def test_a_key_that_is_none_is_refused_and_nothing_is_sent(bench, key):
    async with raw_server(saying(OK)) as server:
        reply = await call(bench, server, ("POST", "a", {"headers": {"idempotency-key": key}}))
    assert reply.outcome.status == "denied"
    assert server.seen == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"])
async def test_what_only_looks_has_no_key(bench, method):
    async with raw_server(saying(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) as server:
        await call(bench, server, (method, "people/1", {}))
    assert keys(server) == [None]


async def test_under_contract_1_every_request_has_the_obligations_id(bench):
    async with raw_server(saying(OK)) as server:
        await call(bench, server, PUT, ("GET", "a", {}), ("POST", "a", GIVEN), contract=1)
    assert keys(server) == ["o-1"] * 3


@pytest.mark.parametrize("contract", [1, 2])
async def test_the_webhook_id_is_the_obligations_whatever_the_connector_says(bench, contract):
    async with raw_server(saying(OK)) as server:
        await call(bench, server, PUT, ("POST", "a", {"headers": {"Webhook-Id": "mine"}}), contract=contract)
    assert [seen.headers["webhook-id"] for seen in server.seen] == ["o-1"] * 2


async def test_a_key_tells_nothing_of_whom_it_is_about(bench):
    async with raw_server(saying(OK)) as server:
        await call(bench, server, PUT)
    (key,) = keys(server)
    assert key is not None
    assert (len(key), set(key) <= set("0123456789abcdef")) == (32, True)
