"""No plugin reaches the inside, whatever a name resolves to."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.fakes.vendor_plugin import MANIFEST, FakeVendorSettings
from tests.plugins.host.servers import ok, raw_server, saying
from wardship.core.outbound import network as network_module
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import Rejected, TemporarilyUnavailable
from wardship.plugins.host.client import ClientLimits, GuardedClient, Reach, retry_after_seconds

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "10.0.0.1",
    "172.16.5.5",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - an address to refuse, not to bind
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "240.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:53aa:64c:0:0:80ff:fffe",
]


@pytest.mark.parametrize("text", INSIDE)
def test_an_inside_address_is_refused(text):
    policy = NetworkPolicy()
    assert not policy.allows(ipaddress.ip_address(text), scheme="https")
    assert not policy.allows(ipaddress.ip_address(text), scheme="http")


@pytest.mark.parametrize("text", ["8.8.8.8", "2001:4860:4860::8888"])
def test_a_public_address_is_reached_by_https_only(text):
    for policy in (NetworkPolicy(), NetworkPolicy.development()):
        assert policy.allows(ipaddress.ip_address(text), scheme="https")
        assert not policy.allows(ipaddress.ip_address(text), scheme="http")
        assert not policy.allows(ipaddress.ip_address(text), scheme="ftp")


@pytest.mark.parametrize(
    ("text", "expected"), [("127.0.0.1", True), ("::1", True), ("10.0.0.1", True), ("169.254.169.254", False)]
)
def test_development_reaches_its_own_machine_and_site_but_no_link_local_address(text, expected):
    policy = NetworkPolicy.development()
    assert policy.allows(ipaddress.ip_address(text), scheme="http") is expected
    assert policy.allows(ipaddress.ip_address(text), scheme="https") is expected
    assert not NetworkPolicy().allows(ipaddress.ip_address(text), scheme="https")


def test_a_configured_network_is_reached_and_no_other():
    policy = NetworkPolicy(allowed_networks=(ipaddress.ip_network("10.1.0.0/16"),))
    assert policy.allows(ipaddress.ip_address("10.1.2.3"), scheme="https")
    assert not policy.allows(ipaddress.ip_address("10.2.2.3"), scheme="https")
    assert not policy.allows(ipaddress.ip_address("10.1.2.3"), scheme="http")


class Resolver:
    """Answers look-ups in the order given, and counts them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: tuple[str, ...]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", self._resolve)

    async def _resolve(self, host, port, **_kinds):
        if host in {"127.0.0.1", b"127.0.0.1"}:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        self.asked.append(host)
        if not self.answers:
            raise socket.gaierror("no such name")
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in self.answers.pop(0)
        ]


def client(policy: NetworkPolicy, *places: tuple[str, int]) -> GuardedClient:
    return GuardedClient(Reach(frozenset(places)), policy, "o", ClientLimits(request_s=2, retries=0))


@pytest.mark.parametrize(
    "addresses", [("10.0.0.1",), ("8.8.8.8", "127.0.0.1"), ("fe80::1%eth0",), ("::ffff:10.0.0.1",)]
)
async def test_a_name_with_any_inside_address_is_refused_before_connecting(monkeypatch, addresses):
    Resolver(monkeypatch, addresses)
    async with client(NetworkPolicy(), ("vendor.example", 443)) as http:
        with pytest.raises(Rejected, match=r"https to vendor\.example is not allowed: its address is not public"):
            await http.request("GET", "https://vendor.example/")
    assert [(each.status, each.error) for each in http.exchanges] == [(None, "Rejected")]


async def test_plain_http_to_a_public_host_is_refused_even_in_development(monkeypatch):
    Resolver(monkeypatch, ("8.8.8.8",))
    async with client(NetworkPolicy.development(), ("vendor.example", 80)) as http:
        with pytest.raises(Rejected, match=r"http to vendor\.example is not allowed"):
            await http.request("GET", "http://vendor.example/")


async def test_a_name_that_does_not_resolve_is_temporary(monkeypatch):
    Resolver(monkeypatch)
    async with client(NetworkPolicy(), ("vendor.example", 443)) as http:
        with pytest.raises(TemporarilyUnavailable, match="does not resolve"):
            await http.request("GET", "https://vendor.example/")


async def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch):
    resolver = Resolver(monkeypatch, ("127.0.0.1",), ("10.0.0.1",))
    async with raw_server(saying(ok())) as server:
        async with client(NetworkPolicy.development(), ("vendor.example", server.port)) as http:
            response = await http.request("GET", f"http://vendor.example:{server.port}/x")
        assert response.status == 200
        assert server.seen[0].headers["host"] == f"vendor.example:{server.port}"
    assert resolver.asked == ["vendor.example"]


async def test_a_redirect_to_a_name_that_leads_inside_meanwhile_is_not_followed(monkeypatch):
    resolver = Resolver(monkeypatch, ("127.0.0.1",), ("169.254.169.254",))
    moved = b"HTTP/1.1 307 Moved\r\nlocation: /credentials\r\ncontent-length: 0\r\n\r\n"
    policy = NetworkPolicy.development()
    async with raw_server(saying(moved, ok())) as server, client(policy, ("vendor.example", server.port)) as http:
        with pytest.raises(Rejected, match="its address is not public"):
            await http.request("GET", f"http://vendor.example:{server.port}/x")
    assert [seen.line for seen in server.seen] == ["GET /x HTTP/1.1"]
    assert resolver.asked == ["vendor.example", "vendor.example"]


async def test_the_next_address_is_tried_when_the_first_refuses(monkeypatch):
    Resolver(monkeypatch, ("127.0.0.2", "127.0.0.1"))
    policy = NetworkPolicy.development()
    async with raw_server(saying(ok())) as server, client(policy, ("vendor.example", server.port)) as http:
        assert (await http.request("GET", f"http://vendor.example:{server.port}/")).status == 200
    assert len(server.seen) == 1


def server_tls(name: str, folder) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the contexts of a server with a certificate for a name, and of a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(pem + private)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem")
    trusting = ssl.create_default_context(cadata=pem.decode())
    return server, trusting


async def test_the_certificate_is_checked_against_the_name_not_the_address(monkeypatch, tmp_path):
    server_side, trusting = server_tls("vendor.example", tmp_path)
    monkeypatch.setattr(network_module, "verified_tls", lambda: trusting)
    Resolver(monkeypatch, ("127.0.0.1",), ("127.0.0.1",))
    async with raw_server(saying(ok()), server_side) as server:
        places = [("vendor.example", server.port), ("other.example", server.port)]
        async with client(NetworkPolicy.development(), *places) as http:
            assert (await http.request("GET", f"https://vendor.example:{server.port}/")).status == 200
            with pytest.raises(TemporarilyUnavailable, match="ConnectError"):
                await http.request("GET", f"https://other.example:{server.port}/")
    assert len(server.seen) == 1


def test_reach_is_what_is_declared_literally_and_by_settings():
    manifest = MANIFEST.model_copy(update={"hosts": ("api.vendor.example", "other.example:8443")})
    settings = FakeVendorSettings.model_validate({"server_url": "https://Bücher.example/dav/", "token": "x"})
    reach = Reach.of(manifest, settings)
    for url in ("https://api.vendor.example/a", "https://other.example:8443/", "https://xn--bcher-kva.example/x"):
        reach.require(httpx2.URL(url))
    for url in (
        "http://api.vendor.example/",
        "https://api.vendor.example:8443/",
        "https://other.example/",
        "https://sub.api.vendor.example/",
        "https://api.vendor.example.evil.example/",
        "https://api.vendor.example@evil.example/",
    ):
        with pytest.raises(Rejected):
            reach.require(httpx2.URL(url))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("99999999999", 259200.0),
        ("Sat, 21 Nov 2026 12:01:00 GMT", 60.0),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0.0),
        ("Sat, 21 Nov 2026 12:01:00 -0000", None),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
        ("²", None),
        ("", None),
    ],
)
def test_a_wait_is_read_as_seconds_or_date(header, seconds):
    assert retry_after_seconds(header, now=datetime(2026, 11, 21, 12, tzinfo=UTC)) == seconds


def test_host_of_an_upgrade_that_waits_for_approval_is_out_of_reach():
    manifest = MANIFEST.model_copy(update={"hosts": ("api.vendor.example", "new.vendor.example"), "host_settings": ()})
    settings = FakeVendorSettings.model_validate({"server_url": "https://a.example", "token": "x"})
    reach = Reach.of(manifest, settings, approved=("api.vendor.example", "old.vendor.example"))
    assert reach.places == {("api.vendor.example", 443)}
