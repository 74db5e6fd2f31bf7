"""A name server that answers one thing when it is looked at and another when it is connected to.

A real one, over UDP, whose answers may not be kept (TTL 0). 127.0.0.2 stands for the vendor's public address here: the
policy allows it alone besides public ones. What listens at 127.0.0.1, at the same port, is inside.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_network

import dns.asyncresolver
import dns.resolver
import pytest

from tests.fakes.dns_server import DnsFake, serving_dns
from tests.plugins.host.servers import RawServer, ok, raw_server, saying
from tests.plugins.host.test_network import server_tls
from wardship.core.openid.provider_http import ProviderHttp
from wardship.core.openid.refusals import ProviderUnavailableError
from wardship.core.outbound import network as network_module
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import Rejected, TemporarilyUnavailable
from wardship.plugins.host.client import ClientLimits, GuardedClient, Reach

NAME = "vendor.example"
OUTSIDE, INSIDE = "127.0.0.2", "127.0.0.1"
ONLY_OUTSIDE = NetworkPolicy(allowed_networks=(ip_network(f"{OUTSIDE}/32"),), plain_http=True)
PATIENCE_S = 60
MOVED = b"HTTP/1.1 307 Moved\r\nlocation: /next\r\ncontent-length: 0\r\n\r\n"


@dataclass
class Scene:
    """The name server, the vendor outside, and what must not be reached inside, at the same port."""

    dns: DnsFake
    vendor: RawServer
    inside: RawServer

    @property
    def url(self) -> str:
        return f"http://{NAME}:{self.vendor.port}/x"

    def client(self, policy: NetworkPolicy = ONLY_OUTSIDE, *, retries: int = 0) -> GuardedClient:
        reach = Reach(frozenset({(NAME, self.vendor.port), (NAME, 443)}))
        return GuardedClient(reach, policy, "o", ClientLimits(request_s=PATIENCE_S, retries=retries, pause_s=0))

    def look_ups(self) -> int:
        """How often the address was asked for."""
        return self.dns.asked.count((NAME, "A"))


Sets = Callable[..., Awaitable[Scene]]


@pytest.fixture
async def scene(monkeypatch) -> AsyncIterator[Sets]:
    """Let the machine's look-ups go to a name server that gives these addresses, one answer after the other."""
    async with serving_dns() as fake:
        monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", _asking(fake))
        running = []

        async def arrange(*answers: tuple[str, ...], says: tuple[bytes, ...] = (ok(),)) -> Scene:
            fake.addresses[NAME] = list(answers)
            context = _servers(*says)
            running.append(context)
            vendor, inside = await context.__aenter__()
            return Scene(fake, vendor, inside)

        yield arrange
        for context in running:
            await context.__aexit__(None, None, None)


@asynccontextmanager
async def _servers(*says: bytes) -> AsyncIterator[tuple[RawServer, RawServer]]:
    async with (
        raw_server(saying(*says), host=OUTSIDE) as vendor,
        raw_server(saying(ok(b"secret")), host=INSIDE, port=vendor.port) as inside,
    ):
        yield vendor, inside


def _asking(fake: DnsFake):
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.cache = ["127.0.0.1"], fake.port, None
    # On a busy machine a question that is asked again would be given the next answer.
    resolver.timeout = resolver.lifetime = PATIENCE_S

    async def getaddrinfo(_loop, host, port, **_kinds):
        found = []
        for kind, family in (("A", socket.AF_INET), ("AAAA", socket.AF_INET6)):
            try:
                answer = await resolver.resolve(host, kind, search=False)
            except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
                continue
            found += [(family, socket.SOCK_STREAM, 6, "", (each.address, port)) for each in answer]
        if not found:
            raise socket.gaierror("no such name")
        return found

    async def told(loop, host, port, **kinds):
        # A pinned address is written as numbers, and is no question.
        text = host.decode() if isinstance(host, bytes) else host
        if text.replace(".", "").isdecimal() or ":" in text:
            family = socket.AF_INET6 if ":" in text else socket.AF_INET
            return [(family, socket.SOCK_STREAM, 6, "", (text, port))]
        return await getaddrinfo(loop, text, port, **kinds)

    return told


async def test_the_answer_that_was_looked_at_is_connected_to_though_the_next_leads_inside(scene):
    stage = await scene((OUTSIDE,), (INSIDE,))
    async with stage.client() as http:
        assert (await http.request("GET", stage.url)).status == 200
    assert (stage.vendor.connections, stage.inside.connections, stage.look_ups()) == (1, 0, 1)


async def test_the_next_request_of_the_same_call_is_looked_at_again_and_refused(scene):
    stage = await scene((OUTSIDE,), (INSIDE,))
    async with stage.client() as http:
        await http.request("GET", stage.url)
        with pytest.raises(Rejected, match="its address is not public"):
            await http.request("GET", stage.url)
    assert (len(stage.vendor.seen), stage.inside.connections, stage.look_ups()) == (1, 0, 2)


async def test_a_redirect_that_waits_for_the_name_to_turn_inside_is_refused(scene):
    stage = await scene((OUTSIDE,), (INSIDE,), says=(MOVED, ok()))
    async with stage.client() as http:
        with pytest.raises(Rejected, match="its address is not public"):
            await http.request("GET", stage.url)
    assert (len(stage.vendor.seen), stage.inside.connections) == (1, 0)


async def test_a_retry_that_waits_for_the_name_to_turn_inside_is_refused(scene):
    down = b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n"
    stage = await scene((OUTSIDE,), (INSIDE,), says=(down, ok()))
    async with stage.client(retries=2) as http:
        with pytest.raises(Rejected, match="its address is not public"):
            await http.request("GET", stage.url)
    assert (len(stage.vendor.seen), stage.inside.connections) == (1, 0)


MIXES = {
    "one of two": (OUTSIDE, INSIDE),
    "the other way round": (INSIDE, OUTSIDE),
    "public and loopback": ("8.8.8.8", INSIDE),
    "public and the metadata address": ("8.8.8.8", "169.254.169.254"),
    "public and private of IPv6": ("8.8.8.8", "fd00::1"),
    "public and mapped": ("8.8.8.8", "::ffff:127.0.0.1"),
    "public and NAT64": ("8.8.8.8", "64:ff9b::7f00:1"),
    "public and unspecified": ("8.8.8.8", "::"),
    "one inside among many": (*(f"8.8.8.{number}" for number in range(1, 20)), INSIDE),
}


@pytest.mark.parametrize("name", MIXES)
async def test_an_answer_that_mixes_outside_and_inside_is_refused_whole(scene, name):
    stage = await scene(MIXES[name])
    async with stage.client() as http:
        with pytest.raises(Rejected, match="its address is not public"):
            await http.request("GET", stage.url.replace("http:", "https:"))
    assert (stage.vendor.connections, stage.inside.connections) == (0, 0)


@pytest.mark.parametrize("policy", [NetworkPolicy(), ONLY_OUTSIDE])
async def test_an_alias_of_localhost_is_refused(scene, policy):
    stage = await scene()
    stage.dns.aliases[NAME] = "localhost"
    stage.dns.addresses["localhost"] = [(INSIDE, "::1")]
    async with stage.client(policy) as http:
        with pytest.raises(Rejected, match="its address is not public"):
            await http.request("GET", f"https://{NAME}/")
    assert (NAME, "A") in stage.dns.asked
    assert stage.inside.connections == 0


async def test_an_alias_with_no_address_is_no_address(scene):
    stage = await scene()
    stage.dns.aliases[NAME] = "nowhere.example"
    async with stage.client() as http:
        with pytest.raises(TemporarilyUnavailable, match="does not resolve"):
            await http.request("GET", stage.url)
    assert (stage.vendor.connections, stage.inside.connections) == (0, 0)


async def test_a_provider_of_sign_in_whose_name_turns_inside_is_refused(scene):
    stage = await scene((OUTSIDE,), (INSIDE,), says=(ok(b"{}"),))
    http = ProviderHttp(ONLY_OUTSIDE)
    assert await http.get_json(stage.url) == {}
    with pytest.raises(ProviderUnavailableError, match="its address is not public"):
        await http.get_json(stage.url)
    assert (stage.vendor.connections, stage.inside.connections) == (1, 0)


@pytest.mark.parametrize(("named", "is_reached"), [(["127.0.0.0/8"], True), (["10.20.0.0/16"], False), ([], False)])
async def test_a_server_in_a_private_network_is_reached_where_an_operator_named_it(
    scene, monkeypatch, tmp_path, named, is_reached
):
    """Over https, by its name: the certificate is checked as everywhere."""
    server_side, trusting = server_tls(NAME, tmp_path)
    monkeypatch.setattr(network_module, "verified_tls", lambda: trusting)
    stage = await scene((INSIDE,))
    policy = NetworkPolicy.of_deployment(named, development=False)
    async with raw_server(saying(ok()), server_side) as server:
        reach = Reach(frozenset({(NAME, server.port)}))
        async with GuardedClient(reach, policy, "o", ClientLimits(request_s=PATIENCE_S, retries=0)) as http:
            if is_reached:
                assert (await http.request("GET", f"https://{NAME}:{server.port}/")).status == 200
            else:
                with pytest.raises(Rejected, match="may name its network in WARDSHIP_PRIVATE_NETWORKS"):
                    await http.request("GET", f"https://{NAME}:{server.port}/")
            with pytest.raises(Rejected):
                await http.request("GET", f"http://{NAME}:{server.port}/")
    assert (server.connections, stage.inside.connections) == (1 if is_reached else 0, 0)
