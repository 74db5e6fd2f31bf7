"""How much one credential and one organisation may ask for in a while: token buckets, counted by cost in each process.

Nothing is asked of the database for it, so each process counts for itself: a deployment lets through as many times the
quota as it has processes that serve.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import ClassVar, Final

from wardship.core.errors import WardshipError

WINDOW_S: Final = 60
"""Seconds in which a bucket that is empty is full again."""
LEAST: Final = 500
"""What every request costs besides, since the smallest takes time too: about a quarter of a millisecond."""


class RateLimitedError(WardshipError):
    """Too much was asked for in a short time: wait for the seconds that `Retry-After` tells, then ask for less."""

    code: ClassVar[str] = "RATE_LIMITED"
    status: ClassVar[int] = 429

    def __init__(self, retry_after: int, headers: Mapping[str, str]) -> None:
        super().__init__(f"You ask for too much at once: try again in {retry_after} seconds.")
        self.retry_after = retry_after
        self.headers = headers


@dataclass(slots=True)
class _Bucket:
    """What is left, and when that was counted."""

    left: float
    at: float


class Quota:
    """Buckets of one size, one for each holder; one that must be full again is forgotten.

    Args:
        name: of the quota, as headers tell it.
        size: what may be asked for at once, and within the window.
    """

    def __init__(self, name: str, size: int) -> None:
        self.size = size
        self.policy = f'"{name}";q={size};w={WINDOW_S}'
        self._item = f'"{name}"'
        self._rate = size / WINDOW_S
        self._since = 0.0
        self._buckets: dict[Hashable, _Bucket] = {}
        self._untouched: dict[Hashable, _Bucket] = {}

    def __len__(self) -> int:
        return len(self._buckets) + len(self._untouched)

    def bucket(self, holder: Hashable, now: float) -> _Bucket:
        """Return a holder's bucket as it is now."""
        if not 0 <= now - self._since < WINDOW_S:
            self._untouched = self._buckets if now - self._since < 2 * WINDOW_S else {}
            self._buckets, self._since = {}, now
        found = self._buckets.get(holder)
        if found is None:
            known = self._untouched.pop(holder, None) if self._untouched else None
            found = self._buckets[holder] = known or _Bucket(self.size, now)
        found.left = min(self.size, found.left + max(0.0, now - found.at) * self._rate)
        found.at = now
        return found

    def wait(self, bucket: _Bucket, cost: int) -> float:
        """Return the seconds until so much is there; 0 when it is."""
        return max(0.0, (min(cost, self.size) - bucket.left) / self._rate)

    def told(self, bucket: _Bucket) -> str:
        """Return what is left of a bucket, and in how many seconds it is full, as an item of the header."""
        return f"{self._item};r={max(0, int(bucket.left))};t={ceil((self.size - bucket.left) / self._rate)}"


class Budgets:
    """What is left to each credential and each organisation.

    Args:
        per_credential: cost in a minute that one session or token may ask for.
        per_organisation: likewise all of one organisation's together.
        now: seconds, by the deployment's clock.
    """

    def __init__(self, per_credential: int, per_organisation: int, now: Callable[[], float]) -> None:
        self.credentials = Quota("credential", per_credential)
        self.organisations = Quota("organisation", per_organisation)
        self._policy = f"{self.credentials.policy}, {self.organisations.policy}"
        self._now = now

    def charge(self, organisation: Hashable, credential: Hashable, cost: int) -> dict[str, str]:
        """Take the cost of a request from both buckets, and return the headers that tell what is left.

        They are those of the IETF's draft-ietf-httpapi-ratelimit-headers, in units of cost.

        Raises:
            RateLimitedError: one of them has too little; nothing was taken.
        """
        now, cost = self._now(), cost + LEAST
        own, all_of_it = self.credentials.bucket(credential, now), self.organisations.bucket(organisation, now)
        wait = max(self.credentials.wait(own, cost), self.organisations.wait(all_of_it, cost))
        if not wait:
            own.left -= cost
            all_of_it.left -= cost
        left = f"{self.credentials.told(own)}, {self.organisations.told(all_of_it)}"
        headers = {"RateLimit-Policy": self._policy, "RateLimit": left}
        if wait:
            raise RateLimitedError(ceil(wait), headers)
        return headers
