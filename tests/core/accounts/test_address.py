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
        ("J\u030cane@example.org", "\u01f0ane@example.org"),
        ("\u01f0ane@example.org", "\u01f0ane@example.org"),
        ("T\u0308o@example.org", "\u1e97o@example.org"),
    ],
)
def test_one_mailbox_has_one_form(typed, canonical):
    assert canonical_address(typed, ()) == canonical
    assert canonical_address(canonical_address(typed, ()), ()) == canonical


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
        canonical_address(typed, (), path=("input", "email"))
    assert caught.value.path == ("input", "email")
    assert caught.value.code == "INVALID_ADDRESS"


@pytest.mark.parametrize(
    "sign", ["\u0130", "\u00df", "\u1e9e", "\u03a3", "\u0149", "\u0390", "\u1f50", "\u0587", "\ufb01"]
)
def test_form_of_an_address_is_the_form_of_that_form(sign):
    for typed in (f"a{sign}b@example.org", f"A{sign.upper()}@example.org"):
        form = canonical_address(typed, ())
        assert canonical_address(form, ()) == form
        assert unicodedata.is_normalized("NFC", form)


INTERNAL = ["corp.local", "intranet", "xn--bro-hoa.local"]


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("Person@Corp.LOCAL", "person@corp.local"),
        ("person@mail.corp.local", "person@mail.corp.local"),
        ("person@intranet", "person@intranet"),
        ("person@BÜRO.local", "person@büro.local"),
        ("person@xn--bro-hoa.local", "person@büro.local"),
    ],
)
def test_address_of_an_internal_domain_is_accepted_where_the_deployment_names_it(typed, canonical):
    assert canonical_address(typed, INTERNAL) == canonical
    assert canonical_address(canonical, INTERNAL) == canonical


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("person@other.local", "other.local"),
        ("person@notcorp.local", "notcorp.local"),
        ("person@local", "local"),
        ("person@localhost", "localhost"),
        ("person@printer", "printer"),
    ],
)
def test_why_an_address_of_an_internal_domain_is_not_accepted_is_told(typed, domain):
    with pytest.raises(InvalidAddressError, match=f"{domain} is known inside a network only") as caught:
        canonical_address(typed, INTERNAL)
    assert "WARDSHIP_INTERNAL_DOMAINS" in caught.value.message


@pytest.mark.parametrize(
    "typed", ["a b@corp.local", "a@b@corp.local", "@corp.local", "a@corp..local", "a@.local", "a@-x"]
)
def test_what_is_no_address_is_none_at_an_internal_domain_either(typed):
    with pytest.raises(InvalidAddressError, match="This is not an e-mail address"):
        canonical_address(typed, INTERNAL)
