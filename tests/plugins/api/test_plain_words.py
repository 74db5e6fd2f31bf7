from __future__ import annotations

import json

import pytest

from tests.fakes.vendor_plugin import MANIFEST, PLAN
from tests.plugins.api.declarations import FULL_MANIFEST, FULL_PLAN, all_fields, changed
from tests.plugins.api.unread_fields import UNREAD
from wardship.plugins.address_book import MANIFEST as ADDRESS_BOOK
from wardship.plugins.api import (
    Audience,
    ContactKind,
    Direction,
    EraseSupport,
    ExportSupport,
    IdentifierType,
    LegalBasis,
    Manifest,
    Provides,
    RevocationMethod,
    RevocationPlan,
    Safeguard,
    plain_words,
)
from wardship.plugins.api.outcome import AttestationLevel
from wardship.plugins.api.plain_words import say
from wardship.plugins.dav.declaration import plan_for

TEXT = """\
Fake vendor: data goes to Fake Vendor GmbH (Germany).

What it receives
- First name and last name of members (name and title), in order to offer a feature that was asked for, because of a \
legitimate interest, to which the person may object. We send it; deleted when the grant ends; passed on to nobody.
- E-mail address and telephone number of members (contact details), in order to send messages about the service, \
because the contract with the person needs it. We send it; kept for 30 days after the grant ends; passed on to Mail \
Carrier Ltd (Germany; no further safeguard is needed there).

How it recognises a person
- By the e-mail address, scrambled so that only who knows it already can recognise it.

What it sends here
- Nothing.

Where it is stored
- In Germany and Ireland; no further safeguard is needed there.

Which servers it reaches
- The server that you name in the setting server_url.

What a person can get
- A copy of what the vendor holds on a person can be had at once.
- A person's data is deleted on request.
- A correction is passed on to the vendor.
- The vendor is told to let a person's data rest.
- The vendor is not told by itself of a person's objection to one purpose.

How it is taken back
- Its access is ended through the vendor's own interface.
- Whether it is gone can be looked up at the vendor.
- When it is uninstalled or a grant is withdrawn: automatically, within 24 hours. Ends: the token and every record. \
Proof: we look it up afterwards and expect to find nothing.
- When a person's data is erased: automatically, within 24 hours. Ends: the person's record. Proof: we look it up \
afterwards and expect to find nothing.

How soon
- A call is answered within 5 seconds.
- Its access has ended within 24 hours.
- A copy is there within 20 days.
- A correction is made within 20 days.
- A person's data is erased within 30 days.
- A proof is there within 7 days.
- A comparison of both sides is due every 7 days.

How it works together with this server
- The vendor is not told when it is connected.
- What the vendor holds is compared with what it should hold.
- The vendor does not call here.
- At most 20 records in one delivery.
- At most 6000 requests to the vendor in a minute.

Whom to ask
- Privacy questions: privacy@vendor.example.
- Privacy policy: https://vendor.example/privacy
- Version 1.0."""


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
    assert "Language of members (demographic data, specially protected)" in text
    assert "only with the person's consent" in text


def test_what_comes_in_and_whom_it_concerns_is_said():
    comes_in = Provides(category="user.behavior", fields=("visits",), purpose="analytics")
    parts = {"provides": (comes_in,), "contacts": (ContactKind.BILLING,), "identifiers": (), "receives": ()}
    text = plain_words(MANIFEST.model_copy(update=parts)).text
    assert "What it receives\n- Nothing." in text
    assert "What it sends here\n- Visits (usage), in order to measure usage." in text
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


OTHERS = [(where, plain_words(copy, FULL_PLAN).text) for where, copy in changed(FULL_MANIFEST)] + [
    (where, plain_words(FULL_MANIFEST, copy).text) for where, copy in changed(FULL_PLAN)
]
FIELDS = sorted({*all_fields(Manifest), *all_fields(RevocationPlan)})


@pytest.mark.parametrize("where", [where for where in FIELDS if where not in UNREAD])
def test_every_field_of_a_declaration_has_words(where):
    texts = [text for changed_field, text in OTHERS if changed_field == where]
    assert texts, f"{where} is in no declaration here: give it a value in FULL_MANIFEST or FULL_PLAN"
    assert plain_words(FULL_MANIFEST, FULL_PLAN).text not in texts, f"{where} can be another without a word of it"


def test_every_field_without_words_has_a_reason_and_is_one():
    assert set(UNREAD) <= set(FIELDS)


def test_a_message_for_programs_holds_its_id_and_what_is_put_into_it():
    entry = plain_words(MANIFEST, PLAN).sections[0].sentences[1]
    data = json.loads(entry.as_json)
    assert data["id"] == "receives"
    assert data["values"]["fields"] == [{"field": "email"}, {"field": "phone"}]
    assert data["values"]["category"] == {"category": "user.contact"}
    assert data["values"]["purpose"] == {"purpose": "essential.service.notifications"}
    assert data["values"]["kept"] == {"id": "kept.for", "values": {"days": 30}}
    (recipient,) = data["values"]["onward"]["values"]["recipients"]
    assert (recipient["values"]["name"], recipient["values"]["country"]) == ("Mail Carrier Ltd", {"country": "DE"})


def test_a_count_has_its_singular():
    assert [say("kept.for", days=days).text for days in (1, 2)] == [
        "kept for 1 day after the grant ends",
        "kept for 2 days after the grant ends",
    ]
    assert say("limit.batch", records=1).text == "One record in one delivery."


def test_what_a_vendor_writes_is_put_in_as_it_is_and_never_read_as_a_message():
    name = "{vendor} {days, plural, one {a} other {b}} עברית"
    assert say("headline", name=name, vendor="{name}").text == f"{name}: data goes to {{name}}."


def test_a_message_takes_exactly_its_values():
    with pytest.raises(ValueError, match=r"kept.for has the places \['days'\], not \['weeks'\]"):
        say("kept.for", weeks=3)
