"""How many calls from outside are looked at: counted before anything costly, strangers apart from known vendors.

Whether a call is the vendor's is known once its connector has verified it. Until then it counts against the network
that it came from, and takes one of few places of the installation; from a network by which the vendor called lately it
takes one of others, so that a flood from elsewhere keeps no vendor out. Counted in each process, as budgets are. While
an installation rests its vendor's calls are counted likewise, though none is taken: it is told when to come again.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from math import ceil
from typing import Final
from uuid import UUID

from wardship.core.http.budgets import Quota, RateLimitedError
from wardship.core.http.networks import Networks, networks_of

UNVERIFIED: Final = 60
"""Calls in a minute from one IPv4 address or IPv6 /64 that turn out to be nobody's."""
UNVERIFIED_WIDE: Final = 300
"""Likewise from one IPv4 /24 or IPv6 /48."""
VERIFIED: Final = 1_200
"""A vendor's own calls to one installation in a minute."""
STRANGERS_AT_ONCE: Final = 4
"""Calls to one installation that are looked at together, from networks that its vendor did not call from lately."""
ALL_STRANGERS_AT_ONCE: Final = 32
"""Likewise to all installations together."""
KNOWN_AT_ONCE: Final = 16
"""Calls to one installation that are looked at together, from networks that its vendor called from lately."""
KNOWN_FOR_S: Final = 86_400.0
"""How long a network counts as the vendor's after a call that was verified."""
_MOST_KNOWN: Final = 10_000


class Turn:
    """One call that is looked at."""

    def __init__(self, admission: Admission, installation_id: UUID, networks: Networks) -> None:
        self._admission = admission
        self._installation_id = installation_id
        self._networks = networks
        self.is_vouched = False

    def vouch(self) -> None:
        """Count the call as the vendor's own, which it has proven to be.

        Raises:
            RateLimitedError: the vendor calls too often.
        """
        self.is_vouched = True
        self._admission.vouch(self._installation_id, self._networks)

    def vouch_where_known(self) -> None:
        """Count the call as the vendor's own if it comes from where that has called lately: nothing can prove it now.

        Raises:
            RateLimitedError: the vendor calls too often.
        """
        if self._admission.knows(self._installation_id, self._networks):
            self._admission.vouch(self._installation_id, self._networks)


class Admission:
    """Counts the calls of this process.

    Args:
        now: seconds, by the deployment's clock.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._narrow, self._wide = Quota("inbound", UNVERIFIED), Quota("inbound-wide", UNVERIFIED_WIDE)
        self._verified = Quota("inbound-installation", VERIFIED)
        self._running: Counter[Hashable] = Counter()
        self._known: OrderedDict[tuple[UUID, str], float] = OrderedDict()

    @contextmanager
    def turn(self, installation_id: UUID, address: str) -> Iterator[Turn]:
        """Let a call be looked at as long as the context lasts.

        Raises:
            RateLimitedError: too many from there were nobody's, or too many are looked at; nothing was read.
        """
        networks = networks_of(address)
        _take(self._narrow, networks.narrow, self._now())
        _take(self._wide, networks.wide, self._now())
        taken = self._places(installation_id, networks)
        for place in taken:
            self._running[place] += 1
        try:
            yield Turn(self, installation_id, networks)
        finally:
            for place in taken:
                self._running[place] -= 1
            self._running += Counter()  # forgets those that nobody holds

    def vouch(self, installation_id: UUID, networks: Networks) -> None:
        """Take a call off the count of its networks, which are known from now on; see ``Turn.vouch``."""
        now = self._now()
        for quota, network in ((self._narrow, networks.narrow), (self._wide, networks.wide)):
            quota.bucket(network, now).left += 1
        self._known.pop((installation_id, networks.narrow), None)
        self._known[installation_id, networks.narrow] = now + KNOWN_FOR_S
        if len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        _take(self._verified, installation_id, now)

    def knows(self, installation_id: UUID, networks: Networks) -> bool:
        """Return whether the vendor of an installation has called from there lately."""
        return self._known.get((installation_id, networks.narrow), 0.0) > self._now()

    def _places(self, installation_id: UUID, networks: Networks) -> list[Hashable]:
        is_known = self.knows(installation_id, networks)
        bounds: dict[Hashable, int] = (
            {(installation_id, "known"): KNOWN_AT_ONCE}
            if is_known
            else {(installation_id, "stranger"): STRANGERS_AT_ONCE, "strangers": ALL_STRANGERS_AT_ONCE}
        )
        if any(self._running[place] >= most for place, most in bounds.items()):
            raise RateLimitedError(1, {})
        return list(bounds)


def _take(quota: Quota, holder: Hashable, now: float) -> None:
    bucket = quota.bucket(holder, now)
    if wait := quota.wait(bucket, 1):
        raise RateLimitedError(ceil(wait), {})
    bucket.left -= 1
