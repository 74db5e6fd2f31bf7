"""A public address has one form, that which browsers send, or is refused with what is wrong."""

from __future__ import annotations

import pytest

from wardship.core.origin import canonical_origin

SAME = {
    "https://wardship.example": [
        "https://wardship.example",
        "https://wardship.example/",
        "HTTPS://Wardship.EXAMPLE",
        "https://wardship.example:443",
        "https://wardship.example:443/",
        "https://wardship.example:",
        "https://wardship.example:0443",
        "https://wardship.example.",
        "https://wardship.example.:443/",
        "  https://wardship.example\t\n",
        "https://ｗardship.example",
        "https://wardship。example",
    ],
    "http://localhost:8000": ["http://LOCALHOST:8000/", "http://localhost.:8000"],
    "http://wardship.example": ["http://wardship.example:80"],
    "https://wardship.example:80": ["https://wardship.example:80"],
    "https://xn--bcher-kva.example": [
        "https://bücher.example",
        "https://BÜCHER.example:443/",
        "https://xn--Bcher-kva.example",
    ],
    "https://xn--bcher-kva.xn--p1ai": ["https://bu\u0308cher.рф."],
    "https://xn--strae-oqa.example": ["https://straße.example"],
    "http://my_app:3000": ["http://my_app:3000"],
    "http://192.0.2.1": ["http://192.0.2.1:80/"],
    "http://[2001:db8::1]:8000": ["http://[2001:DB8:0:0:0:0:0:1]:8000/"],
    "https://[::1]": ["https://[0::1]:443"],
    "http://[::ffff:c000:201]": ["http://[::ffff:192.0.2.1]", "http://[0:0:0:0:0:FFFF:C000:0201]:80/"],
}


@pytest.mark.parametrize(("one", "forms"), SAME.items(), ids=SAME)
def test_every_form_becomes_the_one_that_browsers_send(one, forms):
    assert [canonical_origin(form) for form in forms] == [one] * len(forms)
    assert canonical_origin(one) == one


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "must be an origin such as"),
        ("   ", "must be an origin such as"),
        ("wardship.example", "must be an origin such as"),
        ("//wardship.example", "must be an origin such as"),
        ("ftp://wardship.example", "must be an origin such as"),
        ("javascript:alert(1)", "must be an origin such as"),
        ("https://", "must be an origin such as"),
        ("https:///path", "must be an origin such as"),
        ("https://ward ship.example", "without blanks"),
        ("https://ward\nship.example", "without blanks"),
        ("https://ward\u200bship.example\u0000", "without blanks"),
        ("https:\\\\wardship.example", "without blanks and backslashes"),
        ("https://wardship.example/console", "not a path"),
        ("https://wardship.example//", "not a path"),
        ("https://wardship.example?", "no query"),
        ("https://wardship.example/?a=1", "no query"),
        ("https://wardship.example#top", "no fragment"),
        ("https://me@wardship.example", "no user"),
        ("https://me:secret@wardship.example", "no password"),
        ("https://@wardship.example", "no user"),
        ("https://wardship.example:0", "another port than 0"),
        ("https://wardship.example:65536", "must be an origin such as"),
        ("https://wardship.example:https", "must be an origin such as"),
        ("https://wardship.example:-1", "must be an origin such as"),
        ("https://wardship.example:８０", "must be an origin such as"),
        ("https://ward%73hip.example", "must name a host"),
        ("https://-ward.example", "must name a host"),
        ("https://ward..example", "must name a host"),
        ("https://.", "must name a host"),
        (f"https://{'a' * 64}.example", "must name a host"),
        (f"https://{'a.' * 130}example", "must name a host"),
        ("https://☃☃.example", "can be registered"),
        ("https://a,b.example", "must name a host"),
        ("http://127.1", "four numbers"),
        ("http://0x7f000001", "four numbers"),
        ("http://2130706433", "four numbers"),
        ("http://192.0.2.256", "four numbers"),
        ("http://[::1", "must be an origin such as"),
        ("http://[fe80::1%eth0]", "must name a host"),
        ("http://[v1.x]", "must"),
        ("http://a:b:c", "must be an origin such as"),
    ],
)
def test_what_is_no_origin_is_refused_with_what_is_wrong(address, words):
    with pytest.raises(ValueError, match=words):
        canonical_origin(address)
