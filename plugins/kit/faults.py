"""What the kit puts between host and vendor: the faults that networks and servers have."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class InjectedFault(StrEnum):
    """What happens to the requests of one call.

    ``TRUNCATED`` and ``LOST`` let the vendor do what it is asked, and spoil the answer.
    """

    NONE = "an answer"
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    TIMEOUT = "no answer in time"
    TRUNCATED = "half an answer"
    TOO_MANY_REQUESTS = "429"
    REFUSED = "401"
    GARBAGE = "a page for people"
    LOST = "an answer that is lost"
    SILENCE = "no answer ever"


RETRY_AFTER_S: Final = 7
"""What the answers of 429 ask to wait."""

OUTAGES: Final = (
    InjectedFault.SERVER_ERROR,
    InjectedFault.UNAVAILABLE,
    InjectedFault.TIMEOUT,
    InjectedFault.TRUNCATED,
)
"""The faults of a vendor that is down: nothing was refused."""

STATUSES: Final = {
    InjectedFault.SERVER_ERROR: 500,
    InjectedFault.UNAVAILABLE: 503,
    InjectedFault.TOO_MANY_REQUESTS: 429,
    InjectedFault.REFUSED: 401,
}
"""The faults that are an answer of a status."""
