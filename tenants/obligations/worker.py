"""The worker: leases what is due, calls, settles; as many of them at once as one likes.

All state is in the table of obligations. NOTIFY only saves waiting: a worker that hears nothing looks by the clock.
A worker that dies loses nothing: its leases end by the clock, and repeated calls carry the same idempotency keys.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import structlog

from wardship.core.actor import system_actor
from wardship.core.database.engine import DATABASE_FAULTS, Transaction
from wardship.plugins.host.reply import Reply
from wardship.tenants.access import Access, Services, Sweeps
from wardship.tenants.authorisations.renewing import PlaceTokens
from wardship.tenants.egress.gate import DeliveryState, settle_delivery
from wardship.tenants.obligations.batches import is_taken_apart, reply_for_one, together
from wardship.tenants.obligations.follow_up import FollowUps
from wardship.tenants.obligations.leases import Batch, ClaimLimits, PreparedCall, claim
from wardship.tenants.obligations.prepare import prepare
from wardship.tenants.obligations.settle import settle
from wardship.tenants.obligations.uncalled import set_back
from wardship.tenants.obligations.unsettled import deliver_alone, release


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """What nouns have a worker do.

    Attributes:
        at_start: run once, before the first obligation is leased.
        sweeps: run now and then.
        follow_ups: by verb, what follows from an obligation that is completed.
    """

    at_start: Sweeps = ()
    sweeps: Sweeps = ()
    follow_ups: FollowUps = field(default_factory=dict)


_log = structlog.get_logger(__name__)
_CHANNEL = "wardship_obligations"
_SWEEP_CHANNEL = "wardship_sweeps"
_SETTLING_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLimits(ClaimLimits):
    """How a worker works.

    Attributes:
        installations: how many are served side by side.
        poll_s: seconds after which the worker looks although nothing was heard.
        sweep_s: seconds between two rounds of sweeps when nothing was heard.
        sweep_gap_s: seconds between two rounds at least, so that many notices cost one round.
        grace_s: seconds that calls under way get when the worker is told to stop.
    """

    installations: int = 8
    poll_s: float = 1.0
    sweep_s: float = 15.0
    sweep_gap_s: float = 0.25
    grace_s: float = 10.0


def _by_call(calls: Sequence[PreparedCall]) -> list[list[PreparedCall]]:
    """Return the calls that are one call of the connector together."""
    found: dict[str, list[PreparedCall]] = {}
    for call in calls:
        # What was told is of one obligation, whatever batch it went in.
        found.setdefault(call.call_id if call.told is None else f"told:{call.lease.id}", []).append(call)
    return list(found.values())


class Worker:
    """Serves obligations and runs sweeps.

    Args:
        services: the deployment.
        duties: what nouns have it do besides.
        limits: how it works.
    """

    def __init__(self, services: Services, *, duties: Duties | None = None, limits: WorkerLimits | None = None) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._services = services
        self._tokens = PlaceTokens(services)
        self._duties = duties or Duties()
        self._limits = limits or WorkerLimits()
        self._last: UUID | None = None
        self._under_way: dict[UUID, asyncio.Task[int]] = {}
        self._heard = asyncio.Event()
        self._sweep_due = asyncio.Event()

    async def run_once(self) -> int:
        """Lease one batch, call it and settle it; return how many obligations were in it."""
        batch = await self._claim()
        return 0 if batch is None else await self._serve(batch)

    async def sweep(self) -> None:
        """Run every sweep once; one that fails is logged and harms none else."""
        for sweep in self._duties.sweeps:
            try:
                await sweep(self._services)
            except Exception as error:  # noqa: BLE001 - one sweep that fails must not stop the others
                _log.exception(
                    "worker.sweep_failed", sweep=getattr(sweep, "__name__", "sweep"), error=type(error).__name__
                )

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; calls under way then get a moment, and what is left is given back."""
        for begin in self._duties.at_start:
            await begin(self._services)
        stopping: asyncio.Task[object] = asyncio.create_task(stop.wait())
        helpers: list[asyncio.Task[object]] = [stopping, asyncio.create_task(self._sweep_now_and_then())]
        listening = self._listen()
        try:
            while not stop.is_set():
                await self._round(stopping)
        finally:
            for end in listening:
                end()
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
            await self._drain()

    async def _round(self, stopping: asyncio.Task[object]) -> None:
        self._heard.clear()
        has_more = False
        try:
            has_more = await self._start_one()
        except DATABASE_FAULTS as error:
            _log.warning("worker.database_unavailable", error=type(error).__name__)
        if has_more:
            return
        hearing = asyncio.create_task(self._heard.wait())
        waiting = {stopping, hearing, *self._under_way.values()}
        await asyncio.wait(waiting, timeout=self._limits.poll_s, return_when=asyncio.FIRST_COMPLETED)
        hearing.cancel()

    async def _start_one(self) -> bool:
        """Begin one batch, if there is room and something due."""
        if len(self._under_way) >= self._limits.installations:
            return False
        batch = await self._claim()
        if batch is None:
            return False
        task = asyncio.create_task(self._serve(batch))
        self._under_way[batch.installation_id] = task
        task.add_done_callback(lambda done: self._done(batch, done))
        return True

    def _done(self, batch: Batch, task: asyncio.Task[int]) -> None:
        self._under_way.pop(batch.installation_id, None)
        # A claim that was under way has left this installation out, so that one more look is due.
        self._heard.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            # The lease ends by the clock and somebody tries again.
            _log.error("worker.batch_failed", verb=batch.verb.value, exc_info=error)

    async def _claim(self) -> Batch | None:
        batch = await claim(self._services, self.name, self._limits, after=self._last, busy=list(self._under_way))
        self._last = batch.place_id if batch else None
        return batch

    async def _serve(self, batch: Batch) -> int:
        try:
            async with self._services.database.tenant(batch.organisation_id) as transaction:
                calls = await prepare(self._access(batch, transaction), batch)
            async with asyncio.TaskGroup() as group:
                for together in _by_call(calls):
                    group.create_task(self._call(batch, together))
        except asyncio.CancelledError:
            await asyncio.shield(self._give_back(batch))
            raise
        except Exception:
            await self._set_back(batch)
            raise
        return len(batch.attempts)

    async def _call(self, batch: Batch, calls: Sequence[PreparedCall]) -> None:
        call = calls[0]
        if call.told is not None:
            reply = self._services.dispatcher.reply_to_told(call.installed, call.verb, call.argument, call.told)
            await self._settle_surely(batch, call, reply)
            return
        reply = await self._services.dispatcher.call(
            call.installed,
            call.verb,
            call.argument if call.batch_id is None else together(calls),
            obligation_id=call.call_id,
            earlier=call.seen.telling,
            continuation=call.continuation,
            cause=call.lease.arguments.cause,
            tokens=self._tokens,
        )
        if len(calls) > 1 and is_taken_apart(calls, reply):
            await self._take_apart(batch, calls, reply)
            return
        for each in calls:
            own = reply if each.batch_id is None else reply_for_one(each, reply)
            await self._settle_surely(batch, each, own)

    async def _take_apart(self, batch: Batch, calls: Sequence[PreparedCall], reply: Reply) -> None:
        async with self._services.database.tenant(batch.organisation_id) as transaction:
            access = self._access(batch, transaction)
            for call in calls:
                await settle_delivery(access, call.lease.id, call.lease.attempt, DeliveryState.UNKNOWN)
            await deliver_alone(access, [call.lease for call in calls], reply)
        _log.info("worker.batch_taken_apart", batch=calls[0].call_id, members=len(calls))

    async def _settle_surely(self, batch: Batch, call: PreparedCall, reply: Reply) -> None:
        for tries_left in reversed(range(_SETTLING_TRIES)):
            try:
                await self._settle(batch, call, reply)
                break
            except asyncpg.DeadlockDetectedError:
                # The call was made: its answer must not be lost to a change that went the other way round.
                if not tries_left:
                    raise

    async def _settle(self, batch: Batch, call: PreparedCall, reply: Reply) -> None:
        async with self._services.database.tenant(batch.organisation_id) as transaction:
            if not await settle(self._access(batch, transaction), call, reply, self._duties.follow_ups):
                _log.warning("worker.lease_lost", obligation=str(call.lease.id), attempt=call.lease.attempt)

    async def _set_back(self, batch: Batch) -> None:
        async with self._services.database.tenant(batch.organisation_id) as transaction:
            await set_back(self._access(batch, transaction), batch)

    async def _give_back(self, batch: Batch) -> None:
        async with self._services.database.tenant(batch.organisation_id) as transaction:
            access = self._access(batch, transaction)
            for obligation_id, attempt in batch.attempts.items():
                await settle_delivery(access, obligation_id, attempt, DeliveryState.UNKNOWN)
            await release(access, batch)

    def _access(self, batch: Batch, transaction: Transaction) -> Access:
        return Access(system_actor(batch.organisation_id), transaction, self._services, f"worker:{self.name}")

    async def _drain(self) -> None:
        if not self._under_way:
            return
        tasks = list(self._under_way.values())
        _, late = await asyncio.wait(tasks, timeout=self._limits.grace_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _sweep_now_and_then(self) -> None:
        while True:
            self._sweep_due.clear()
            await self.sweep()
            await asyncio.sleep(self._limits.sweep_gap_s)
            # Not wait_for: of Python 3.11 it loses a cancellation that comes together with what is waited for.
            with suppress(TimeoutError):
                async with asyncio.timeout(self._limits.sweep_s):
                    await self._sweep_due.wait()

    def _listen(self) -> list[Callable[[], None]]:
        """Hear of new obligations; without a connection the worker goes on by the clock until it hears again."""
        notifications = self._services.database.notifications
        return [
            notifications.listen(_CHANNEL, lambda _: self._heard.set(), self._heard.set),
            notifications.listen(_SWEEP_CHANNEL, lambda _: self._sweep_due.set(), self._sweep_due.set),
        ]
