"""Whether an answer names whom a call is about, in whatever way it is written."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import quote

import pytest

from wardship.plugins.api import (
    Claim,
    IdentifierValue,
    Inquiry,
    Record,
    Restriction,
    Revocation,
    Share,
    SubjectRef,
)
from wardship.plugins.host.naming import Naming

EMAIL = "Ada+List@Example.org"
ADA = SubjectRef(
    id="c0ffee00-0000-4000-8000-00000000ada1",
    identifiers=(IdentifierValue(type="email", value=EMAIL), IdentifierValue(type="username", value="Zoë Ångström")),
    known_as="card-77%20b.vcf",
)
BOB = SubjectRef(id="c0ffee00-0000-4000-8000-00000000b0b1", known_as="55")
HOUSE = "0199a1b2-installation"
ERASURE = Naming.of(Claim(claimed="erased", subjects=(ADA,)), HOUSE)


def hashed(name: str) -> str:
    return hashlib.new(name, EMAIL.strip().lower().encode(), usedforsecurity=False).hexdigest()


@pytest.mark.parametrize(
    "body",
    [
        f'{{"id": "{ADA.id}"}}',
        ADA.id.upper(),
        f"<d:href>/book/wardship-{HOUSE}-{ADA.id}.vcf</d:href>",
        f"UID:wardship-{HOUSE}-{ADA.id[:9]}\r\n {ADA.id[9:]}\r\n",
        f"UID:wardship-{HOUSE}-{ADA.id[:9]}&#13;\n {ADA.id[9:]}&#13;\n",
        "EMAIL:ada+list@example.org",
        quote(f"mailto:{EMAIL}", safe=""),
        "ada+list&#64;example.org",
        '{"email": "ada\\u002blist@example.org"}',
        json.dumps({"user": "ZOË ÅNGSTRÖM"}),
        '{"user": "Zo\\u00eb \\u00c5ngstr\\u00f6m"}',
        '["card-77 b.vcf"]',
        "/book/card-77%20b.vcf",
        *map(hashed, ("md5", "sha1", "sha256")),
        hashed("sha256").upper(),
    ],
)
def test_whom_an_erasure_is_about_is_known_in_every_way_of_writing(body):
    assert ERASURE.in_answer(body.encode(), None)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        BOB.id,
        f"{ADA.id}9",
        "x.ada+list@example.org",
        "not-ada+list@example.org",
        "ada+list@example.organisation",
        "card-778%20b.vcf",
        HOUSE,
    ],
)
def test_another_is_not_taken_for_them(body):
    assert not ERASURE.in_answer(body.encode(), None)


def test_an_answer_that_repeats_what_was_asked_has_found_nothing():
    asked = f"email={quote(EMAIL, safe='')}"
    answer = f'{{"self": "https://vendor.example/people?{asked}", "found": []}}'.encode()
    assert not ERASURE.in_answer(answer, None, asked)
    assert ERASURE.in_answer(answer.replace(b"[]", b'["ada+list@example.org"]'), None, asked)


def test_an_address_names_by_its_path_and_not_by_a_search():
    assert ERASURE.in_address(f"https://vendor.example/people/{ADA.id}")
    assert ERASURE.in_address(f"https://vendor.example/people/{quote(EMAIL, safe='')}")
    assert not ERASURE.in_address(f"https://vendor.example/people?id={ADA.id}")


def test_a_short_name_counts_as_a_whole_part_of_an_address_only():
    naming = Naming.of(BOB, HOUSE)
    assert naming.in_address("https://vendor.example/contacts/55")
    assert naming.in_answer(b"", "https://vendor.example/contacts/55")
    assert not naming.in_address("https://vendor.example/contacts/555")
    assert not naming.in_answer(b'{"count": 55}', None)


def test_a_revocation_does_not_look_for_what_others_know_of_the_person():
    naming = Naming.of(Revocation(everything=False, subjects=(ADA,)), HOUSE)
    assert naming.in_answer(ADA.id.encode(), None)
    assert not naming.in_answer(EMAIL.encode(), None)


@pytest.mark.parametrize(
    "argument",
    [
        Revocation(everything=True, subjects=(ADA,)),
        Claim(claimed="revoked", subjects=(ADA,), everything=True),
        Claim(claimed="revoked"),
    ],
)
def test_what_is_about_everything_is_known_by_the_installation(argument):
    naming = Naming.of(argument, HOUSE)
    assert naming.in_answer(f"wardship-{HOUSE}-somebody.vcf".encode(), None)
    assert not naming.in_answer(f"wardship-{HOUSE}0-somebody.vcf".encode(), None)
    assert not naming.in_answer(EMAIL.encode(), None)


def test_thousand_people_are_found_in_one_walk():
    people = tuple(SubjectRef(id=f"{number:08x}-0000-4000-8000-000000000000") for number in range(1000))
    naming = Naming.of(Inquiry(subjects=people), HOUSE)
    noise = b" ".join(b"%08x" % (number * 7919) for number in range(20_000))
    assert not naming.in_answer(noise, None)
    assert naming.in_answer(noise + b" " + people[-1].id.encode(), None)


def test_who_is_made_anonymous_is_known_by_identifiers_only():
    naming = Naming.of(Claim(claimed="erased", subjects=(ADA,)), HOUSE, is_anonymised=True)
    assert not naming.in_answer(ADA.id.encode(), None)
    assert naming.in_answer(EMAIL.encode(), None)


@pytest.mark.parametrize(
    "argument",
    [
        Share(records=(Record(subject=ADA, fields=()),)),
        Record(subject=ADA, fields=()),
        Restriction(subject=ADA, active=True),
    ],
)
def test_who_is_brought_to_a_vendor_is_known_by_id_and_name(argument):
    naming = Naming.of(argument, HOUSE)
    assert naming.in_answer(f'{{"id": "{ADA.id}"}}'.encode(), None)
    assert naming.in_answer(b"/book/card-77%20b.vcf", None)
    assert not naming.in_answer(BOB.id.encode(), None)


def test_nobody_is_named_where_the_call_is_about_nobody():
    assert not Naming.of(None, HOUSE).in_answer(HOUSE.encode(), f"/{HOUSE}")
