from __future__ import annotations

import unicodedata

import pytest

from wardship.core.accounts.address import InvalidAddressError, canonical_address


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("Ann@Example.ORG", "ann@example.org"),
        ("  ann@example.org ", "ann@example.org"),
        (unicodedata.normalize("NFD", "bücher@example.org"), unicodedata.normalize("NFC", "bücher@example.org")),
        ("a@xn--bcher-kva.example", "a@bücher.example"),
        ("a@BÜCHER.example", "a@bücher.example"),
        ("first.last+tag@example.org", "first.last+tag@example.org"),
    ],
)
def test_one_mailbox_has_one_form(typed, canonical):
    assert canonical_address(typed) == canonical
    assert canonical_address(canonical_address(typed)) == canonical


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "ann@",
        "@example.org",
        "a b@example.org",
        "ann@example.org\nBcc: x@y.org",
        "a@b@example.org",
        "ann@localhost",
        "a" * 400 + "@example.org",
        "ann@[127.0.0.1]",
        "Ann <ann@example.org>",
    ],
)
def test_what_is_no_address_is_refused_with_its_field(typed):
    with pytest.raises(InvalidAddressError) as caught:
        canonical_address(typed, path=("input", "email"))
    assert caught.value.path == ("input", "email")
    assert caught.value.code == "INVALID_ADDRESS"
