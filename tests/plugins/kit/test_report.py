"""What a report says, and when a badge is given."""

from __future__ import annotations

import json

import pytest

from wardship.plugins.kit import RULES, KitSetupError, Level, Report, Status, Verdict, check_conformance


def report_of(**statuses: Status) -> Report:
    """Return a report in which every rule is kept but those named, with _ for -."""
    named = {name.replace("_", "-"): status for name, status in statuses.items()}
    verdicts = (Verdict(rule, named.get(rule.id, Status.PASSED), ("why",)) for rule in RULES.values())
    return Report("acme", "1.0", tuple(verdicts))


def test_all_kept_is_gold():
    assert report_of().level is Level.GOLD


@pytest.mark.parametrize(
    ("statuses", "level"),
    [
        ({"host_clock": Status.FAILED}, Level.SILVER),
        ({"slower_pace": Status.FAILED}, Level.BRONZE),
        ({"slower_pace": Status.FAILED, "host_clock": Status.FAILED}, Level.BRONZE),
        ({"erased_is_gone": Status.FAILED}, None),
        ({"erased_is_gone": Status.EXEMPT, "unsigned_is_refused": Status.UNCONCERNED}, Level.GOLD),
    ],
)
def test_a_level_asks_for_its_rules_and_those_below(statuses, level):
    assert report_of(**statuses).level is level


@pytest.mark.parametrize("rule", RULES)
def test_no_badge_is_given_while_anything_was_not_run(rule):
    report = report_of(**{rule.replace("-", "_"): Status.NOT_RUN})
    assert report.level is None
    assert report.conclusion == f"No badge: 1 rules were not run ({rule})."


def test_passed_failed_exempt_and_not_run_are_counted_apart():
    report = report_of(
        loads=Status.FAILED, lets_go=Status.EXEMPT, host_clock=Status.NOT_RUN, slower_pace=Status.UNCONCERNED
    )
    counts = {"passed": len(RULES) - 4, "failed": 1, "exempt": 1, "not run": 1, "not concerned": 1}
    assert report.counts == counts
    told = json.loads(report.as_json())
    assert (told["integration"], told["level"], told["counts"]) == ("acme", None, counts)
    assert [each["rule"] for each in told["rules"]] == list(RULES)
    assert told["rules"][0] == {"rule": "loads", "level": "bronze", "status": "failed", "why": ["why"]}


def test_the_readable_report_says_what_was_seen_and_why_the_rule_is_there():
    text = report_of(slower_pace=Status.FAILED).as_text()
    assert "FAILED  silver  slower-pace\n        why\n        The rule: An answer of 429 is left to the host" in text
    assert text.endswith("Level: bronze.")


def test_without_settings_only_the_declaration_is_judged_and_there_is_no_badge(right):
    report = check_conformance(right.module)
    assert report.level is None
    judged = {"loads", "hooks-are-pure", "present-contract", "nothing-by-hand", "vendor-says-more"}
    assert set(report.of(Status.PASSED)) == judged
    assert report.of(Status.FAILED) == ()
    assert report.verdict("check-succeeds").why == ("no settings were given: there is no vendor to ask",)


def test_an_exemption_needs_a_rule_and_a_reason(right):
    with pytest.raises(KitSetupError, match="there is no rule 'slow-pace'"):
        check_conformance(right.module, exempt={"slow-pace": "we are fast"})
    with pytest.raises(KitSetupError, match="an exemption needs a reason"):
        check_conformance(right.module, exempt={"slower-pace": " "})


def test_an_exempt_rule_is_counted_as_exempt_whatever_was_seen(right):
    report = check_conformance(right.module, exempt={"host-clock": "our server has none"})
    assert report.verdict("host-clock").status is Status.EXEMPT
    assert report.verdict("host-clock").why == ("our server has none",)


def test_settings_that_do_not_fit_are_refused_in_words(right):
    with pytest.raises(KitSetupError, match="the settings do not fit the form of acme: server_url: "):
        check_conformance(right.module, {"server_url": "nowhere", "token": "x"})
