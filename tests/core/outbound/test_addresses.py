"""Which addresses are public: by a table of our own, whatever this version of Python knows."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest

from wardship.core.outbound.addresses import SPECIAL, is_public
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import Rejected

pytestmark = pytest.mark.anyio

KINDS = ("is_global", "is_private", "is_multicast", "is_reserved", "is_site_local", "is_link_local")


def _within(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(address in network for network in SPECIAL)


@pytest.mark.parametrize("network", SPECIAL, ids=str)
def test_no_address_of_a_row_is_public_from_its_first_to_its_last(network):
    for address in (network[0], network[network.num_addresses // 2], network[-1]):
        assert not is_public(address)


def _beside(network) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """Return the address before a row and the one after it, where there are such that no other row covers."""
    kind = type(network[0])
    places = (int(network[0]) - 1, int(network[-1]) + 1)
    found = [kind(place) for place in places if 0 <= place < 2**network.max_prefixlen]
    return [address for address in found if not _within(address)]


@pytest.mark.parametrize("network", [row for row in SPECIAL if _beside(row)], ids=str)
def test_the_addresses_just_outside_a_row_are_public_where_they_are_global_unicast(network):
    for address in _beside(network):
        unicast = "2000::/3" if address.version == 6 else "0.0.0.0/1"
        is_unicast = address in ip_network(unicast) or (address.version == 4 and address < IPv4Address("224.0.0.0"))
        assert is_public(address) is is_unicast


@pytest.mark.parametrize(
    "text",
    [
        *(
            "fec0::1",
            "feff:ffff::1",
            "192.88.99.1",
            "3fff::1",
            "3fff:fff:ffff::1",
            "5f00::1",
            "4000::1",
            "1fff:ffff::1",
        ),
        *("::127.0.0.1", "64:ff9b::808:808", "2002:808:808::1", "2001:0:808:808::1", "::ffff:8.8.8.8", "ff0e::1"),
        *("192.31.196.1", "192.175.48.1", "192.0.0.9", "224.0.0.1", "239.255.255.255", "2620:4f:8000::1"),
    ],
)
def test_what_python_may_take_for_global_is_not_public(text):
    assert not is_public(ip_address(text))
    assert not NetworkPolicy().allows(ip_address(text), scheme="https")


@pytest.mark.parametrize(
    "text",
    ["2000::", "2001:200::1", "2003::1", "2400::1", "3ffe:ffff::1", "3fff:1000::1", "192.88.98.255", "192.88.100.0"],
)
def test_the_neighbours_of_special_addresses_are_public(text):
    assert is_public(ip_address(text))


def test_nothing_is_asked_of_python(monkeypatch):
    def unknown(_):
        raise AssertionError("asked of Python")

    for kind in (IPv4Address, IPv6Address):
        for name in KINDS:
            if hasattr(kind, name):
                monkeypatch.setattr(kind, name, property(unknown))
    assert is_public(ip_address("8.8.8.8"))
    assert is_public(ip_address("2001:4860:4860::8888"))
    assert not is_public(ip_address("fec0::1"))


def test_an_address_with_a_zone_is_not_public():
    assert not is_public(ip_address("2001:4860:4860::8888%eth0"))


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "::ffff:127.0.0.1", "::1", "3232235777", "0xa9fea9fe"],
)
async def test_no_way_of_writing_an_inside_address_gets_through(host):
    """As the machine's own resolver reads it: no name is looked up."""
    with pytest.raises(Rejected, match="its address is not public"):
        await NetworkPolicy().resolve(host, 443, scheme="https")
