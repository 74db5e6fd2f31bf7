"""An address is counted by its networks, however it is written; whatever is none is one client."""

import pytest

from wardship.core.http.networks import UNKNOWN, Networks, networks_of


@pytest.mark.parametrize(
    ("address", "wide", "narrow"),
    [
        ("192.0.2.77", "192.0.2.0/24", "192.0.2.77/32"),
        ("::ffff:192.0.2.77", "192.0.2.0/24", "192.0.2.77/32"),
        ("::FFFF:c000:24d", "192.0.2.0/24", "192.0.2.77/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:0:0:0:1", "2001:db8:1::/48", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/48", "fe80::/64"),
        ("::", "::/48", "::/64"),
    ],
)
def test_address_has_a_narrow_and_a_wide_network(address, wide, narrow):
    assert networks_of(address) == Networks(wide, narrow)


def test_addresses_of_one_customer_are_one_network():
    assert len({networks_of(f"2001:db8:1:2::{number:x}") for number in range(300)}) == 1
    narrow = {networks_of(f"2001:db8:1:{number:x}::1") for number in range(300)}
    assert (len(narrow), len({one.wide for one in narrow})) == (300, 1)


@pytest.mark.parametrize(
    "address", ["", "unknown", "-", "192.0.2", "192.0.2.1:80", "[2001:db8::1]", "1.2.3.4, 5.6.7.8", "%"]
)
def test_what_is_no_address_is_one_client(address):
    assert networks_of(address) == UNKNOWN
