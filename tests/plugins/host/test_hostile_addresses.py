"""Addresses that lead inside, however they are written, wherever they are given: refused, and nothing is connected to.

Two servers listen on loopback for as long as anything is tried, IPv4 and IPv6, and the kernel's own connections are
listened to as well, so that ports at which nobody can listen are covered too.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_network

import httpx2
import pytest
from pydantic import ValidationError

from tests.fakes.vendor_plugin import MANIFEST, FakeVendorSettings
from tests.fixed_clock import FixedClock
from tests.plugins.host.remote.declared import changed
from tests.plugins.host.scripted import SHARE
from tests.plugins.host.servers import raw_server, saying
from wardship.core.openid.provider_http import ProviderHttp
from wardship.core.openid.refusals import ProviderUnavailableError
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import Rejected, TemporarilyUnavailable, Verb, new_webhook_secret
from wardship.plugins.host.call import DispatchLimits, Installed
from wardship.plugins.host.client import ClientLimits, GuardedClient, Reach
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.registry import Registry
from wardship.plugins.host.remote import ManifestDocumentError, RemoteDocument, RemotePlugin, read_document
from wardship.plugins.host.reply import Fault, Reply
from wardship.plugins.kit.connections import noticing

HOSTILE = {
    "loopback": "https://127.0.0.1:{port}/",
    "another address of loopback": "https://127.9.8.7:{port}/",
    "loopback by its name": "https://localhost:{port}/",
    "the name with its final dot": "https://localhost.:{port}/",
    "the name in capitals": "https://LOCALHOST:{port}/",
    "a name below localhost": "https://vendor.localhost:{port}/",
    "IPv6 loopback": "https://[::1]:{port}/",
    "IPv6 loopback in full": "https://[0:0:0:0:0:0:0:1]:{port}/",
    "the unspecified address": "https://0.0.0.0:{port}/",
    "the unspecified address, short": "https://0:{port}/",
    "the unspecified address of IPv6": "https://[::]:{port}/",
    "private, class A": "https://10.0.0.1/",
    "private, class B": "https://172.31.255.254/",
    "private, class C": "https://192.168.1.1/",
    "shared address space": "https://100.64.0.1/",
    "link-local": "https://169.254.1.1/",
    "the metadata address": "https://169.254.169.254/latest/meta-data/",
    "the metadata address over http": "http://169.254.169.254/latest/meta-data/",
    "the metadata address of Amazon in IPv6": "https://[fd00:ec2::254]/",
    "the metadata address of Alibaba": "https://100.100.100.200/",
    "the wire server of Azure": "https://168.63.129.16/",
    "IPv4-mapped": "https://[::ffff:127.0.0.1]:{port}/",
    "IPv4-mapped in hexadecimal": "https://[::ffff:7f00:1]:{port}/",
    "IPv4-compatible": "https://[::127.0.0.1]:{port}/",
    "6to4": "https://[2002:7f00:1::]:{port}/",
    "NAT64": "https://[64:ff9b::7f00:1]:{port}/",
    "NAT64 for local use": "https://[64:ff9b:1::7f00:1]:{port}/",
    "Teredo": "https://[2001:0:7f00:1::1]:{port}/",
    "unique local": "https://[fc00::1]/",
    "link-local of IPv6 with a zone": "https://[fe80::1%25lo]:{port}/",
    "loopback with a zone": "https://[::1%25lo]:{port}/",
    "site-local": "https://[fec0::1]/",
    "multicast": "https://224.0.0.1/",
    "broadcast": "https://255.255.255.255/",
    "one decimal number": "https://2130706433:{port}/",
    "one hexadecimal number": "https://0x7f000001:{port}/",
    "octal": "https://0177.0.0.1:{port}/",
    "octal with many zeros": "https://0000000177.0.0.1:{port}/",
    "hexadecimal parts": "https://0x7f.0x0.0x0.0x1:{port}/",
    "two parts": "https://127.1:{port}/",
    "an overflowing part": "https://127.0.0.257:{port}/",
    "a final dot behind numbers": "https://127.0.0.1.:{port}/",
    "fullwidth digits": "https://１２７.０.０.１:{port}/",
    "ideographic full stops": "https://127。0。0。1:{port}/",
    "circled digits": "https://①②⑦.⓪.⓪.①:{port}/",
    "localhost in fullwidth letters": "https://ｌｏｃａｌｈｏｓｔ:{port}/",
    "localhost with a soft hyphen": "https://local\u00adhost:{port}/",
    "localhost with a long s": "https://localho\u017ft:{port}/",
    "percent-encoded digits": "https://%31%32%37.0.0.1:{port}/",
    "percent-encoded name": "https://%6cocalhost:{port}/",
    "a user name": "https://vendor.example@127.0.0.1:{port}/",
    "a user name and password": "https://vendor.example:443@127.0.0.1:{port}/",
    "an encoded user name": "https://vendor.example%40127.0.0.1:{port}/",
    "a backslash": "https://vendor.example\\@127.0.0.1:{port}/",
    "a backslash for a slash": "https:\\\\127.0.0.1:{port}/",
    "a tab in the host": "https://127.0.0\t.1:{port}/",
    "a line feed in the host": "https://127.0.0.1:{port}\n.vendor.example/",
    "a null in the host": "https://127.0.0.1\x00.vendor.example:{port}/",
    "a fragment before the host": "https://#@127.0.0.1:{port}/",
    "no host": "https:///path",
    "no slashes": "https:127.0.0.1:{port}/",
    "nothing": "",
    "spaces": "   ",
    "no scheme": "//127.0.0.1:{port}/",
    "a bare address": "127.0.0.1:{port}",
    "plain http": "http://127.0.0.1:{port}/",
    "a file": "file:///etc/passwd",
    "a file on a host": "file://127.0.0.1/etc/passwd",
    "ftp": "ftp://127.0.0.1:{port}/",
    "gopher": "gopher://127.0.0.1:{port}/_GET",
    "dict": "dict://127.0.0.1:{port}/",
    "data": "data:text/plain,hello",
    "a script": "javascript:alert(1)",
    "a socket of the machine": "unix:///var/run/docker.sock",
    "http over a socket": "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "a port of another service": "https://127.0.0.1:5432/",
    "port 0": "https://127.0.0.1:0/",
    "a port that is none": "https://127.0.0.1:99999/",
    "a negative port": "https://127.0.0.1:-1/",
    "a label that is too long": "https://" + "a" * 70 + ".localhost:{port}/",
    "brackets that do not close": "https://[::1:{port}/",
    "brackets around IPv4": "https://[127.0.0.1]:{port}/",
    "punycode of fullwidth digits": "https://xn--127-pm8b.0.0.1:{port}/",
}


class AnyPlace(Reach):
    """A reach in which every place is declared: the network alone refuses."""

    def require(self, url: httpx2.URL) -> None:
        """Refuse nothing."""


ANYWHERE = AnyPlace(frozenset())
POLICIES = {
    "nothing is named": NetworkPolicy(),
    "another network is named": NetworkPolicy.of_deployment(["10.20.0.0/16"], development=False),
}


class Watch:
    """Where something connected to: as the listening servers saw it, and as the kernel was asked for it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[str] = []
        self.seen: list[str] = []

    def note(self, what: str) -> None:
        if not what.startswith("socket.getaddrinfo"):
            self.asked.append(what)

    @property
    def connections(self) -> list[str]:
        return [*self.seen, *self.asked]


@asynccontextmanager
async def watching() -> AsyncIterator[Watch]:
    async with raw_server(saying(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret")) as inside:
        watch = Watch(inside.port)

        async def seen(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            watch.seen.append("::1")
            writer.close()

        sixth = await asyncio.start_server(seen, "::1", inside.port) if socket.has_ipv6 else None
        try:
            with noticing(watch.note):
                yield watch
        finally:
            watch.seen += ["127.0.0.1"] * inside.connections
            if sixth is not None:
                sixth.close()


@pytest.mark.parametrize("network", POLICIES)
@pytest.mark.parametrize("name", HOSTILE)
async def test_an_address_in_the_settings_of_an_installation_leads_nowhere_inside(name, network):
    """The administrator of one organisation may type anything: the form, the reach and the network each may refuse."""
    async with watching() as watch:
        url = HOSTILE[name].format(port=watch.port)
        with pytest.raises((ValidationError, Rejected, TemporarilyUnavailable)):
            await _asked_by_settings(url, POLICIES[network])
    assert watch.connections == []


async def _asked_by_settings(url: str, policy: NetworkPolicy) -> None:
    settings = FakeVendorSettings.model_validate({"server_url": url, "token": "x"})
    reach = Reach.of(MANIFEST.model_copy(update={"hosts": ()}), settings)
    async with GuardedClient(reach, policy, "o", ClientLimits(request_s=2, retries=0)) as http:
        await http.request("GET", str(settings.server_url))


@pytest.mark.parametrize("name", HOSTILE)
async def test_an_address_that_a_plugin_takes_from_a_vendor_s_answer_leads_nowhere_inside(name):
    """Here the plugin asks for it as it came, and every host that it might name is declared."""
    async with watching() as watch:
        url = HOSTILE[name].format(port=watch.port)
        async with GuardedClient(ANYWHERE, NetworkPolicy(), "o", ClientLimits(request_s=2, retries=0)) as http:
            with pytest.raises((Rejected, TemporarilyUnavailable)):
                await http.request("GET", url)
    assert watch.connections == []


@pytest.mark.parametrize("name", HOSTILE)
async def test_an_address_of_a_provider_of_sign_in_leads_nowhere_inside(name):
    async with watching() as watch:
        url = HOSTILE[name].format(port=watch.port)
        with pytest.raises(ProviderUnavailableError):
            await ProviderHttp(NetworkPolicy()).get_json(url)
    assert watch.connections == []


def fits_a_header(url: str) -> bool:
    return bool(url.strip()) and not any(each in url for each in "\n\t\x00")


@pytest.mark.parametrize("status", [302, 307])
@pytest.mark.parametrize("name", [name for name, url in HOSTILE.items() if fits_a_header(url)])
async def test_a_redirect_leads_nowhere_inside(name, status):
    """The vendor stands at an address that the operator named; whatever it names itself is refused."""
    policy = NetworkPolicy(allowed_networks=(ip_network("127.0.0.2/32"),), plain_http=True)
    async with watching() as watch:
        target = HOSTILE[name].format(port=watch.port).encode()
        answer = b"HTTP/1.1 %d Moved\r\nlocation: %b\r\ncontent-length: 0\r\n\r\n" % (status, target)
        async with raw_server(saying(answer), host="127.0.0.2") as vendor:
            async with GuardedClient(ANYWHERE, policy, "o", ClientLimits(request_s=2, retries=0)) as http:
                with pytest.raises((Rejected, TemporarilyUnavailable)):
                    await http.request("GET", f"{vendor.url}/start")
            assert vendor.seen[0].line == "GET /start HTTP/1.1"
        assert set(watch.asked) == {f"127.0.0.2:{vendor.port}"}
        watch.asked.clear()
    assert watch.connections == []


@pytest.mark.parametrize("name", HOSTILE)
async def test_an_endpoint_of_a_remote_integration_leads_nowhere_inside(name, clock):
    """The document may name anything: it is refused when it is read, or nothing is reached when it is called."""
    async with watching() as watch:
        with suppress(ManifestDocumentError):
            document = read_document(changed("endpoint", HOSTILE[name].format(port=watch.port)))
            reply = await _called(document, clock)
            assert reply.fault in {Fault.REJECTED, Fault.UNAVAILABLE}
            assert [exchange.status for exchange in reply.exchanges if exchange.status is not None] == []
    assert watch.connections == []


async def _called(document: RemoteDocument, clock: FixedClock) -> Reply:
    """Let a deployment in production share somebody with an endpoint."""
    registry = Registry()
    loaded = registry.register(RemotePlugin(document, lambda: (new_webhook_secret(),)), "letters")
    assert loaded.reason is None
    dispatcher = Dispatcher(registry, clock, DispatchLimits(network=NetworkPolicy()))
    installed = Installed(id="i", integration="letters", public_settings={"workspace": "w"}, secrets={"api_key": "k"})
    try:
        return await dispatcher.call(installed, Verb.SHARE, SHARE, obligation_id="o-1")
    finally:
        dispatcher.close()
