"""Which private networks an operator can name, and what that opens."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from wardship.core.outbound.addresses import is_metadata, is_public
from wardship.core.outbound.network import NetworkPolicy
from wardship.core.outbound.private_networks import parse_private_network

CREDENTIALS = ["169.254.169.254", "169.254.170.2", "fe80::a9fe:a9fe", "fd00:ec2::254", "fd20:ce::254"]
CREDENTIALS += ["100.100.100.200", "168.63.129.16"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.20.0.0/16", "10.20.0.0/16"),
        (" 192.168.7.9 ", "192.168.7.9/32"),
        ("100.64.0.0/10", "100.64.0.0/10"),
        ("fd12:3456::/48", "fd12:3456::/48"),
        ("::1", "::1/128"),
    ],
)
def test_a_private_network_is_read(text, expected):
    assert str(parse_private_network(text)) == expected


@pytest.mark.parametrize(
    "text",
    ["", "10.0.0.0/7", "0.0.0.0/0", "::/0", "fc00::/6", "8.8.8.8", "::ffff:10.0.0.0/104", "172.16.0.0/11", "fe80::/64"],
)
def test_what_is_not_private_throughout_is_refused(text):
    with pytest.raises(ValueError, match="must hold"):
        parse_private_network(text)


@pytest.mark.parametrize("text", ["100.100.100.200", "fd00:ec2::254/128", "fd20:ce::254"])
def test_where_machines_get_credentials_can_not_be_named(text):
    with pytest.raises(ValueError, match="credentials"):
        parse_private_network(text)


@pytest.mark.parametrize("text", CREDENTIALS)
def test_nobody_is_led_to_where_machines_get_credentials_whatever_is_named_around_it(text):
    named = ["10.0.0.0/8", "100.64.0.0/10", "fc00::/7", "127.0.0.0/8"]
    assert is_metadata(ip_address(text))
    assert not is_public(ip_address(text))
    for development in (True, False):
        policy = NetworkPolicy.of_deployment(named, development=development)
        assert not policy.allows(ip_address(text), scheme="https")
        assert not policy.allows(ip_address(text), scheme="http")


def test_a_named_network_opens_itself_alone_and_https_alone():
    policy = NetworkPolicy.of_deployment(["10.20.0.0/16"], development=False)
    assert policy.allows(ip_address("10.20.255.255"), scheme="https")
    assert not policy.allows(ip_address("10.20.255.255"), scheme="http")
    for outside in ("10.21.0.0", "10.19.255.255", "::ffff:10.20.0.1", "64:ff9b::a14:1", "2002:a14:1::", "127.0.0.1"):
        assert not policy.allows(ip_address(outside), scheme="https")


def test_without_the_setting_nothing_private_is_reached():
    assert NetworkPolicy.of_deployment([], development=False) == NetworkPolicy()
    assert NetworkPolicy.of_deployment([], development=True) == NetworkPolicy.development()
