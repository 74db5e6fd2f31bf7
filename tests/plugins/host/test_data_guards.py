from __future__ import annotations

import pytest
import structlog

from tests.fakes.vendor_plugin import record
from wardship.plugins.api import IdentifierValue, Share, SubjectRef
from wardship.plugins.host.data_guards import PluginLog, Redaction


@pytest.fixture
def redaction() -> Redaction:
    subject = SubjectRef(id="subject-0002", identifiers=(IdentifierValue(type="email", value="eve@example.org"),))
    share = Share(records=(record(first_name="Ada", last_name="Li", email="ada@example.org"),))
    own = share.records[0].model_copy(update={"subject": subject})
    return Redaction.of(Share(records=(own,)), ["s3cret"])


def test_values_identifiers_and_secrets_are_cut(redaction):
    said = "ADA@example.org (Ada) and eve@example.org with s3cret: subject-0002"
    assert redaction.cut(said) == "[cut] ([cut]) and [cut] with [cut]: subject-0002"


def test_very_short_values_stay_because_words_hold_them(redaction):
    assert redaction.cut("reliable Li") == "reliable Li"


def test_nothing_to_cut_leaves_the_text():
    assert Redaction.of(None, []).cut("ada@example.org") == "ada@example.org"


def test_a_plugin_log_is_bound_and_cut(redaction):
    with structlog.testing.capture_logs() as lines:
        log = PluginLog(redaction, installation_id="i-1")
        log.info("sent ada@example.org", token="s3cret", count=2)
        log.warning("odd", event_type="x")
    assert lines == [
        {
            "event": "integration.says",
            "log_level": "info",
            "installation_id": "i-1",
            "message": "sent [cut]",
            "plugin_token": "[cut]",
            "plugin_count": "2",
        },
        {
            "event": "integration.says",
            "log_level": "warning",
            "installation_id": "i-1",
            "message": "odd",
            "plugin_event_type": "x",
        },
    ]


def test_a_vendors_name_for_a_person_is_cut():
    assert Redaction.of(SubjectRef(id="subject-0001", known_as="ada-at-work"), []).cut("no ada-at-work") == "no [cut]"


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("with an s3cret/of+ours, and S3CRET%2Fof%2Bours", "with an [cut], and [cut]"),
        (("s3cret/of+ours", "Ada"), ("[cut]", "Ada")),
        ("eve@example.org at Tiny's", "eve@example.org at Tiny's"),
        (7, 7),
        (True, True),
    ],
)
def test_data_lose_secrets_and_keep_what_the_person_is_known_by(value, left):
    subject = SubjectRef(id="subject-0002", identifiers=(IdentifierValue(type="email", value="eve@example.org"),))
    redaction = Redaction.of(subject, ["s3cret/of+ours", "eve@example.org", "tiny"])
    assert redaction.cut_secrets(value) == left
