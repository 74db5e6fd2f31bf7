"""Calls a connector's methods, one by one, so that whatever a plugin does harms only its own call."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel

from wardship.core.clock import Clock
from wardship.plugins.api import (
    Attestation,
    AttestationLevel,
    Outcome,
    OutcomeStatus,
    Share,
    Verb,
)
from wardship.plugins.host.call import ARGUMENTS, URGENT, Call, DispatchLimits, Doer, Installed, doer, instructions
from wardship.plugins.host.data_guards import require_declared
from wardship.plugins.host.declaration import UnfitDeclarationError
from wardship.plugins.host.exchanges import Digest, KeptExchange, random_digest
from wardship.plugins.host.graded_reply import graded_reply
from wardship.plugins.host.grading import Basis
from wardship.plugins.host.plugin_threads import PluginThreads, Run
from wardship.plugins.host.refusals import PACE_S, is_forbidden, paced, refused_alone
from wardship.plugins.host.registry import LoadedIntegration, Registry
from wardship.plugins.host.reply import UNANSWERED, Fault, Reply, failure, reply_to_answer, reply_to_error
from wardship.plugins.host.settings import InvalidSettingsError

FAILURES_TO_OPEN: Final = 5
OPEN_FOR: Final = timedelta(seconds=60)
_MINUTE: Final = timedelta(minutes=1)
_LET_GO_S: Final = 0.5
AT_ONCE: Final = 4
"""How many calls of one installation run together; urgent ones have as many of their own."""


@dataclass(slots=True)
class RateLimit:
    """Counts the calls of the last minute."""

    _calls: deque[datetime] = field(default_factory=deque)
    _held_until: datetime | None = None

    def hold(self, until: datetime) -> None:
        """Let no call be made before a moment: the vendor asked for it."""
        self._held_until = until if self._held_until is None else max(self._held_until, until)

    def wait_s(self, per_minute: int, now: datetime) -> float:
        """Return 0 and count the call when it may be made; otherwise the seconds until one may."""
        if self._held_until is not None and self._held_until > now:
            return (self._held_until - now).total_seconds()
        while self._calls and self._calls[0] <= now - _MINUTE:
            self._calls.popleft()
        if len(self._calls) < per_minute:
            self._calls.append(now)
            return 0.0
        return (self._calls[0] + _MINUTE - now).total_seconds()


@dataclass(slots=True)
class CircuitBreaker:
    """Refuses calls after consecutive failures; after a while lets one through, which closes or reopens it."""

    failures: int = 0
    opened_at: datetime | None = None
    _is_trying: bool = False

    def wait_s(self, now: datetime) -> float:
        """Return the seconds for which calls are refused; 0 when one may go ahead, which then counts as the trial."""
        if self.opened_at is None:
            return 0.0
        left = (self.opened_at + OPEN_FOR - now).total_seconds()
        if left > 0 or self._is_trying:
            return max(left, 1.0)
        self._is_trying = True
        return 0.0

    def record(self, *, is_answered: bool, now: datetime) -> None:
        """Count a call that was made: answered, whatever the answer, or not."""
        self._is_trying = False
        if is_answered:
            self.failures, self.opened_at = 0, None
            return
        self.failures += 1
        if self.failures >= FAILURES_TO_OPEN:
            self.opened_at = now

    def release(self) -> None:
        """Give back a trial that was never made."""
        self._is_trying = False


class OversizedBatchError(ValueError):
    """More records were handed over than the manifest's ``limits.batch`` allows; split the batch."""


class Dispatcher:
    """Calls integrations: each call has its own timeout, and each installation its limits and breaker."""

    def __init__(
        self,
        registry: Registry,
        clock: Clock,
        limits: DispatchLimits | None = None,
        *,
        digest: Digest | None = None,
        digests_before: Sequence[Digest] = (),
    ) -> None:
        """Make a dispatcher.

        Args:
            registry: the integrations.
            clock: the host's.
            limits: what holds for every call.
            digest: of what is written down of exchanges; under a key of its own by default, which fits when nothing is
                compared with exchanges of another process.
            digests_before: the same under earlier keys: what was kept under them is known again.
        """
        self._registry = registry
        self._clock = clock
        self._digest = digest or random_digest()
        self._digests_before = tuple(digests_before)
        self._limits = limits or DispatchLimits()
        self._threads = PluginThreads()
        self._breakers: defaultdict[str, CircuitBreaker] = defaultdict(CircuitBreaker)
        self._rates: defaultdict[str, RateLimit] = defaultdict(RateLimit)
        self._slots: defaultdict[tuple[str, bool], asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_ONCE))

    async def call(
        self,
        installed: Installed,
        verb: Verb,
        argument: BaseModel | None = None,
        *,
        obligation_id: str,
        earlier: Sequence[KeptExchange] = (),
    ) -> Reply:
        """Call one method for one obligation and return its end; never raises for what a plugin or vendor does.

        Args:
            installed: for which installation.
            verb: which method.
            argument: of the type that ``ARGUMENTS`` names for the verb.
            obligation_id: the idempotency key.
            earlier: the exchanges that were kept of earlier calls about the same subject at the same place, in order: a
                proof rests on them.

        Raises:
            TypeError: the argument does not belong to the verb.
            OversizedBatchError: there are more records than the vendor takes at once.
            UndeclaredDataError: the argument holds what the integration does not declare.
        """
        expected = ARGUMENTS[verb] or type(None)
        if type(argument) is not expected:
            raise TypeError(f"{verb} takes {expected.__name__}, not {type(argument).__name__}")
        started = time.monotonic()
        integration = self._registry.get(installed.integration)
        reply = self._without_connector(integration, installed, verb)
        if reply is None:
            reply = await self._by_connector(
                Call(
                    installed=installed,
                    verb=verb,
                    argument=argument,
                    obligation_id=obligation_id,
                    integration=integration,
                    limits=self._limits,
                    clock=self._clock,
                    digest=self._digest,
                    digests_before=self._digests_before,
                    earlier=earlier,
                )
            )
        return replace(reply, duration_s=time.monotonic() - started)

    def close(self) -> None:
        """End the threads of all integrations."""
        self._threads.close()

    def _without_connector(self, integration: LoadedIntegration, installed: Installed, verb: Verb) -> Reply | None:
        """Return the reply where no connector is called: the package has gone, a person acts, or nobody has to."""
        if integration.manifest is None:
            return _without_package(integration, installed, verb)
        manifest, plan = integration.declaration
        match doer(manifest, verb):
            case Doer.PERSON:
                detail = instructions(manifest, plan, verb, installed.integration)
                return Reply(verb=verb, outcome=Outcome.manual(detail), manual_steps=plan.manual_steps(verb))
            case Doer.NOBODY:
                return self._nothing_to_do(verb)
            case Doer.CONNECTOR:
                return None

    async def _by_connector(self, call: Call) -> Reply:
        manifest, plan = call.integration.declaration
        require_declared(manifest, call.argument)
        if isinstance(call.argument, Share) and len(call.argument.records) > manifest.limits.batch:
            raise OversizedBatchError(f"{manifest.key} takes {manifest.limits.batch} records a call; split the batch")
        try:
            call.prepare()
        except InvalidSettingsError as error:
            return failure(call.verb, Fault.BAD_SETTINGS, f"the settings no longer fit: {error.message}", fatal=True)
        reply = await self._within_limits(call)
        if reply.outcome.status is OutcomeStatus.COMPLETED:
            reply = replace(reply, manual_steps=plan.manual_steps(call.verb))
        renewed = dict(call.client.witness.renewed)
        return replace(reply, exchanges=call.client.exchanges, renewed=renewed, secrets_read=tuple(call.secrets_read))

    async def _within_limits(self, call: Call) -> Reply:
        verb = call.verb
        is_urgent = verb in URGENT
        slot = self._slots[_limited(call.installed), is_urgent]
        try:
            async with asyncio.timeout(call.timeout_s):
                await slot.acquire()
        except TimeoutError:
            return failure(verb, Fault.BUSY, "too many calls of this installation are under way", retry_after_s=30)
        try:
            return await (self._run(call) if is_urgent else self._at_its_rate(call))
        finally:
            slot.release()

    async def _at_its_rate(self, call: Call) -> Reply:
        verb, limited, now = call.verb, _limited(call.installed), self._clock.now()
        breaker = self._breakers[limited]
        if wait := breaker.wait_s(now):
            detail = "the vendor did not answer several times; calls pause for a while"
            return failure(verb, Fault.BREAKER_OPEN, detail, retry_after_s=wait)
        try:
            if wait := self._rates[limited].wait_s(call.manifest.limits.per_minute, now):
                detail = f"the pace that the vendor asks for, or {call.manifest.limits.per_minute} calls a minute"
                return failure(verb, Fault.BUSY, detail, retry_after_s=wait)
            return await self._run(call)
        finally:
            breaker.release()

    async def _run(self, call: Call) -> Reply:
        """Call the connector once, and where one thing was forbidden, once more to see whether all is."""
        reply = await self._once(call)
        if reply.fault is not None:
            reply = await self._by_its_answer(call, reply)
        self._heed(call, reply)
        return reply

    async def _by_its_answer(self, call: Call, reply: Reply) -> Reply:
        """Return a reply without success as what the vendor's last answer makes of it."""
        exchanges = call.client.exchanges
        if call.verb is not Verb.CHECK and is_forbidden(reply, exchanges):
            look = await self._once(self._look_after(call))
            is_accepted = look.fault is None and look.outcome.status is OutcomeStatus.COMPLETED
            return refused_alone(reply) if is_accepted else reply
        return paced(reply, exchanges)

    def _look_after(self, call: Call) -> Call:
        """Return the call that shows whether the connection is still accepted."""
        look = replace(call, verb=Verb.CHECK, argument=None, earlier=())
        look.prepare()
        return look

    def _heed(self, call: Call, reply: Reply) -> None:
        """Count what a call tells of its place: whether it answers, and how fast it wants to be asked."""
        if reply.fault is Fault.STUCK:
            return
        limited, now = _limited(call.installed), self._clock.now()
        self._breakers[limited].record(is_answered=reply.fault not in UNANSWERED, now=now)
        if reply.fault is Fault.RATE_LIMITED:
            self._rates[limited].hold(now + timedelta(seconds=reply.outcome.retry_after_s or PACE_S))

    async def _once(self, call: Call) -> Reply:
        verb, installed = call.verb, call.installed
        thread = self._threads.of(installed.integration)
        if thread is None:
            detail = "the integration blocks, and is stopped until the server restarts"
            return failure(verb, Fault.STUCK, detail, retry_after_s=300)
        run = thread.submit(call.converse())
        if await _has_ended(run, call.timeout_s):
            return _reply(call, run)
        run.cancel()
        if not await _has_ended(run, _LET_GO_S):
            self._threads.abandon(installed.integration, thread)
        return failure(verb, Fault.TIMEOUT, f"no answer within {call.timeout_s:g} seconds")

    def _nothing_to_do(self, verb: Verb) -> Reply:
        if verb is not Verb.ATTEST:
            return Reply(verb=verb, outcome=Outcome.completed())
        value = Attestation(
            level=AttestationLevel.UNVERIFIABLE,
            checked_at=self._clock.now(),
            method="the vendor offers no way to prove it",
        )
        return Reply(verb=verb, outcome=Outcome.completed(), value=value, basis=Basis.NO_EVIDENCE)


async def _has_ended(run: Run, timeout_s: float) -> bool:
    try:
        done, _ = await asyncio.wait({asyncio.wrap_future(run.ended)}, timeout=timeout_s)
    except asyncio.CancelledError:
        run.cancel()
        raise
    return bool(done)


def _reply(call: Call, run: Run) -> Reply:
    if isinstance(run.error, UnfitDeclarationError):
        return failure(call.verb, Fault.INVALID_RESPONSE, str(run.error))
    if run.error is not None:
        return reply_to_error(call.verb, run.error, call.redaction)
    reply = reply_to_answer(call.verb, run.value, call.redaction, call.argument)
    return graded_reply(call, reply) if call.verb is Verb.ATTEST else reply


def _without_package(integration: LoadedIntegration, installed: Installed, verb: Verb) -> Reply:
    if verb in {Verb.REVOKE, Verb.ERASE, Verb.EXPORT, Verb.CORRECT, Verb.RESTRICT}:
        detail = instructions(None, installed.approved_plan, verb, installed.integration)
        return Reply(verb=verb, outcome=Outcome.manual(detail), fault=Fault.NOT_LOADED)
    return failure(verb, Fault.NOT_LOADED, f"the integration is not loaded: {integration.reason}")


def _limited(installed: Installed) -> str:
    """Return what the limits are counted by: an old place that does not answer holds nothing up at the new one."""
    return installed.place or installed.id
