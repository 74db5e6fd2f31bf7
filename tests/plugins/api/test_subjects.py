from __future__ import annotations

import hashlib

import pytest
from pydantic import ValidationError

from wardship.plugins.api import (
    Identifier,
    IdentifierFormat,
    IdentifierType,
    IdentifierValue,
    KnownAs,
    SubjectRef,
)


def test_a_scrambled_identifier_is_the_hash_of_its_plain_form():
    scrambled = Identifier(type=IdentifierType.EMAIL, format=IdentifierFormat.SHA256).present(" Ada@Example.org ")
    assert scrambled.value == hashlib.sha256(b"ada@example.org").hexdigest()


def test_a_raw_identifier_crosses_as_it_is():
    assert Identifier(type=IdentifierType.EMAIL).present("Ada@Example.org").value == "Ada@Example.org"


def test_a_subject_tells_the_identifiers_that_it_was_given():
    subject = SubjectRef(id="subject-0001", identifiers=(IdentifierValue(type="email", value="ada@example.org"),))
    assert subject.identifier(IdentifierType.EMAIL) == "ada@example.org"
    assert subject.identifier(IdentifierType.PHONE) is None


@pytest.mark.parametrize("wrong", ["short", "../../etc/passwd", "a/b-cdefgh", "with space", "x" * 65, "été-12345"])
def test_a_subject_id_is_safe_in_a_path(wrong):
    with pytest.raises(ValidationError):
        SubjectRef(id=wrong)


@pytest.mark.parametrize("name", ["55", "card%2077.vcf", "people/Ada Łovelace", "x" * 500])
def test_a_vendors_name_for_a_person_is_short_and_printable(name):
    assert SubjectRef(id="subject-0001", known_as=name).known_as == name
    assert KnownAs(subject_id="subject-0001", name=name).name == name


@pytest.mark.parametrize("name", ["", "x" * 501, "a\nb", "a\x00b", "a\x1bb", "a\u202eb", "a\u200bb", "\ud800"])
def test_a_vendors_name_that_is_no_name_is_refused(name):
    with pytest.raises(ValidationError):
        SubjectRef(id="subject-0001", known_as=name)
    with pytest.raises(ValidationError):
        KnownAs(subject_id="subject-0001", name=name)


def test_what_was_written_before_vendors_names_is_read():
    assert SubjectRef.model_validate_json('{"id": "subject-0001"}') == SubjectRef(id="subject-0001")
