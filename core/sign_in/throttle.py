"""Count attempts in the database, where every process sees them, and lock out with growing delay.

An attempt is counted before it is tried and forgiven when it succeeds, so that a hundred concurrent guesses are a
hundred. Whether the account exists plays no part: what is counted is the address that was typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import ClassVar, Final

from wardship.core.database.engine import Transaction
from wardship.core.errors import WardshipError
from wardship.core.http.networks import networks_of
from wardship.core.identifiers import uuid7
from wardship.core.keys import KeyRing
from wardship.core.sign_in.call import Call


class TooManyAttemptsError(WardshipError):
    """There were too many attempts: wait for ``retry_after`` seconds."""

    code: ClassVar[str] = "TOO_MANY_ATTEMPTS"
    status: ClassVar[int] = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"There were too many attempts: try again in {retry_after} seconds.")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Limit:
    """How many attempts of one kind are let through.

    Attributes:
        kind: what is attempted; part of the counter's key.
        attempts: how many within the window before the first lock.
        window: how long a counter lives after the first attempt, or, once locked, after the latest.
        first_lock: the first lock's length; each further attempt doubles it.
        longest_lock: at most this.
    """

    kind: str
    attempts: int
    window: timedelta = timedelta(hours=1)
    first_lock: timedelta = timedelta(seconds=30)
    longest_lock: timedelta = timedelta(minutes=30)


PASSWORD: Final = Limit("password", 5)
"""Passwords for one address."""
SECOND_FACTOR: Final = Limit("second_factor", 5, window=timedelta(days=1))
"""Codes for one account: 48 a day at most, of which three in a million are right; an even chance takes 13 years."""
NETWORK: Final = Limit("network", 60)
"""Attempts of any kind from one IPv4 address or IPv6 /64, forgiven one by one."""
WIDE_NETWORK: Final = Limit("wide_network", 300, longest_lock=timedelta(minutes=5))
"""Those from one IPv4 /24 or IPv6 /48, likewise: more of them, and a short lock, which neighbours suffer too."""
MAIL: Final = Limit("mail", 5, first_lock=timedelta(minutes=15))
"""Mails to one mailbox, under whatever sub-address, that anybody can cause."""
APPOINTMENT: Final = Limit("appointment", 5, first_lock=timedelta(minutes=15))
"""Letters to one mailbox that only an operator can cause: what anybody causes keeps no operator from writing."""
ADDRESSES: Final = Limit("addresses", 10, window=timedelta(days=1), longest_lock=timedelta(days=1))
"""Mails to other people's addresses that one account can cause."""

_ADMIT = """
insert into sign_in_attempt as counter (id, created_at, throttle_key, window_started_at, failures)
values ($1, $2, $3, $2, 1)
on conflict (throttle_key) do update set
    failures = case when counter.window_started_at + $4 <= $2 then 1 else counter.failures + 1 end,
    window_started_at = case
        when counter.window_started_at + $4 <= $2 or counter.failures + 1 >= $5 then $2
        else counter.window_started_at end,
    locked_until = case
        when counter.window_started_at + $4 <= $2 or counter.failures + 1 < $5 then null
        else $2 + least($6::interval * power(2, least(counter.failures + 1 - $5, 20)), $7) end
where counter.locked_until is null or counter.locked_until <= $2
returning failures
"""


async def admit(transaction: Transaction, call: Call, limit: Limit, subject: str) -> None:
    """Count one attempt, or refuse it; the caller commits before trying it.

    Raises:
        TooManyAttemptsError: the counter is locked; nothing was counted.
    """
    key = _key(call.keys, limit, subject)
    admitted = await transaction.fetchval(
        _ADMIT, uuid7(), call.now, key, limit.window, limit.attempts, limit.first_lock, limit.longest_lock
    )
    if admitted is None:
        until: datetime = await transaction.fetchval(
            "select locked_until from sign_in_attempt where throttle_key = $1", key
        )
        raise TooManyAttemptsError(max(1, ceil((until - call.now).total_seconds())))


async def forget(transaction: Transaction, call: Call, limit: Limit, subject: str) -> None:
    """Forget all attempts: the right secret was shown."""
    await transaction.execute("delete from sign_in_attempt where throttle_key = $1", _key(call.keys, limit, subject))


async def forgive(transaction: Transaction, call: Call, limit: Limit, subject: str) -> None:
    """Take one attempt back: it succeeded, which says nothing about the others from there."""
    await transaction.execute(
        "update sign_in_attempt set failures = greatest(failures - 1, 0) where throttle_key = $1",
        _key(call.keys, limit, subject),
    )


async def admit_client(transaction: Transaction, call: Call) -> None:
    """Count one attempt for the networks of who asks, or refuse it; whose address isn't known are one client.

    Raises:
        TooManyAttemptsError: a counter is locked; nothing was counted once the transaction is rolled back.
    """
    networks = networks_of(call.client.address)
    await admit(transaction, call, NETWORK, networks.narrow)
    await admit(transaction, call, WIDE_NETWORK, networks.wide)


async def forgive_client(transaction: Transaction, call: Call) -> None:
    """Take one attempt back from the networks of who asks."""
    networks = networks_of(call.client.address)
    await forgive(transaction, call, NETWORK, networks.narrow)
    await forgive(transaction, call, WIDE_NETWORK, networks.wide)


def _key(keys: KeyRing, limit: Limit, subject: str) -> bytes:
    return keys.fingerprint("throttle", f"{limit.kind}:{subject}")
