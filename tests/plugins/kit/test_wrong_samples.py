"""Each of these integrations has one thing wrong with it, and the kit says which, and nothing else."""

from __future__ import annotations

import pytest

from tests.plugins.kit.plugin_made import WRONG, PluginMade, supporting
from tests.plugins.kit.wrong import declaring, doing, failing, telling
from wardship.plugins.api import Outcome, Received, new_webhook_secret, verify_webhook
from wardship.plugins.kit import RULES, Level, Status, check_conformance
from wardship.plugins.kit.scenarios.forms import OF_ENDPOINTS

SECRET = new_webhook_secret()
UNPROMISED = ("grant-is-repeatable", "objection-is-taken")
SAMPLES = (declaring, doing, failing, telling)


def test_what_is_right_reaches_gold_with_every_rule_that_concerns_it(right):
    report = check_conformance(PluginMade(right.module), right.vendor)
    assert report.of(Status.FAILED) == ()
    assert report.of(Status.NOT_RUN) == ()
    assert set(report.of(Status.UNCONCERNED)) == {"unsigned-is-refused", *UNPROMISED, *OF_ENDPOINTS}
    assert report.level is Level.GOLD


def test_what_tells_purposes_apart_is_right(right):
    report = check_conformance(PluginMade(right.module, change=supporting(object=True)), right.vendor)
    assert "objection-is-taken" in report.of(Status.PASSED)
    assert report.level is Level.GOLD, report.as_text()


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_fails_the_right_rule_and_no_other(right, name):
    rule, make = WRONG[name]
    report = check_conformance(make(right.module), right.vendor)
    assert report.of(Status.FAILED) == (rule,), report.as_text()


def test_calls_that_are_verified_as_the_contract_offers_it_are_right(right):
    class Receiving(right.module.Acme):
        async def receive(self, call):
            message = verify_webhook(call, SECRET, now=self.context.now())
            return Received(outcome=Outcome.completed(), message_id=message.id, sent_at=message.sent_at)

    report = check_conformance(PluginMade(right.module, Receiving, supporting(receive=True)), right.vendor)
    assert set(report.of(Status.UNCONCERNED)) == {*UNPROMISED, *OF_ENDPOINTS}
    assert report.level is Level.GOLD, report.as_text()


def test_every_rule_is_seen_to_fail():
    assert len(WRONG) > 20
    assert {rule for rule, _ in WRONG.values()} == set(RULES) - {*OF_ENDPOINTS}
    assert all(sample.__doc__ for sample in SAMPLES)
