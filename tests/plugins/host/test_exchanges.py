"""What the host writes down of exchanges, and that a plugin has no hand in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from tests.plugins.host.servers import RawServer, ok, raw_server, saying
from tests.plugins.host.test_client import status
from wardship.core.keys import KeyRing
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import HttpResponse, SubjectRef
from wardship.plugins.host.client import ClientLimits, GuardedClient, Reach
from wardship.plugins.host.data_guards import PluginHttp
from wardship.plugins.host.exchanges import Exchange, Witness, canonical_address
from wardship.plugins.host.naming import Naming

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SUBJECT = SubjectRef(id="subject-0001")
DIGEST = KeyRing("a secret of the tests").keyed_digest("exchange")


def client_for(*servers: RawServer) -> GuardedClient:
    witness = Witness(now=lambda: NOW, digest=DIGEST, naming=lambda: Naming.of(SUBJECT, "installation"))
    places = frozenset(("127.0.0.1", server.port) for server in servers)
    limits = ClientLimits(request_s=2, pause_s=0)
    return GuardedClient(Reach(places), NetworkPolicy.development(), "obligation-1", limits, witness)


async def seen_by(*answers: bytes, method: str = "GET", path: str = "/people", **request: Any) -> tuple[Exchange, ...]:
    async with raw_server(saying(*answers)) as server, client_for(server) as client:
        await client.request(method, server.url + path, **request)
    return client.exchanges


async def test_an_exchange_holds_digests_under_the_key_and_the_moment_by_the_clock():
    async with raw_server(saying(ok(b"fine"))) as server, client_for(server) as client:
        await client.request("PUT", f"{server.url}/x?y=z", content=b"body", headers={"Authorization": "Bearer t"})
    (exchange,) = client.exchanges
    assert exchange.at == NOW
    assert exchange.target == DIGEST(f"{server.url}/x?y=z".encode())
    assert exchange.server == DIGEST(server.url.encode())
    assert (exchange.request_digest, exchange.response_digest) == (DIGEST(b"body"), DIGEST(b"fine"))
    assert exchange.credential == DIGEST(b"Bearer t")
    assert not exchange.names_subject
    assert "Bearer" not in str(exchange.kept()) + repr(exchange)
    assert "127.0.0.1" not in str(exchange.kept())


async def test_what_is_absent_has_no_digest():
    (exchange,) = await seen_by(status(b"204 No Content"))
    assert (exchange.request_digest, exchange.response_digest, exchange.credential) == ("", "", "")


@pytest.mark.parametrize("header", ["X-Api-Key", "x-auth-token", "API-Key"])
async def test_a_key_that_stands_for_the_credential_is_one(header):
    (exchange,) = await seen_by(ok(), headers={header: "k"})
    assert exchange.credential == DIGEST(b"k")


@pytest.mark.parametrize(
    ("answer", "method", "path", "names"),
    [
        (ok(b'{"id": "subject-0001"}'), "GET", "/people", True),
        (ok(b"[]"), "GET", "/people/subject-0001", True),
        (ok(b""), "HEAD", "/people/subject-0001", True),
        (status(b"201 Created", b"location: /people/subject-0001"), "POST", "/people", True),
        (status(b"201 Created", b"location: subject-0001"), "POST", "/people/", True),
        (status(b"201 Created", b"location: http://[::1"), "POST", "/people", False),
        (ok(b"[]"), "GET", "/people?id=subject-0001", False),
        (ok(b"[]"), "POST", "/people/subject-0001", False),
        (status(b"204 No Content"), "DELETE", "/people/subject-0001", False),
        (status(b"404 Not Found", body=b"no subject-0001"), "GET", "/people/subject-0001", False),
        (status(b"500 Broken", body=b"subject-0001"), "POST", "/people", False),
    ],
)
async def test_an_answer_names_the_subject_where_it_is_a_success_that_shows_it(answer, method, path, names):
    (exchange,) = await seen_by(answer, method=method, path=path)
    assert exchange.names_subject is names


async def test_a_redirect_is_an_exchange_of_its_own():
    moved = status(b"302 Found", b"location: /elsewhere", body=b"subject-0001")
    first, second = await seen_by(moved, ok(b"subject-0001"))
    assert [(each.status, each.is_followed, each.names_subject) for each in (first, second)] == [
        (302, True, False),
        (200, False, True),
    ]
    assert first.target != second.target


async def test_a_redirect_that_is_not_followed_is_the_end():
    (exchange,) = await seen_by(status(b"302 Found", b"location: /x"), method="DELETE")
    assert (exchange.status, exchange.is_followed) == (302, False)


async def test_where_a_redirect_led_is_told_to_the_plugin():
    async with raw_server(saying(status(b"307 Moved", b"location: /b"), ok())) as server, client_for(server) as client:
        assert (await client.request("GET", f"{server.url}/a")).url == f"{server.url}/b"
        assert (await client.request("GET", f"{server.url}/a")).url == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTPS://Vendor.Example:443/a%7Eb?q=%c3%a4", "https://vendor.example/a~b?q=%C3%A4"),
        ("https://vendor.example", "https://vendor.example/"),
        ("https://vendor.example/a#part", "https://vendor.example/a"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ],
)
def test_one_place_has_one_address(one, other):
    assert canonical_address(httpx2.URL(one)) == canonical_address(httpx2.URL(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://vendor.example/a", "http://vendor.example/a"),
        ("https://vendor.example/a", "https://vendor.example:8443/a"),
        ("https://vendor.example/a", "https://vendor.example/a/"),
        ("https://vendor.example/a%2Fb", "https://vendor.example/a/b"),
        ("https://vendor.example/a?q=1", "https://vendor.example/a?q=2"),
    ],
)
def test_two_places_have_two(one, other):
    assert canonical_address(httpx2.URL(one)) != canonical_address(httpx2.URL(other))


async def test_what_a_plugin_gets_leads_to_nothing_that_is_written_down():
    async with raw_server(saying(ok())) as server, client_for(server) as client:
        http: Any = PluginHttp(client)
        response = await http.request("GET", server.url)
    assert isinstance(response, HttpResponse)
    assert [name for name in dir(http) if not name.startswith("__")] == ["request"]
    with pytest.raises(AttributeError):
        http.exchanges = ()
    assert isinstance(client.exchanges, tuple), "a copy, which nobody can add to"
    assert len(client.exchanges) == 1


def test_digests_of_one_secret_are_equal_and_of_another_are_not():
    again = KeyRing("a secret of the tests").keyed_digest("exchange")
    assert again(b"value") == DIGEST(b"value")
    assert KeyRing("another").keyed_digest("exchange")(b"value") != DIGEST(b"value")
    assert KeyRing("a secret of the tests").keyed_digest("else")(b"value") != DIGEST(b"value")
    assert len(DIGEST(b"value")) == 32


@pytest.mark.parametrize(
    ("method", "path", "content", "asks"),
    [
        ("GET", "/people?id=subject-0001", None, True),
        ("GET", "/people/subject-0001", None, True),
        ("POST", "/search", b'{"id": "subject-0001"}', True),
        ("REPORT", "/book/", b"<c:text-match>wardship-installation-subject-0001</c:text-match>", True),
        ("GET", "/people?page=1", None, False),
        ("PUT", "/people/subject-0001", b"{}", False),
    ],
)
async def test_a_request_that_names_the_subject_asks_for_it(method, path, content, asks):
    (exchange,) = await seen_by(ok(b"[]"), method=method, path=path, content=content)
    assert exchange.asks_for_subject is asks
    assert exchange.kept().asks_for_subject is asks
