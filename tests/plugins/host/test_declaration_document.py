"""A declaration as a document: read back as it was written, and refused with each fault and its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fakes.vendor_plugin import MANIFEST, PLAN
from wardship.plugins.host.declaration_document import MOST_CHARACTERS, document_of, read_document

TAXONOMY = "wardship.plugins.api.taxonomy.CATEGORIES"


def written(**manifest: Any) -> dict[str, Any]:
    document = document_of(MANIFEST, PLAN)
    document["manifest"] |= manifest
    return document


def faults(document: object) -> list[str]:
    text = document if isinstance(document, str) else json.dumps(document)
    read = read_document(text)
    return [fault.text for fault in read.faults]


def test_what_was_written_is_read_back():
    read = read_document(json.dumps(written()))
    assert (read.faults, read.warnings) == ((), ())
    assert read.manifest is not None
    assert read.manifest.model_dump(mode="json") == MANIFEST.model_dump(mode="json")
    assert read.plan == PLAN


def test_the_document_of_a_remote_integration_is_read_too():
    assert faults({**written(), "wardship": 1, "endpoint": "https://vendor.example/", "settings_schema": {}}) == []


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ("", "line 1, column 1: this is not JSON"),
        ('{"manifest": ', "line 1, column 14: this is not JSON"),
        ("[" * 100_000, "this is not JSON"),
        ("9" * 10_000, "this is not JSON"),
        ("[]", "the document is a JSON object with manifest and revocation_plan"),
        (" " * (MOST_CHARACTERS + 1), f"the document has more than {MOST_CHARACTERS} characters"),
        ({"manifest": written()["manifest"]}, "revocation_plan: this part is missing"),
        (written(vendor=None), "manifest.vendor: Input should be a valid dictionary or instance of Vendor"),
        (written(surprise=1), "manifest.surprise: Extra inputs are not permitted"),
        (written(contract=9), "contract version 9 is not supported; this host serves 1, 2"),
        (
            written(receives=[{**written()["manifest"]["receives"][0], "category": "user.nose"}]),
            f"manifest.receives.0.category: 'user.nose' is not a data category; see {TAXONOMY}",
        ),
        (written(name="Nice\u202e name"), "name: This holds U+202E, a sign that nobody sees: type it again without."),
    ],
)
def test_each_fault_is_told_with_its_place(document, fault):
    assert fault in faults(document)


def test_what_a_step_ends_is_read_by_people_too():
    document = written()
    document["revocation_plan"]["steps"][0]["deletes"] = "all\x1b[2J of it"
    (fault,) = faults(document)
    assert fault.startswith("the plan's step for revoke: ")


def test_what_does_not_hold_is_a_warning_under_contract_1_and_a_fault_from_2_on():
    unheld = {"contacts": ["billing"]}
    read = read_document(json.dumps(written(**unheld)))
    assert [gap.where for gap in read.warnings] == ["contacts"]
    assert read.faults == ()
    read = read_document(json.dumps(written(contract=2, **unheld)))
    assert "contacts" in [gap.where for gap in read.faults]
    assert read.manifest is not None


def test_values_that_are_refused_are_not_repeated():
    text = json.dumps(written(vendor={"legal_name": "x", "privacy_contact": {"secret": "s3cr3t"}}))
    assert all("s3cr3t" not in fault.text for fault in read_document(text).faults)
