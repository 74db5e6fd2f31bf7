"""How long a vendor asks us to wait."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST_S = 3 * 24 * 3600.0


def retry_after_seconds(value: str | None, *, now: datetime | None = None) -> float | None:
    """Return the seconds of a ``Retry-After`` header (RFC 9110, section 10.2.3), at most three days; None if absent.

    Args:
        value: seconds, or an HTTP date.
        now: the moment from which a date counts; the machine's by default, since the date is the vendor's clock.
    """
    if value is None:
        return None
    if value.strip().isdecimal():
        return min(float(value), _LONGEST_S)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return min(max((at - (now or datetime.now(UTC))).total_seconds(), 0.0), _LONGEST_S)
