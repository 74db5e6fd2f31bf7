"""Whatever can be answered reads itself back: what is stored is what was said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from wardship.plugins.api import (
    Attestation,
    AttestationLevel,
    Claim,
    Export,
    Field,
    InboundCall,
    KnownAs,
    Outcome,
    OutcomeStatus,
    Reason,
    Received,
    Reconciliation,
    Record,
    Retained,
    Standing,
    SubjectRef,
    SubjectState,
    VendorConfirmation,
)
from wardship.plugins.api.taxonomy import CATEGORIES

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)

text = st.text(max_size=60)
ids = st.from_regex(r"\A[A-Za-z0-9-]{8,64}\Z")
names = st.from_regex(r"\A[a-z][a-z0-9_]{0,20}\Z")
categories = st.sampled_from(sorted(CATEGORIES))
moments = st.datetimes(timezones=st.just(UTC))
values = st.one_of(text, st.booleans(), st.integers(), st.lists(text, max_size=3).map(tuple))
fields = st.builds(Field, category=categories, name=names, value=values)
subjects = st.builds(SubjectRef, id=ids, identifiers=st.just(()))
records = st.builds(
    Record, subject=subjects, fields=st.lists(fields, max_size=4, unique_by=lambda f: f.name).map(tuple)
)
outcomes = st.builds(
    Outcome,
    status=st.sampled_from(OutcomeStatus),
    reason=st.sampled_from(Reason),
    detail=text,
    expected_completion_at=st.none() | moments,
    external_ref=st.none() | st.text(min_size=1, max_size=60),
    records_affected=st.integers(min_value=0),
    retained=st.lists(
        st.builds(
            Retained, category=categories, reason=text, legal_basis=text, until=st.none() | moments.map(datetime.date)
        ),
        max_size=2,
    ).map(tuple),
    retry_after_s=st.none() | st.floats(min_value=0, allow_infinity=False),
    fatal=st.booleans(),
)
attestations = st.builds(
    Attestation,
    level=st.sampled_from(AttestationLevel),
    checked_at=moments,
    method=text,
    evidence_sha256=st.none() | st.from_regex(r"\A[0-9a-f]{64}\Z"),
    vendor_confirmation=st.none() | st.builds(VendorConfirmation, code=st.none() | st.just("receipt-1")),
    residual=st.lists(text, max_size=2).map(tuple),
)
brought = st.lists(records.filter(lambda record: r"\x00" not in repr(record)), max_size=2).map(tuple)
standings = st.builds(Standing, subject_id=ids, state=st.sampled_from(SubjectState))
anything = st.one_of(
    outcomes,
    attestations,
    records,
    st.builds(Export, outcome=outcomes, rows=st.lists(fields, max_size=3).map(tuple)),
    st.builds(Reconciliation, standings=st.lists(standings, max_size=3).map(tuple)),
    st.builds(Received, outcome=outcomes, records=brought),
    st.builds(InboundCall, headers=st.just((("a", "b"),)), body=st.binary(max_size=50)),
)


@given(anything)
@settings(max_examples=300, deadline=None)
def test_whatever_is_answered_reads_itself_back(value):
    again = type(value).model_validate_json(value.model_dump_json())
    assert again == value
    assert type(again) is type(value)


@pytest.mark.parametrize("status", ["denied", "failed"])
def test_a_refusal_has_a_reason(status):
    with pytest.raises(ValidationError, match=f"an outcome that is {status} needs a reason"):
        Outcome(status=status)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "banana"},
        {"status": "completed", "records_affected": -1},
        {"status": "completed", "retry_after_s": float("nan")},
        {"status": "completed", "surprise": 1},
        {"status": "completed", "expected_completion_at": "2026-11-21T12:00:00"},
    ],
)
def test_nonsense_is_no_outcome(wrong):
    with pytest.raises(ValidationError):
        Outcome.model_validate(wrong)


def test_a_refused_value_is_not_repeated_in_the_message():
    with pytest.raises(ValidationError) as caught:
        Field(category="user.contact.email", name="Bad Name", value="ada@example.org")
    assert "Bad Name" not in str(caught.value)


def test_a_record_holds_each_field_once():
    field = Field(category="user.name", name="title", value="Dr")
    with pytest.raises(ValidationError, match="a record holds each field once"):
        Record(subject=SubjectRef(id="subject-0001"), fields=(field, field))


def test_a_record_tells_its_fields_as_text():
    subject = SubjectRef(id="subject-0001")
    record = Record(subject=subject, fields=(Field(category="user.name", name="title", value=("Prof.", "Dr.")),))
    assert record.text("title") == "Prof., Dr."
    assert record.text("email") == ""
    assert record.get("email") is None


@pytest.mark.parametrize(
    ("level", "residual", "expected"),
    [
        ("probed", (), True),
        ("receipt", (), True),
        ("probed", ("one entry",), False),
        ("self_reported", (), False),
        ("manual", (), False),
        ("unverifiable", (), False),
    ],
)
def test_only_a_proof_that_found_nothing_is_clean(level, residual, expected):
    assert Attestation(level=level, checked_at=NOON, method="", residual=residual).is_clean is expected


def test_a_probe_keeps_the_digest_of_what_was_seen():
    proof = Attestation.probed(at=NOON, method="looked up", evidence="404")
    assert proof.evidence_sha256 == "6b3c238ebcf1f3c07cf0e556faa82c6b8fe96840ff4b6b7e9962a2d855843a0b"


def test_an_outcome_names_each_person_once():
    known = KnownAs(subject_id="subject-0001", name="55")
    assert Outcome.completed(1, known_as=(known,)).known_as == (known,)
    with pytest.raises(ValidationError, match="names each person once"):
        Outcome.completed(2, known_as=(known, known.model_copy(update={"name": "56"})))


def test_what_was_answered_before_names_and_claims_of_everything_is_read():
    assert Outcome.model_validate_json('{"status": "completed"}') == Outcome.completed()
    assert not Claim.model_validate_json('{"claimed": "revoked"}').everything


def test_a_proof_by_looks_says_how_many_were_found():
    at = datetime(2026, 1, 2, tzinfo=UTC)
    clean = Attestation.looked_up(at=at, method="looked each up", gone=(True, True))
    assert (clean.is_clean, clean.residual) == (True, ())
    left = Attestation.looked_up(at=at, method="looked each up", gone=iter((True, False)))
    assert (left.is_clean, left.residual) == (False, ("1 of 2 still there",))
    assert left.evidence_sha256 != clean.evidence_sha256
