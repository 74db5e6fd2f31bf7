"""The client that plugins use, against servers that misbehave on the wire."""

from __future__ import annotations

import asyncio

import pytest

from tests.plugins.host.servers import RawServer, ok, raw_server, saying
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import Rejected, TemporarilyUnavailable
from wardship.plugins.host.client import ClientLimits, GuardedClient, Reach

LIMITS = ClientLimits(request_s=2, response_bytes=1000, pause_s=0)


def client_for(*servers: RawServer, limits: ClientLimits = LIMITS) -> GuardedClient:
    places = frozenset(("127.0.0.1", server.port) for server in servers)
    return GuardedClient(Reach(places), NetworkPolicy.development(), "obligation-1", limits)


def status(line: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    return b"\r\n".join((b"HTTP/1.1 " + line, b"content-length: %d" % len(body), *headers, b"", body))


async def test_every_request_carries_the_obligation_and_no_encoding():
    async with raw_server(saying(ok(b'{"a":1}'))) as server, client_for(server) as client:
        response = await client.request("put", f"{server.url}/x?y=z", json={"n": "é"}, basic=("user", "påss:word"))
    seen = server.seen[0]
    assert seen.line == "PUT /x?y=z HTTP/1.1"
    assert seen.headers["idempotency-key"] == seen.headers["webhook-id"] == "obligation-1"
    assert seen.headers["accept-encoding"] == "identity"
    assert seen.headers["authorization"] == "Basic dXNlcjpww6Vzczp3b3Jk"
    assert seen.headers["host"] == f"127.0.0.1:{server.port}"
    assert seen.body == '{"n":"é"}'.encode()
    assert (response.status, response.json()) == (200, {"a": 1})


async def test_an_exchange_is_recorded_without_path_or_secret():
    async with raw_server(saying(ok())) as server, client_for(server) as client:
        await client.request("GET", f"{server.url}/people/ada@example.org", basic=("user", "s3cret"))
    (exchange,) = client.exchanges
    assert (exchange.method, exchange.status, exchange.error) == ("GET", 200, None)
    assert "ada@" not in repr(exchange)
    assert "s3cret" not in repr(client.exchanges)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://elsewhere.example/", "elsewhere.example is not among the hosts"),
        ("http://127.0.0.1:1/", "127.0.0.1 is not among the hosts"),
        ("file:///etc/passwd", "is not among the hosts"),
        ("/relative", "is not among the hosts"),
        ("http://user:secret@{place}/", "must not hold a user name"),
        ("http://[::1", "the URL is malformed"),
    ],
)
async def test_an_undeclared_address_is_refused_and_nothing_is_sent(url, message):
    async with raw_server(saying(ok())) as server, client_for(server) as client:
        with pytest.raises(Rejected, match=message):
            await client.request("GET", url.format(place=f"127.0.0.1:{server.port}"))
    assert server.connections == 0


@pytest.mark.parametrize("header", ["Host", "content-length", "Transfer-Encoding", "connection"])
async def test_a_header_of_the_host_can_not_be_set(header):
    async with raw_server(saying(ok())) as server, client_for(server) as client:
        with pytest.raises(Rejected, match=f"the header {header.lower()} belongs to the host"):
            await client.request("GET", server.url, headers={header: "evil.example"})
    assert server.connections == 0


async def test_a_plugin_can_not_forge_the_idempotency_key():
    async with raw_server(saying(ok())) as server, client_for(server) as client:
        await client.request("GET", server.url, headers={"Idempotency-Key": "mine", "Webhook-Id": "mine"})
    assert server.seen[0].headers["idempotency-key"] == server.seen[0].headers["webhook-id"] == "obligation-1"


async def test_a_redirect_to_an_undeclared_host_is_refused():
    async with raw_server(saying(ok(b"secret"))) as outside:
        away = status(b"302 Found", b"location: " + outside.url.encode())
        async with raw_server(saying(away)) as server, client_for(server) as client:
            with pytest.raises(Rejected, match="is not among the hosts"):
                await client.request("GET", server.url)
    assert outside.connections == 0


async def test_a_redirect_to_another_declared_host_loses_the_credentials():
    async with raw_server(saying(ok())) as other:
        away = status(b"307 Temporary", b"location: " + other.url.encode() + b"/there")
        async with raw_server(saying(away)) as server, client_for(server, other) as client:
            response = await client.request("PUT", server.url, content=b"body", basic=("user", "s3cret"))
    assert response.status == 200
    assert other.seen[0].line == "PUT /there HTTP/1.1"
    assert other.seen[0].body == b"body"
    assert other.seen[0].headers["host"] == f"127.0.0.1:{other.port}"
    assert "authorization" not in other.seen[0].headers


async def test_a_redirect_within_the_host_keeps_the_credentials():
    answers = saying(status(b"301 Moved", b"location: /dav/"), ok())
    async with raw_server(answers) as server, client_for(server) as client:
        await client.request("PROPFIND", server.url, content=b"<q/>", basic=("user", "s3cret"))
    assert [seen.line for seen in server.seen] == ["PROPFIND / HTTP/1.1", "PROPFIND /dav/ HTTP/1.1"]
    assert server.seen[1].body == b"<q/>"
    assert "authorization" in server.seen[1].headers


async def test_a_write_is_not_turned_into_a_read_by_a_redirect():
    async with raw_server(saying(status(b"303 See Other", b"location: /x"))) as server, client_for(server) as client:
        assert (await client.request("PUT", server.url, content=b"x")).status == 303
    assert len(server.seen) == 1


async def test_circles_end():
    async with raw_server(saying(status(b"302 Found", b"location: /"))) as server, client_for(server) as client:
        with pytest.raises(Rejected, match="in circles"):
            await client.request("GET", server.url)
    assert len(server.seen) == 4


async def test_a_malformed_redirect_is_refused():
    answer = status(b"302 Found", b"location: http://[::1")
    async with raw_server(saying(answer)) as server, client_for(server) as client:
        with pytest.raises(Rejected, match="malformed"):
            await client.request("GET", server.url)


async def test_a_slow_loris_is_cut_off():
    async def drip(_seen, writer):
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n")
        for _ in range(500):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    limits = ClientLimits(request_s=0.15, retries=0)
    async with raw_server(drip) as server, client_for(server, limits=limits) as client:
        started = asyncio.get_running_loop().time()
        with pytest.raises(TemporarilyUnavailable, match=r"127\.0\.0\.1 did not answer \(TimeoutError\)"):
            await client.request("GET", server.url)
    assert asyncio.get_running_loop().time() - started < 1
    assert client.exchanges[0].error == "TimeoutError"


async def test_an_answer_that_is_too_large_is_refused():
    async with raw_server(saying(ok(b"x" * 1001))) as server, client_for(server) as client:
        with pytest.raises(Rejected, match="larger than 1000 bytes"):
            await client.request("GET", server.url)


async def test_a_compressed_answer_is_refused_because_it_may_be_a_bomb():
    async with raw_server(saying(ok(b"x", b"content-encoding: gzip"))) as server, client_for(server) as client:
        with pytest.raises(Rejected, match="compressed"):
            await client.request("GET", server.url)


async def test_an_idempotent_call_is_tried_again_within_the_budget():
    answers = saying(status(b"503 Busy"), b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\ncut", ok())
    async with raw_server(answers) as server, client_for(server) as client:
        response = await client.request("PUT", server.url, content=b"body")
    assert response.status == 200
    assert [seen.body for seen in server.seen] == [b"body"] * 3
    assert [(each.status, each.error) for each in client.exchanges] == [
        (503, None),
        (200, "RemoteProtocolError"),
        (200, None),
    ]


async def test_the_budget_is_for_all_requests_of_a_call_together():
    async with raw_server(saying(status(b"502 Bad"))) as server, client_for(server) as client:
        assert (await client.request("GET", server.url)).status == 502
        assert (await client.request("GET", server.url)).status == 502
    assert len(server.seen) == 4


async def test_a_post_is_sent_once():
    async with raw_server(saying(status(b"503 Busy"))) as server, client_for(server) as client:
        assert (await client.request("POST", server.url, content=b"x")).status == 503
    assert len(server.seen) == 1


async def test_a_wait_that_the_vendor_asks_for_is_handed_on_and_not_sat_out():
    answer = status(b"503 Busy", b"retry-after: 120")
    async with raw_server(saying(answer)) as server, client_for(server) as client:
        response = await client.request("GET", server.url)
    assert response.retry_after_s == 120.0
    assert len(server.seen) == 1


async def test_garbage_is_no_answer():
    async with raw_server(saying(b"I am no web server\r\n\r\n")) as server, client_for(server) as client:
        with pytest.raises(TemporarilyUnavailable, match="RemoteProtocolError"):
            await client.request("POST", server.url)


async def test_a_closed_port_is_no_answer():
    async with raw_server(saying(ok())) as server:
        pass
    async with client_for(server) as client:
        with pytest.raises(TemporarilyUnavailable, match="ConnectError"):
            await client.request("POST", server.url)
    assert [(each.status, each.error) for each in client.exchanges] == [(None, "ConnectError")]
