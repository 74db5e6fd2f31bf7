"""Due dates by the law of the person's country."""

from __future__ import annotations

from datetime import UTC, datetime

import pycountry
import pytest

from wardship.tenants.organisations.settings import LONGEST_DPDP_DAYS
from wardship.tenants.requests.regimes import Span, authorities_for, regime, regime_of


def _at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "key", "due"),
    [
        ("DE", "gdpr", _at(2026, 12, 21)),
        ("GB", "gdpr", _at(2026, 12, 21)),
        ("US", "ccpa", _at(2027, 1, 5)),
        ("BR", "lgpd", _at(2026, 12, 6)),
        ("IN", "dpdp", _at(2027, 2, 19)),
        ("ZA", "gdpr", _at(2026, 12, 21)),
        ("", "gdpr", _at(2026, 12, 21)),
    ],
)
def test_due_date_follows_the_country(country, key, due):
    found = regime_of(country)
    assert found.key == key
    assert found.due_at(_at(2026, 11, 21), {}) == due


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (_at(2027, 1, 31), _at(2027, 2, 28)),
        (_at(2028, 1, 31), _at(2028, 2, 29)),
        (_at(2026, 12, 15), _at(2027, 1, 15)),
        (_at(2027, 3, 31), _at(2027, 4, 30)),
    ],
)
def test_a_calendar_month_ends_within_the_next(asked, due):
    assert Span(months=1).after(asked) == due


@pytest.mark.parametrize(
    ("key", "latest"),
    [("gdpr", _at(2027, 2, 21)), ("ccpa", _at(2027, 2, 19))],
)
def test_extension_ends_where_the_law_says(key, latest):
    found = regime(key)
    assert found.extension.after(found.due_at(_at(2026, 11, 21), {})) == latest


def test_brazil_and_india_know_no_extension():
    assert not regime("lgpd").extension
    assert not regime("dpdp").extension


def test_an_organisation_may_promise_less_time_but_never_more():
    dpdp = regime("dpdp")
    assert dpdp.due_at(_at(2026, 11, 21), {"dpdp_days": 30}) == _at(2026, 12, 21)
    assert dpdp.due_at(_at(2026, 11, 21), {"dpdp_days": 400}) == _at(2027, 2, 19)
    assert regime("gdpr").due_at(_at(2026, 11, 21), {"dpdp_days": 1}) == _at(2026, 12, 21)


def test_what_may_be_promised_is_at_most_what_the_law_gives():
    assert regime("dpdp").first == Span(days=LONGEST_DPDP_DAYS)


def test_every_country_of_a_regime_has_an_authority():
    for key in ("gdpr", "ccpa", "lgpd", "dpdp"):
        countries = regime(key).countries
        assert [item.country for item in authorities_for(countries)] == list(countries)
        assert all(pycountry.countries.get(alpha_2=country) for country in countries)


def test_authorities_of_residence_and_work_are_each_named_once():
    found = authorities_for(["FR", "FR", "DE", "XX", ""])
    assert [item.country for item in found] == ["FR", "DE"]
    assert found[0].website == "https://www.cnil.fr"
