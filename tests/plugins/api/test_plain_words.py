from __future__ import annotations

import pytest

from tests.fakes.vendor_plugin import MANIFEST, PLAN
from wardship.plugins.address_book import MANIFEST as ADDRESS_BOOK
from wardship.plugins.api import (
    Audience,
    ContactKind,
    Direction,
    EraseSupport,
    ExportSupport,
    IdentifierType,
    LegalBasis,
    Provides,
    RevocationMethod,
    Safeguard,
    plain_words,
)
from wardship.plugins.api.outcome import AttestationLevel
from wardship.plugins.dav.declaration import plan_for

TEXT = """\
Fake vendor: data goes to Fake Vendor GmbH (Germany).

What it receives
- First name and last name of members, in order to offer a feature that was asked for, because of a legitimate \
interest, to which the person may object. We send it; deleted when the grant ends; passed on to nobody.
- E-mail address and telephone number of members, in order to send messages about the service, because the contract \
with the person needs it. We send it; kept for 30 days after the grant ends; passed on to Mail Carrier Ltd.

How it recognises a person
- By the e-mail address, scrambled so that only who knows it already can recognise it.

What it sends here
- Nothing.

Where it is stored
- In Germany and Ireland; no further safeguard is needed there.

What a person can get
- A copy of what the vendor holds on a person can be had at once.
- A person's data is deleted on request.

How it is taken back
- When it is uninstalled or a grant is withdrawn: automatically, within 24 hours. Ends: the token and every record. \
Proof: we look it up afterwards and expect to find nothing.
- When a person's data is erased: automatically, within 24 hours. Ends: the person's record. Proof: we look it up \
afterwards and expect to find nothing.

Whom to ask
- Privacy questions: privacy@vendor.example.
- Privacy policy: https://vendor.example/privacy"""


def test_a_declaration_reads_as_sentences():
    assert plain_words(MANIFEST, PLAN).text == TEXT


def test_what_only_a_person_can_do_is_said_before_installation():
    text = plain_words(ADDRESS_BOOK, plan_for("address book")).text
    assert "by hand, within 168 hours. Ends: the app password that Wardship used" in text
    assert "What to do: Delete the app password, or the account, that you made for Wardship on the server." in text
    assert "In the country that you state at installation" in text


def test_specially_protected_data_is_said_to_be_so():
    entry = MANIFEST.receives[0].model_copy(
        update={"category": "user.demographic", "fields": ("language",), "legal_basis": LegalBasis.CONSENT}
    )
    text = plain_words(MANIFEST.model_copy(update={"receives": (entry,)})).text
    assert "Language of members (specially protected data)" in text
    assert "only with the person's consent" in text


def test_what_comes_in_and_whom_it_concerns_is_said():
    comes_in = Provides(category="user.behavior", fields=("visits",), purpose="analytics")
    parts = {"provides": (comes_in,), "contacts": (ContactKind.BILLING,), "identifiers": (), "receives": ()}
    text = plain_words(MANIFEST.model_copy(update=parts)).text
    assert "What it receives\n- Nothing." in text
    assert "What it sends here\n- Usage, in order to measure usage." in text
    assert "Contacts it needs\n- The organisation's billing contact." in text
    assert "How it recognises a person\n- By a random number that means nothing elsewhere." in text


@pytest.mark.parametrize(
    ("where", "name", "kinds"),
    [
        ("receives", "legal_basis", LegalBasis),
        ("receives", "direction", Direction),
        ("receives", "audience", Audience),
        ("transfer", "safeguard", Safeguard),
        ("supports", "export", ExportSupport),
        ("supports", "erase", EraseSupport),
        ("identifiers", "type", IdentifierType),
        ("steps", "method", RevocationMethod),
        ("steps", "proof", AttestationLevel),
    ],
)
def test_every_declarable_value_has_words_of_its_own(where, name, kinds):
    texts = set()
    for kind in kinds:
        owner = PLAN if where == "steps" else MANIFEST
        part = getattr(owner, where)
        changed = (
            (part[0].model_copy(update={name: kind}), *part[1:])
            if isinstance(part, tuple)
            else part.model_copy(update={name: kind})
        )
        copy = owner.model_copy(update={where: changed})
        texts.add(plain_words(MANIFEST, copy).text if where == "steps" else plain_words(copy, PLAN).text)
    assert len(texts) == len(kinds)
