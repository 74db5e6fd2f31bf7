"""Budgets: what is taken, what is left, when it is there again, and that nothing is kept of who asks no more."""

from __future__ import annotations

import pytest

from wardship.core.http.budgets import LEAST, WINDOW_S, Budgets, RateLimitedError


class Seconds:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def budgets(seconds) -> Budgets:
    return Budgets(60_000, 90_000, seconds)


def spend(budgets, organisation, credential, cost):
    return budgets.charge(organisation, credential, cost - LEAST)


def test_headers_tell_policy_and_what_is_left_of_both(budgets, seconds):
    headers = spend(budgets, "acme", "a", 6_000)
    assert headers == {
        "RateLimit-Policy": '"credential";q=60000;w=60, "organisation";q=90000;w=60',
        "RateLimit": '"credential";r=54000;t=6, "organisation";r=84000;t=4',
    }
    seconds.now += 3
    assert spend(budgets, "acme", "a", 500)["RateLimit"] == '"credential";r=56500;t=4, "organisation";r=88000;t=2'
    seconds.now += 60
    assert spend(budgets, "acme", "a", 500)["RateLimit"].startswith('"credential";r=59500;t=1,')


def test_the_smallest_request_costs_something(budgets):
    assert budgets.charge("acme", "a", 0)["RateLimit"].startswith(f'"credential";r={60_000 - LEAST};')


def test_a_credential_that_asked_for_all_waits_and_others_go_on(budgets, seconds):
    spend(budgets, "acme", "a", 60_000)
    with pytest.raises(RateLimitedError) as refusal:
        spend(budgets, "acme", "a", 5_000)
    assert (refusal.value.retry_after, refusal.value.headers["RateLimit"]) == (
        5,
        '"credential";r=0;t=60, "organisation";r=30000;t=40',
    )
    spend(budgets, "acme", "b", 5_000)
    seconds.now += 5
    spend(budgets, "acme", "a", 5_000)


def test_many_credentials_of_one_organisation_share_its_budget(budgets):
    for number in range(9):
        spend(budgets, "acme", number, 10_000)
    with pytest.raises(RateLimitedError):
        spend(budgets, "acme", "new", 500)
    assert spend(budgets, "other", "new", 500)


def test_a_refused_request_takes_nothing(budgets):
    spend(budgets, "acme", "a", 60_000)
    for _ in range(3):
        with pytest.raises(RateLimitedError):
            spend(budgets, "acme", "a", 30_000)
    assert spend(budgets, "acme", "b", 30_000)["RateLimit"].endswith('"organisation";r=0;t=60')


def test_what_costs_more_than_there_ever_is_goes_through_when_all_is_there(budgets, seconds):
    spend(budgets, "acme", "a", 70_000)
    with pytest.raises(RateLimitedError) as refusal:
        spend(budgets, "acme", "a", 70_000)
    assert refusal.value.retry_after == 70
    seconds.now += 70
    spend(budgets, "acme", "a", 70_000)


def test_nothing_is_kept_of_who_asked_a_while_ago(budgets, seconds):
    for number in range(1_000):
        budgets.charge("acme" if number % 9 else number, number, 0)
        seconds.now += 1
    assert len(budgets.credentials) <= 2 * WINDOW_S + 1
    assert len(budgets.organisations) <= 2 * WINDOW_S + 1
    seconds.now += 3 * WINDOW_S
    budgets.charge("acme", "last", 0)
    assert (len(budgets.credentials), len(budgets.organisations)) == (1, 1)


def test_a_bucket_outlives_the_turn_of_the_window(budgets, seconds):
    spend(budgets, "acme", "a", 500)
    seconds.now += WINDOW_S - 1
    spend(budgets, "acme", "a", 60_000)
    seconds.now += 2
    assert spend(budgets, "acme", "a", 500)["RateLimit"].startswith('"credential";r=1500;')


def test_a_clock_that_goes_back_gives_and_takes_nothing(budgets, seconds):
    spend(budgets, "acme", "a", 30_000)
    seconds.now -= 3_600
    assert spend(budgets, "acme", "a", 500)["RateLimit"].startswith('"credential";r=29500;')
