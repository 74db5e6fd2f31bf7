from __future__ import annotations

import pytest

from tests.fakes.vendor_plugin import MANIFEST, PLAN
from tests.plugins.api.declarations import FULL_MANIFEST, FULL_PLAN, changed
from wardship.plugins.api import (
    ContactKind,
    Identifier,
    Manifest,
    Provides,
    Receives,
    Recipient,
    RevocationPlan,
    RevocationStep,
)
from wardship.plugins.host.declaration_diff import all_differences, compare_declarations
from wardship.plugins.host.differences import Difference, DifferenceKind, Effect

NAME, CONTACT = MANIFEST.receives
JOB = Receives(
    category="user.job_title",
    fields=("job_title",),
    purpose="functional.service",
    legal_basis="consent",
    retention_days=0,
)


def manifest(**parts: object):
    return MANIFEST.model_copy(update=parts)


def entry(**parts: object):
    return manifest(receives=(NAME.model_copy(update=parts), CONTACT))


def supports(**parts: object):
    return manifest(supports=MANIFEST.supports.model_copy(update=parts))


def parts(difference: Difference) -> tuple[DifferenceKind, str, str, str]:
    """Return a difference as people read it."""
    return difference.kind, difference.what, difference.was, difference.is_now


@pytest.mark.parametrize(
    ("new", "difference"),
    [
        (
            manifest(receives=(NAME, CONTACT, JOB)),
            (DifferenceKind.FIELDS, "Job title", "", "job title, in order to offer a feature that was asked for"),
        ),
        (
            manifest(hosts=("api.vendor.example",)),
            (
                DifferenceKind.HOSTS,
                "Which servers it reaches",
                "the server that you name in the setting server_url",
                "server api.vendor.example and the server that you name in the setting server_url",
            ),
        ),
        (
            entry(purpose="marketing"),
            (
                DifferenceKind.PURPOSE,
                "Use of first name and last name",
                "in order to offer a feature that was asked for",
                "in order to market",
            ),
        ),
        (
            entry(retention_days=10),
            (
                DifferenceKind.RETENTION,
                "Keeping of first name and last name",
                "deleted when the grant ends",
                "kept for 10 days after the grant ends",
            ),
        ),
        (
            entry(legal_basis="contract"),
            (
                DifferenceKind.LEGAL_BASIS,
                "Legal basis for first name and last name",
                "because of a legitimate interest, to which the person may object",
                "because the contract with the person needs it",
            ),
        ),
        (
            entry(audience="contacts"),
            (
                DifferenceKind.AUDIENCE,
                "Whose first name and last name it receives",
                "members",
                "named contacts only",
            ),
        ),
        (
            entry(onward_recipients=("Broker Inc",)),
            (
                DifferenceKind.RECIPIENTS,
                "Passing on of first name and last name",
                "passed on to nobody",
                "passed on to Broker Inc",
            ),
        ),
        (
            manifest(contacts=(ContactKind.BILLING,)),
            (DifferenceKind.CONTACTS, "Which contacts it needs", "", "the organisation's billing contact"),
        ),
        (
            manifest(identifiers=(Identifier(type="email", format="raw"),)),
            (
                DifferenceKind.IDENTIFIERS,
                "How it recognises a person",
                "by the e-mail address, scrambled so that only who knows it already can recognise it",
                "by the e-mail address",
            ),
        ),
        (
            manifest(provides=(Provides(category="user.behavior", fields=("visits",), purpose="analytics"),)),
            (DifferenceKind.PROVIDES, "What it sends here", "", "visits (usage), in order to measure usage"),
        ),
        (
            manifest(transfer=MANIFEST.transfer.model_copy(update={"countries": ("DE", "US")})),
            (
                DifferenceKind.COUNTRIES,
                "Where it is stored",
                "Germany and Ireland",
                "Germany and United States",
            ),
        ),
        (
            manifest(vendor=MANIFEST.vendor.model_copy(update={"legal_name": "Buyer Inc", "country": "US"})),
            (
                DifferenceKind.VENDOR,
                "Who receives it",
                "Fake Vendor GmbH (Germany)",
                "Buyer Inc (United States)",
            ),
        ),
        (
            supports(revoke="manual"),
            (
                DifferenceKind.REVOCATION,
                "How its access ends",
                "Its access is ended through the vendor's own interface.",
                "Its access is ended by a person.",
            ),
        ),
        (
            supports(erase="anonymise"),
            (
                DifferenceKind.REVOCATION,
                "Erasure of a person's data",
                "A person's data is deleted on request.",
                "A person's data is made anonymous on request.",
            ),
        ),
        (
            supports(attest="receipt"),
            (
                DifferenceKind.REVOCATION,
                "Whether it can be verified",
                "Whether it is gone can be looked up at the vendor.",
                "The vendor gives a receipt that it is gone.",
            ),
        ),
        (
            supports(export="none"),
            (
                DifferenceKind.REVOCATION,
                "A copy of what it holds",
                "A copy of what the vendor holds on a person can be had at once.",
                "The vendor gives no copy of what it holds on a person.",
            ),
        ),
        (
            supports(restrict=False),
            (
                DifferenceKind.REVOCATION,
                "Letting data rest",
                "The vendor is told to let a person's data rest.",
                "The vendor can't be told by itself to let a person's data rest.",
            ),
        ),
        (
            manifest(deadlines=MANIFEST.deadlines.model_copy(update={"revoke_h": 48})),
            (
                DifferenceKind.REVOCATION,
                "How soon its access has ended",
                "Its access has ended within 24 hours.",
                "Its access has ended within 48 hours.",
            ),
        ),
    ],
)
def test_what_takes_more_waits_for_approval_and_back_again_takes_less(new, difference):
    assert [parts(each) for each in compare_declarations(MANIFEST, new)] == [difference]
    kind, what, before, after = difference
    back = [each for each in all_differences(new, MANIFEST) if parts(each) == (kind, what, after, before)]
    assert len(back) == 1
    unordered = {DifferenceKind.PURPOSE, DifferenceKind.LEGAL_BASIS, DifferenceKind.AUDIENCE, DifferenceKind.VENDOR}
    is_wide_both_ways = kind in unordered or what in {"Where it is stored", "How it recognises a person"}
    assert back[0].effect is (Effect.WIDER if is_wide_both_ways else Effect.NARROWER)


@pytest.mark.parametrize(
    "narrower",
    [
        MANIFEST,
        manifest(version="2.0"),
        manifest(receives=(NAME,)),
        entry(fields=("first_name",)),
        manifest(transfer=MANIFEST.transfer.model_copy(update={"countries": ("DE",)})),
        manifest(deadlines=MANIFEST.deadlines.model_copy(update={"erase_d": 3})),
        manifest(identifiers=()),
        supports(revoke="rfc7009"),
    ],
)
def test_what_takes_no_more_applies_at_once(narrower):
    assert compare_declarations(MANIFEST, narrower) == ()


def test_the_way_back_from_rfc7009_to_an_interface_of_its_own_is_no_weaker():
    assert compare_declarations(supports(revoke="rfc7009"), MANIFEST) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"method": "manual", "instructions": "Write to them."},
        {"proof": "self_reported"},
        {"deadline_h": 25},
    ],
)
def test_a_weaker_plan_waits_for_approval(change):
    weaker = RevocationPlan(steps=(RevocationStep.model_validate(PLAN.steps[0].model_dump() | change), PLAN.steps[1]))
    found = compare_declarations(MANIFEST, MANIFEST, old_plan=PLAN, new_plan=weaker)
    assert [each.what for each in found] == ["When it is uninstalled or a grant is withdrawn"]
    assert compare_declarations(MANIFEST, MANIFEST, old_plan=weaker, new_plan=PLAN) == ()


def test_a_plan_that_drops_a_verb_waits_for_approval():
    more = RevocationPlan(
        steps=(*PLAN.steps, RevocationStep.model_validate(PLAN.steps[0].model_dump() | {"verb": "restrict"}))
    )
    found = compare_declarations(MANIFEST, MANIFEST, old_plan=more, new_plan=PLAN)
    assert [each.what for each in found] == ["When a person's data is to rest"]


def test_a_setting_that_no_longer_says_where_data_is_waits_for_approval():
    placed = manifest(place_settings=("account", "mailing_list"))
    (found,) = compare_declarations(placed, manifest(place_settings=("account",)))
    assert parts(found) == (
        DifferenceKind.REVOCATION,
        "Which settings name another place",
        "setting account and setting mailing_list",
        "setting account",
    )
    assert compare_declarations(manifest(place_settings=("account",)), placed) == ()


def test_a_declaration_from_before_places_is_read_and_equal():
    kept = MANIFEST.model_dump(mode="json", exclude={"place_settings"})
    assert compare_declarations(Manifest.model_validate(kept), MANIFEST) == ()


def twice(*purposes: str) -> Manifest:
    """Return the declaration of contract 2 with the name for each of these purposes."""
    receives = tuple(NAME.model_copy(update={"purpose": purpose}) for purpose in purposes)
    return manifest(contract=2, receives=receives)


def test_one_more_purpose_of_a_field_takes_more_and_one_less_does_not():
    one, two = twice("functional.service"), twice("functional.service", "sales")
    feature, both = (
        "in order to offer a feature that was asked for",
        "offer a feature that was asked for and in order to sell",
    )
    use = "Use of first name and last name"
    assert [parts(each) for each in compare_declarations(one, two)] == [
        (DifferenceKind.PURPOSE, use, feature, f"in order to {both}")
    ]
    assert compare_declarations(two, one) == ()
    assert [(each.effect, *parts(each)) for each in all_differences(two, one)] == [
        (Effect.NARROWER, DifferenceKind.PURPOSE, use, f"in order to {both}", feature)
    ]


def test_terms_are_compared_for_each_purpose_and_said_of_which():
    old = twice("functional.service", "sales")
    longer = old.receives[1].model_copy(update={"retention_days": 9})
    new = old.model_copy(update={"receives": (old.receives[0], longer)})
    assert [parts(each) for each in compare_declarations(old, new)] == [
        (
            DifferenceKind.RETENTION,
            "Keeping of first name (to sell) and last name (to sell)",
            "deleted when the grant ends",
            "kept for 9 days after the grant ends",
        )
    ]


def test_two_more_purposes_of_many_fields_are_told_once():
    found = compare_declarations(twice("functional.service"), twice("functional.service", "sales", "marketing"))
    assert [each.kind for each in found] == [DifferenceKind.PURPOSE]


def to(*recipients: Recipient | str) -> Manifest:
    return manifest(receives=(NAME.model_copy(update={"fields": ("first_name",), "onward_recipients": recipients}),))


BROKER = Recipient(name="Broker Inc", country="DE", safeguard="adequacy")


GERMAN = "Broker Inc (Germany; protected by an adequacy decision)"


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        ((), (BROKER,), ("nobody", GERMAN)),
        (
            (BROKER,),
            (BROKER.model_copy(update={"country": "US"}),),
            (GERMAN, "Broker Inc (United States; protected by an adequacy decision)"),
        ),
        (
            (BROKER,),
            (BROKER.model_copy(update={"safeguard": "standard_clauses"}),),
            (GERMAN, "Broker Inc (Germany; protected by standard contractual clauses)"),
        ),
        (("Broker Inc",), (BROKER,), ("Broker Inc", GERMAN)),
    ],
)
def test_a_recipient_that_is_new_or_elsewhere_or_protected_by_less_takes_more(before, after, difference):
    found = compare_declarations(to(*before), to(*after))
    assert [parts(each) for each in found] == [
        (DifferenceKind.RECIPIENTS, "Passing on of first name", *(f"passed on to {words}" for words in difference))
    ]


def test_a_better_safeguard_or_one_recipient_less_takes_no_more():
    clauses = BROKER.model_copy(update={"safeguard": "standard_clauses"})
    assert compare_declarations(to(clauses), to(BROKER)) == ()
    assert compare_declarations(to(BROKER), to()) == ()


OTHERS = [
    *((where, all_differences(FULL_MANIFEST, copy)) for where, copy in changed(FULL_MANIFEST)),
    *(
        (where, all_differences(FULL_MANIFEST, FULL_MANIFEST, old_plan=FULL_PLAN, new_plan=copy))
        for where, copy in changed(FULL_PLAN)
    ),
]


@pytest.mark.parametrize(("where", "found"), OTHERS)
def test_every_field_that_is_another_is_told_with_a_sentence_and_a_row(where, found):
    assert found, f"{where} can be another, and no difference tells it"
    for difference in found:
        assert difference.was != difference.is_now
        assert difference.what in difference.sentence
        assert all(words in difference.sentence for words in (difference.was, difference.is_now))


def test_nothing_is_different_between_a_declaration_and_itself_in_another_order():
    several = {"hosts": ("a.example", "b.example"), "contacts": (ContactKind.BILLING, ContactKind.TECHNICAL)}
    straight = FULL_MANIFEST.model_copy(update=several)
    turned = straight.model_copy(
        update={name: getattr(straight, name)[::-1] for name in ("receives", "identifiers", *several)}
    )
    assert all_differences(straight, turned, old_plan=FULL_PLAN, new_plan=FULL_PLAN) == ()


def test_a_sentence_says_whether_more_is_taken_what_was_and_what_is():
    (found,) = compare_declarations(MANIFEST, manifest(receives=(NAME, CONTACT, JOB)))
    assert found.sentence == (
        "Job title: “job title, in order to offer a feature that was asked for” is new. This takes more, or gives less."
    )
    (found,) = all_differences(MANIFEST, manifest(version="2.0"))
    assert (found.effect, found.sentence) == (Effect.OTHER, "Version: “1.0” has become “2.0”.")
    (found,) = all_differences(MANIFEST, manifest(identifiers=()))
    assert found.sentence.startswith("How it recognises a person: “by the e-mail address, ")
    assert found.sentence.endswith("” falls away. This takes less, or gives more.")
