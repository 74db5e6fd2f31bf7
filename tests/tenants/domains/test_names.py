"""One written form of a domain, and which domains can be an organisation's: held to the packages' own vectors."""

from __future__ import annotations

import importlib.resources
import re
import unicodedata
from collections import Counter

import idna
import pytest
from hypothesis import given
from hypothesis import strategies as st
from idna import uts46data

from wardship.core.settings import Settings
from wardship.tenants.domains.names import (
    DomainRefusedError,
    InvalidDomainError,
    canonical_domain,
    claimable_domain,
    is_below_shared_host,
    names_above,
    shown_domain,
)

SERVING = Settings(internal_domains=["corp.harbour-logistics.com"])
DEVELOPING = Settings(development=True)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Example.ORG", "example.org"),
        (" example.org. ", "example.org"),
        ("bücher.de", "xn--bcher-kva.de"),
        ("BÜCHER.DE", "xn--bcher-kva.de"),
        ("bu\u0308cher.de", "xn--bcher-kva.de"),
        ("xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("faß.de", "xn--fa-hia.de"),
        ("日本。jp", "xn--wgv71a.jp"),
        ("ｅｘａｍｐｌｅ．org", "example.org"),
        ("ﬁrma.de", "firma.de"),
        ("İstanbul.com", "xn--istanbul-o0e.com"),
        ("ſtadt.de", "stadt.de"),
        ("\u2168.com", "ix.com"),
    ],
)
def test_domain_has_one_form(typed, name):
    assert canonical_domain(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        *("", ".", "localhost", "example", "a..b", ".example.org", "example.org..", "-a.com", "a-.com", "ex_ample.org"),
        *("ada@example.org", "https://example.org", "example.org/", "example.org:53", "exa mple.org", "*.example.org"),
        *("192.0.2.1", "[::1]", "١.com", "xn--a.com", "xn--zca-.com", "\u200dexample.org", "a\u0000b.com", "a\n.com"),
        *("x" * 64 + ".com", ".".join(["x" * 60] * 4) + ".com", "١٢٣.com", "א1a.com", "xn--fiqs8s\u3002\u3002com"),
    ],
)
def test_text_that_is_no_domain_is_refused(typed):
    with pytest.raises(InvalidDomainError) as refused:
        canonical_domain(typed)
    assert refused.value.path == ("name",)


def _domain_or_none(label):
    try:
        return canonical_domain(f"a{label}b.com")
    except InvalidDomainError:
        return None


def test_mapping_table_of_uts_46_holds_for_every_letter():
    """What the table that ships with idna maps is its replacement, what it ignores is gone, what it forbids fails."""
    rows = zip(uts46data.uts46_starts, uts46data.uts46_statuses, uts46data.uts46_replacements, strict=True)
    seen = Counter()
    for start, code, replacement in rows:
        letter, status = chr(start), chr(code)
        seen[status] += 1
        if 0xD800 <= start <= 0xDFFF or letter == ".":
            continue
        match status:
            case "M":
                assert _domain_or_none(letter) == _domain_or_none(replacement), hex(start)
            case "I":
                assert _domain_or_none(letter) == "ab.com", hex(start)
            case "X":
                assert _domain_or_none(letter) is None, hex(start)
    assert seen["M"] > 1000
    assert seen["X"] > 300


def test_letters_on_which_transitional_processing_differs_are_kept():
    assert canonical_domain("straße.de") != canonical_domain("strasse.de")
    assert canonical_domain("ςσ.gr") != canonical_domain("σσ.gr")


LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs",))


@given(st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=2, max_size=4).map(".".join))
def test_canonical_form_is_stable_and_what_the_column_takes(typed):
    try:
        name = canonical_domain(typed)
    except InvalidDomainError:
        return
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", name)
    assert canonical_domain(name) == name
    assert canonical_domain(shown_domain(name)) == name
    assert canonical_domain(unicodedata.normalize("NFD", typed)) == name


def _suffix_vectors():
    text = importlib.resources.files("publicsuffixlist").joinpath("test_psl.txt").read_text("utf-8")
    return re.findall(r"^checkPublicSuffix\('([^']+)', (?:'([^']+)'|null)\);", text, re.MULTILINE)


def test_vectors_of_the_public_suffix_list_hold():
    """What they say is registrable can be claimed, and what they say is a suffix can't."""
    settings = Settings()
    checked = 0
    for typed, registrable in _suffix_vectors():
        if typed.startswith(".") or typed.rpartition(".")[2].lower() == "example" or "." not in typed:
            continue
        try:
            found = claimable_domain(typed, settings)
        except DomainRefusedError:
            assert not registrable or "example." in typed, typed
        else:
            assert registrable, typed
            assert f".{found}".endswith(f".{idna.encode(registrable, uts46=True).decode()}"), typed
        checked += 1
    assert checked == 60


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        *(
            (name, "Anybody may have an address")
            for name in ("gmail.com", "GMX.de", "hey.com", "tuta.com", "x.gmail.com")
        ),
        *((name, "addresses to throw away") for name in ("mailinator.com", "a.mailinator.com")),
        *((name, "Nobody can register") for name in ("harbour.example", "a.test", "printer.local", "x.internal")),
        *((name, "Nobody can register") for name in ("example.com", "mail.example.org", "1.168.192.in-addr.arpa")),
        *((name, "own network") for name in ("corp.harbour-logistics.com", "a.corp.harbour-logistics.com")),
        *((name, "a suffix") for name in ("co.uk", "github.io", "kobe.jp", "harbour.unknowntld", "s3.amazonaws.com")),
        *((name, "look alike") for name in ("pаypal.com", "gооgle.com", "αpple.com", "microsоft.co.uk")),
    ],
)
def test_domain_that_is_no_organisations_is_refused(typed, why):
    with pytest.raises(DomainRefusedError, match=why):
        claimable_domain(typed, SERVING)


@pytest.mark.parametrize(
    "typed",
    [
        *("harbour-logistics.com", "yard.harbour-logistics.com", "harbour.co.uk", "harbour.github.io", "büro-9.de"),
        *("ヤフーjapan会社.jp", "한국abc.kr", "нефть.рф", "straße.de", "ελλάδα.gr", "mygmail.com", "a-1.org"),
    ],
)
def test_domain_of_one_organisation_can_be_claimed(typed):
    assert claimable_domain(typed, SERVING) == canonical_domain(typed)


def test_names_of_documentation_can_be_claimed_in_development_alone():
    assert claimable_domain("harbour.example", DEVELOPING) == "harbour.example"
    for name in ("example.com", "a.local", "x.invalid"):
        with pytest.raises(DomainRefusedError):
            claimable_domain(name, DEVELOPING)


def test_names_below_shared_hosts_are_told_from_registries():
    assert is_below_shared_host("harbour.github.io")
    assert is_below_shared_host("a.harbour.github.io")
    assert not is_below_shared_host("harbour.co.uk")
    assert not is_below_shared_host("github.com")


def test_names_above_begin_with_the_shortest():
    assert names_above("a.b.example.co.uk") == ["co.uk", "example.co.uk", "b.example.co.uk"]
    assert names_above("example.org") == []


async def test_database_takes_no_other_form(owner, harbour):
    """What Python folds, PostgreSQL might fold otherwise: the column takes the one form that was made here."""
    await harbour.claim("bücher.de")
    for name in (
        "Bücher.de",
        "bücher.de",
        "XN--BCHER-KVA.DE",
        "example.org.",
        "example",
        "a..b",
        "a_b.com",
        "a.b ",
        "",
    ):
        for table in ("domain_claim", "domain"):
            with pytest.raises(Exception, match=f"{table}_name_check"):
                await owner.execute(
                    "update domain_claim set name = $1"
                    if table == "domain_claim"
                    else "insert into domain (id, created_at, name) values (gen_random_uuid(), now(), $1)",
                    name,
                )
