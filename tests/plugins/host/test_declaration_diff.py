from __future__ import annotations

import pytest

from tests.fakes.vendor_plugin import MANIFEST, PLAN
from wardship.plugins.api import ContactKind, Identifier, Manifest, Provides, Receives, RevocationPlan, RevocationStep
from wardship.plugins.host.declaration_diff import Difference, DifferenceKind, compare_declarations

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


@pytest.mark.parametrize(
    ("new", "differences"),
    [
        (
            manifest(receives=(NAME, CONTACT, JOB)),
            [Difference(DifferenceKind.FIELDS, "job_title", "", "user.job_title for functional.service")],
        ),
        (
            manifest(hosts=("api.vendor.example",)),
            [Difference(DifferenceKind.HOSTS, "api.vendor.example", "server_url", "api.vendor.example")],
        ),
        (
            entry(fields=("first_name",), purpose="marketing"),
            [Difference(DifferenceKind.PURPOSE, "first_name", "functional.service", "marketing")],
        ),
        (
            entry(fields=("first_name",), retention_days=10),
            [Difference(DifferenceKind.RETENTION, "first_name", "0 days", "10 days")],
        ),
        (
            entry(fields=("first_name",), legal_basis="contract"),
            [Difference(DifferenceKind.LEGAL_BASIS, "first_name", "legitimate_interest", "contract")],
        ),
        (
            entry(fields=("first_name",), audience="contacts"),
            [Difference(DifferenceKind.AUDIENCE, "first_name", "members", "contacts")],
        ),
        (
            entry(fields=("first_name",), onward_recipients=("Broker Inc",)),
            [Difference(DifferenceKind.RECIPIENTS, "Broker Inc", "", "Broker Inc")],
        ),
        (
            manifest(contacts=(ContactKind.BILLING,)),
            [Difference(DifferenceKind.CONTACTS, "billing", "", "billing")],
        ),
        (
            manifest(identifiers=(Identifier(type="email", format="raw"),)),
            [Difference(DifferenceKind.IDENTIFIERS, "email (raw)", "email (sha256)", "email (raw)")],
        ),
        (
            manifest(provides=(Provides(category="user.behavior", fields=("visits",), purpose="analytics"),)),
            [Difference(DifferenceKind.PROVIDES, "visits for analytics", "", "visits for analytics")],
        ),
        (
            manifest(transfer=MANIFEST.transfer.model_copy(update={"countries": ("DE", "US")})),
            [Difference(DifferenceKind.COUNTRIES, "US", "DE, IE", "US")],
        ),
        (
            manifest(vendor=MANIFEST.vendor.model_copy(update={"legal_name": "Buyer Inc", "country": "US"})),
            [Difference(DifferenceKind.VENDOR, "vendor", "Fake Vendor GmbH (DE)", "Buyer Inc (US)")],
        ),
        (supports(revoke="manual"), [Difference(DifferenceKind.REVOCATION, "revoke", "api", "manual")]),
        (supports(erase="anonymise"), [Difference(DifferenceKind.REVOCATION, "erase", "delete", "anonymise")]),
        (supports(attest="receipt"), [Difference(DifferenceKind.REVOCATION, "attest", "probe", "receipt")]),
        (supports(export="none"), [Difference(DifferenceKind.REVOCATION, "export", "sync", "none")]),
        (
            supports(correct=False),
            [Difference(DifferenceKind.REVOCATION, "correct", "supported", "not supported")],
        ),
        (
            manifest(deadlines=MANIFEST.deadlines.model_copy(update={"revoke_h": 48})),
            [Difference(DifferenceKind.REVOCATION, "deadline revoke_h", "24", "48")],
        ),
    ],
)
def test_what_takes_more_waits_for_approval(new, differences):
    found = compare_declarations(MANIFEST, new)
    assert list(found) == differences


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
    assert [each.what for each in found] == ["plan for revoke"]
    assert compare_declarations(MANIFEST, MANIFEST, old_plan=weaker, new_plan=PLAN) == ()


def test_a_plan_that_drops_a_verb_waits_for_approval():
    more = RevocationPlan(
        steps=(*PLAN.steps, RevocationStep.model_validate(PLAN.steps[0].model_dump() | {"verb": "restrict"}))
    )
    found = compare_declarations(MANIFEST, MANIFEST, old_plan=more, new_plan=PLAN)
    assert [each.what for each in found] == ["plan for restrict"]


def test_a_setting_that_no_longer_says_where_data_is_waits_for_approval():
    placed = manifest(place_settings=("account", "mailing_list"))
    (found,) = compare_declarations(placed, manifest(place_settings=("account",)))
    assert (found.kind, found.what) == (DifferenceKind.REVOCATION, "place mailing_list")
    assert compare_declarations(manifest(place_settings=("account",)), placed) == ()


def test_a_declaration_from_before_places_is_read_and_equal():
    kept = MANIFEST.model_dump(mode="json", exclude={"place_settings"})
    assert compare_declarations(Manifest.model_validate(kept), MANIFEST) == ()
