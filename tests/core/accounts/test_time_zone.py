"""The time zone of a person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wardship.core.accounts.time_zone import InvalidTimeZoneError, checked_time_zone, local_time


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "Asia/Kolkata", "America/Argentina/Buenos_Aires"])
def test_zone_of_the_database_is_accepted(name):
    assert checked_time_zone(name) == name


@pytest.mark.parametrize("name", ["", "Berlin", "europe/berlin", "../etc/passwd", "localtime", "Factory", "UTC+1"])
def test_anything_else_is_refused(name):
    with pytest.raises(InvalidTimeZoneError):
        checked_time_zone(name)


def test_moment_is_told_in_the_persons_zone():
    at = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert local_time(at, "Asia/Kolkata") == "22 November 2026, 05:00 (Asia/Kolkata)"
    assert local_time(at, "Atlantis/Poseidonis") == local_time(at, "") == "21 November 2026, 23:30 (UTC)"
