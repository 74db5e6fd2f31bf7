"""The gate's decision against an oracle that was written from the promise, field by field and without its code."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.recorder import manifest
from tests.oracle import expected, is_above
from wardship.core.actor import Role
from wardship.plugins.api import STANDARD_FIELDS, Receives
from wardship.tenants.egress.allowed import (
    Choices,
    Consented,
    Terms,
    allowed_fields,
    fetched_fields,
    is_at_rest,
    resting_fetched_fields,
    resting_fields,
)
from wardship.tenants.members.fields import member_fields

FIELDS = [name for name in STANDARD_FIELDS if name in member_fields()]
CATEGORIES = ["user", "user.contact", "user.contact.email", "user.name", "user.name.first", "user.account", ""]
PURPOSES = [
    "marketing",
    "marketing.communications",
    "marketing.communications.email",
    "essential.service",
    "functional.service",
]
GRANT = UUID(int=1)


@st.composite
def manifests(draw: st.DrawFn):
    """Declare some of the standard fields, each once, under its own category or one above it."""
    names = draw(st.lists(st.sampled_from(FIELDS), unique=True, min_size=1, max_size=6))
    entries = []
    for name in names:
        own = STANDARD_FIELDS[name].category
        above = [key for key in (own, "user.contact", "user.name", "user.account") if is_above(key, own)]
        entries.append(
            Receives(
                category=draw(st.sampled_from(above)),
                fields=(name,),
                purpose=draw(st.sampled_from(PURPOSES)),
                legal_basis=draw(st.sampled_from(["consent", "contract", "legitimate_interest"])),
                direction=draw(st.sampled_from(["push", "pull", "mirror"])),
                audience=draw(st.sampled_from(["members", "members", "contacts", "groups"])),
                retention_days=0,
            )
        )
    contacts = draw(st.lists(st.sampled_from(["billing", "technical", "administrative"]), unique=True))
    return manifest(receives=tuple(entries), contacts=tuple(contacts), identifiers=())


@st.composite
def cases(draw: st.DrawFn):
    declared = draw(manifests())
    pairs = [(entry.category, entry.purpose) for entry in declared.receives]
    granted = draw(st.sets(st.sampled_from([*pairs, ("user.contact", "essential.service")])))
    consents = st.builds(Consented, st.sampled_from(PURPOSES), st.sampled_from([*CATEGORIES[1:]]))
    choices = Choices(
        state=draw(st.sampled_from(["active", "active", "active", "deactivated", "removed", "erased"])),
        is_in_audience=draw(st.sampled_from([True, True, True, False])),
        roles=frozenset(draw(st.sets(st.sampled_from([*Role])))),
        consents=frozenset(draw(st.sets(consents, max_size=4))),
        objections=frozenset(draw(st.sets(st.sampled_from(["", *PURPOSES]), max_size=2))),
        restrictions=frozenset(draw(st.sets(st.sampled_from(CATEGORIES), max_size=2))),
    )
    return declared, granted, choices


@settings(max_examples=500, deadline=None)
@given(cases())
def test_exactly_what_is_declared_granted_and_not_held_back_passes(case):
    declared, granted, choices = case
    terms = Terms(declared, dict.fromkeys(granted, GRANT))

    assert {each.field.name for each in allowed_fields(terms, choices)} == expected(*case)
    assert {each.field.name for each in fetched_fields(terms, choices)} == expected(*case, is_fetched=True)


@settings(max_examples=100, deadline=None)
@given(cases())
def test_a_member_at_rest_lets_nothing_pass(case):
    declared, granted, choices = case

    if is_at_rest(choices) or choices.state != "active":
        terms = Terms(declared, dict.fromkeys(granted, GRANT))
        assert (allowed_fields(terms, choices), fetched_fields(terms, choices)) == ((), ())


@settings(max_examples=100, deadline=None)
@given(cases())
def test_of_a_suspended_member_rests_exactly_what_would_pass_were_he_active(case):
    declared, granted, choices = case
    terms = Terms(declared, dict.fromkeys(granted, GRANT))

    resting = {each.field.name for each in resting_fields(terms, choices)}
    rests = choices.state == "deactivated"
    as_active = replace(choices, state="active")
    assert resting == (expected(declared, granted, as_active) if rests else set())
    fetched = {each.field.name for each in resting_fetched_fields(terms, choices)}
    assert fetched == (expected(declared, granted, as_active, is_fetched=True) if rests else set())


def test_a_special_category_moves_on_consent_that_names_it_only(monkeypatch):
    """No member column is special today, so the registry is made to say that one is."""
    health = Receives(
        category="user.name",
        fields=("title",),
        purpose="functional.service",
        legal_basis="contract",
        retention_days=0,
    )
    monkeypatch.setattr("wardship.tenants.egress.allowed.is_special", lambda category: category == "user.name")
    terms = Terms(manifest(receives=(health,), identifiers=()), {("user.name", "functional.service"): GRANT})

    def passing(*consents: Consented) -> int:
        return len(allowed_fields(terms, Choices("active", is_in_audience=True, consents=frozenset(consents))))

    assert passing() == 0
    assert passing(Consented("functional.service", "")) == 0
    assert passing(Consented("essential.service", "user.name")) == 0
    assert passing(Consented("functional.service", "user.name")) == 1


def test_fields_come_from_the_registry_of_personal_data():
    fields = member_fields()

    assert fields["email"].column == "email"
    assert fields["joined_on"].column == "joined_at"
    assert fields["joined_on"].is_date
    assert "last_seen_at" not in {field.column for field in fields.values()}
    assert "street" not in fields
