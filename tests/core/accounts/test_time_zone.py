"""The time zone of a person."""

from __future__ import annotations

import pytest

from wardship.core.accounts.time_zone import InvalidTimeZoneError, checked_time_zone


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "Asia/Kolkata", "America/Argentina/Buenos_Aires"])
def test_zone_of_the_database_is_accepted(name):
    assert checked_time_zone(name) == name


@pytest.mark.parametrize("name", ["", "Berlin", "europe/berlin", "../etc/passwd", "localtime", "Factory", "UTC+1"])
def test_anything_else_is_refused(name):
    with pytest.raises(InvalidTimeZoneError):
        checked_time_zone(name)
