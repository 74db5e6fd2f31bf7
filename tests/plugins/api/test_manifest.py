from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.fakes.vendor_plugin import MANIFEST, PLAN
from wardship.plugins.api import Deadlines, Manifest, Receives, RevocationPlan, RevocationStep, Settings, Transfer
from wardship.plugins.api.contract import country_name

RECEIVES = {
    "category": "user.name",
    "fields": ("first_name",),
    "purpose": "functional.service",
    "legal_basis": "contract",
    "retention_days": 0,
}
STEP = {"verb": "erase", "method": "api", "deletes": "the record", "deadline_h": 1, "proof": "probed"}


def test_manifest_reads_itself_back_from_json_without_its_settings_form():
    again = Manifest.model_validate_json(MANIFEST.model_dump_json())
    assert again.settings is Settings
    assert again.model_copy(update={"settings": MANIFEST.settings}) == MANIFEST


def test_plan_reads_itself_back_from_json():
    assert RevocationPlan.model_validate_json(PLAN.model_dump_json()) == PLAN


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"category": "user.shoe_size"}, "'user.shoe_size' is not a data category"),
        ({"purpose": "world.domination"}, "'world.domination' is not a purpose"),
        ({"fields": ("email",)}, "'email' is not a field of user.name; its fields are: title, display_name"),
        ({"fields": ()}, "at least 1 item"),
        ({"retention_days": -1}, "greater than or equal to 0"),
        ({"legal_basis": "because"}, "'consent', 'contract', 'legal_obligation' or 'legitimate_interest'"),
        ({"colour": "red"}, "Extra inputs are not permitted"),
        ({"category": "user.health_and_medical", "fields": ("x",)}, "'x' is not a field of user.health_and_medical"),
    ],
)
def test_a_wrong_claim_is_refused_with_a_clear_message(change, message):
    with pytest.raises(ValidationError, match=message.replace("(", r"\(")):
        Receives.model_validate(RECEIVES | change)


def test_a_special_category_moves_on_consent_only():
    above = RECEIVES | {"category": "user.demographic", "fields": ("language",)}
    with pytest.raises(ValidationError, match="special category, so its legal basis must be consent"):
        Receives.model_validate(above)
    assert Receives.model_validate(above | {"legal_basis": "consent"}).fields == ("language",)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"receives": (RECEIVES, RECEIVES)}, "fields declared more than once: first_name"),
        ({"key": "Bad Key"}, "should match pattern"),
        ({"hosts": ("https://api.vendor.example/",)}, "should match pattern"),
        ({"hosts": ("*.vendor.example",)}, "should match pattern"),
        ({"transfer": {"countries": ("Germany",), "safeguard": "adequacy"}}, "'Germany' is not a country"),
        ({"transfer": {"countries": ("de",), "safeguard": "adequacy"}}, "'de' is not a country"),
        ({"transfer": {"safeguard": "adequacy"}}, "name the countries in which the data is stored"),
        ({"settings": dict}, "subclass of Settings"),
        ({"surprise": 1}, "Extra inputs are not permitted"),
    ],
)
def test_a_wrong_manifest_is_refused_with_a_clear_message(change, message):
    whole = MANIFEST.model_dump() | {"settings": MANIFEST.settings}
    assert Manifest.model_validate(whole) == MANIFEST
    with pytest.raises(ValidationError, match=message):
        Manifest.model_validate(whole | change)


def test_a_declaration_can_not_be_changed_afterwards():
    with pytest.raises(ValidationError, match="frozen"):
        MANIFEST.key = "other"
    with pytest.raises(ValidationError, match="frozen"):
        MANIFEST.receives[0].retention_days = 9


def test_a_field_is_found_by_its_declaration():
    entry = MANIFEST.declaration_of("email")
    assert entry is not None
    assert (entry.category, entry.retention_days) == ("user.contact", 30)
    assert MANIFEST.declaration_of("job_title") is None


def test_a_country_may_be_stated_at_installation():
    assert Transfer(country_setting="server_country", safeguard="none_needed").countries == ()
    assert country_name("DE") == "Germany"
    with pytest.raises(KeyError):
        country_name("XX")


def test_a_plan_covers_revocation_and_erasure():
    with pytest.raises(ValidationError, match="the plan has no step for revoke; say how it is done, if only by hand"):
        RevocationPlan(steps=(RevocationStep.model_validate(STEP),))


def test_a_manual_step_says_what_to_do():
    with pytest.raises(ValidationError, match="the manual step for erase needs instructions"):
        RevocationStep.model_validate(STEP | {"method": "manual"})


def test_a_plan_gives_its_steps_and_instructions_by_verb():
    by_hand = RevocationStep.model_validate(STEP | {"method": "manual", "instructions": "Write to them."})
    plan = RevocationPlan(steps=(*PLAN.steps, by_hand))
    assert plan.manual_steps("erase") == (by_hand,)
    assert plan.manual_steps("revoke") == ()
    assert plan.instructions("erase") == "Write to them."
    assert plan.instructions("revoke") is None


def test_an_erasure_may_take_90_days_and_no_longer():
    assert Deadlines(erase_d=90).erase_d == 90
    with pytest.raises(ValidationError, match="less than or equal to 90"):
        Deadlines(erase_d=91)


def test_a_manifest_that_states_no_contract_is_of_the_first():
    stated = MANIFEST.model_dump(exclude={"contract"}) | {"settings": MANIFEST.settings}
    assert Manifest(**stated).contract == 1
