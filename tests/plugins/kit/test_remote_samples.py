"""A server that is right reaches gold; each that has one thing wrong with it fails exactly that."""

from __future__ import annotations

import pytest

from tests.plugins.kit.served import report_on
from tests.plugins.kit.wrong.remote import WRONG_REMOTES
from wardship.plugins.kit import RULES, Level, Status
from wardship.plugins.kit.scenarios.forms import OF_CODE, OF_ENDPOINTS


def test_what_is_right_reaches_gold_with_every_rule_that_concerns_it(tmp_path):
    report = report_on(tmp_path)
    assert report.level is Level.GOLD, report.as_text()
    assert report.of(Status.FAILED) == report.of(Status.EXEMPT) == report.of(Status.NOT_RUN) == ()
    assert set(report.of(Status.UNCONCERNED)) == {*OF_CODE, "grant-is-repeatable", "objection-is-taken"}


@pytest.mark.parametrize("name", WRONG_REMOTES)
def test_what_is_wrong_fails_the_right_rule_and_no_other(tmp_path, name):
    rule, changes = WRONG_REMOTES[name]
    report = report_on(tmp_path, changes)
    assert report.of(Status.FAILED) == (rule,), report.as_text()


def test_every_rule_about_endpoints_is_seen_to_fail():
    assert {*OF_ENDPOINTS} <= {rule for rule, _ in WRONG_REMOTES.values()}
    assert {*OF_CODE, *OF_ENDPOINTS} <= RULES.keys()
