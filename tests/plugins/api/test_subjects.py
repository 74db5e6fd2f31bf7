from __future__ import annotations

import hashlib

import pytest
from pydantic import ValidationError

from wardship.plugins.api import Identifier, IdentifierFormat, IdentifierType, IdentifierValue, SubjectRef


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
