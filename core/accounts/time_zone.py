"""A person's time zone, in which dates are told."""

from __future__ import annotations

from functools import cache
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from wardship.core.database.engine import Transaction
from wardship.core.errors import InvalidInputError


class InvalidTimeZoneError(InvalidInputError):
    """The text is no time zone of the IANA database: write it as Europe/Berlin."""

    code: ClassVar[str] = "INVALID_TIME_ZONE"


def checked_time_zone(name: str) -> str:
    """Return the name of a time zone of the IANA database.

    Raises:
        InvalidTimeZoneError: there is no such zone.
    """
    if name not in _names():
        raise InvalidTimeZoneError("This is no time zone: write it as Europe/Berlin, or UTC.", path=("time_zone",))
    return name


@cache
def zone_or_utc(name: str) -> ZoneInfo:
    """Return a time zone; UTC where this machine does not know the name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


async def set_time_zone(transaction: Transaction, account_id: UUID, name: str) -> None:
    """Change an account's time zone; needs the directory's scope.

    Raises:
        InvalidTimeZoneError: there is no such zone.
    """
    await transaction.execute("update account set time_zone = $2 where id = $1", account_id, checked_time_zone(name))


@cache
def _names() -> frozenset[str]:
    # Names of files of the database that are no zones of people: "localtime" is the machine's own.
    return frozenset(available_timezones() - {"localtime", "Factory", "posixrules"})
