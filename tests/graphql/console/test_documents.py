"""The documents of the console's pages: read from its build, under identifiers that are theirs."""

import json

import pytest

from wardship.graphql.console import read_documents
from wardship.graphql.console.documents import ConsoleDocumentsError
from wardship.graphql.engine import document_id

TEXT = "{ viewer { permissions } }"


def test_console_that_was_not_built_has_none(tmp_path):
    assert read_documents(tmp_path) == {}


def test_documents_are_found_by_their_identifiers(tmp_path):
    (tmp_path / "documents.json").write_text(json.dumps({document_id(TEXT): TEXT}))
    assert read_documents(tmp_path) == {document_id(TEXT): TEXT}


@pytest.mark.parametrize(
    ("manifest", "why"),
    [
        ("{", "truncated"),
        ("[]", "Expected `object`"),
        ('{"sha256:1": 2}', "Expected `str`"),
        (json.dumps({document_id(TEXT): f"{TEXT} "}), "is not the identifier"),
        (json.dumps({document_id(TEXT).removeprefix("sha256:"): TEXT}), "is not the identifier"),
    ],
)
def test_damaged_manifest_says_to_build_again(tmp_path, manifest, why):
    (tmp_path / "documents.json").write_text(manifest)
    with pytest.raises(ConsoleDocumentsError, match=why) as refused:
        read_documents(tmp_path)
    assert "make console" in refused.value.message
