"""Calls a connector's methods, one by one, so that whatever a plugin does harms only its own call."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Final

from pydantic import BaseModel

from wardship.core.clock import Clock
from wardship.plugins.api import (
    Attestation,
    AttestationLevel,
    Manifest,
    Outcome,
    OutcomeStatus,
    RevocationPlan,
    Share,
    Verb,
)
from wardship.plugins.host.answers import reply_to_answer
from wardship.plugins.host.breaker import CircuitBreaker
from wardship.plugins.host.calls import Call, Installed, Order
from wardship.plugins.host.capability import ARGUMENTS, URGENT, Doer, doer, instructions
from wardship.plugins.host.client import ClientLimits
from wardship.plugins.host.crossing import require_declared
from wardship.plugins.host.declaration import UnfitDeclarationError
from wardship.plugins.host.lanes import Ended, Lanes, Run
from wardship.plugins.host.loading import LoadedIntegration
from wardship.plugins.host.network import NetworkPolicy
from wardship.plugins.host.pace import Pace
from wardship.plugins.host.registry import Registry
from wardship.plugins.host.reply import UNANSWERED, Fault, Reply, failure, reply_to_error
from wardship.plugins.host.settings import InvalidSettingsError

AT_ONCE: Final = 4
"""How many calls of one installation run together; urgent ones have as many of their own."""

_LET_GO_S: Final = 0.5


class OversizedBatchError(ValueError):
    """More records were handed over than the manifest's ``limits.batch`` allows; split the batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchLimits:
    """What holds for every call.

    Attributes:
        network: which addresses may be reached.
        client: how much HTTP one call may use.
        timeout_s: shortens the manifest's ``acknowledge_s``; None leaves it as declared.
    """

    network: NetworkPolicy = field(default_factory=NetworkPolicy)
    client: ClientLimits = field(default_factory=ClientLimits)
    timeout_s: float | None = None

    def timeout(self, manifest: Manifest) -> float:
        """Return the seconds that one call may take."""
        declared = float(manifest.deadlines.acknowledge_s)
        return declared if self.timeout_s is None else min(declared, self.timeout_s)


class Dispatcher:
    """Calls integrations: each call has its own timeout, and each installation its limit, pace and breaker."""

    def __init__(self, registry: Registry, clock: Clock, limits: DispatchLimits | None = None) -> None:
        self._registry = registry
        self._clock = clock
        self._limits = limits or DispatchLimits()
        self._lanes = Lanes()
        self._breakers: defaultdict[str, CircuitBreaker] = defaultdict(CircuitBreaker)
        self._paces: defaultdict[str, Pace] = defaultdict(Pace)
        self._slots: defaultdict[tuple[str, bool], asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_ONCE))

    async def call(
        self, installed: Installed, verb: Verb, argument: BaseModel | None = None, *, obligation_id: str
    ) -> Reply:
        """Call one method for one obligation and return its end; never raises for what a plugin or vendor does.

        Args:
            installed: for which installation.
            verb: which method.
            argument: of the type that ``ARGUMENTS`` names for the verb.
            obligation_id: the idempotency key.

        Raises:
            TypeError: the argument does not belong to the verb.
            OversizedBatchError: there are more records than the vendor takes at once.
            UndeclaredDataError: the argument holds what the integration does not declare.
        """
        expected = ARGUMENTS[verb] or type(None)
        if type(argument) is not expected:
            raise TypeError(f"{verb} takes {expected.__name__}, not {type(argument).__name__}")
        started = time.monotonic()
        reply = await self._routed(
            Order(installed=installed, verb=verb, argument=argument, obligation_id=obligation_id)
        )
        return replace(reply, duration_s=time.monotonic() - started)

    def close(self) -> None:
        """End the threads of all integrations."""
        self._lanes.close()

    async def _routed(self, order: Order) -> Reply:
        integration = self._registry.get(order.installed.integration)
        if integration.manifest is None:
            return _without_package(integration, order)
        manifest, plan = integration.declaration
        match doer(manifest, order.verb):
            case Doer.PERSON:
                return _manual(order, manifest, plan)
            case Doer.NOBODY:
                return self._nothing_to_do(order.verb)
            case Doer.CONNECTOR:
                return await self._by_connector(order, integration, manifest, plan)

    async def _by_connector(
        self, order: Order, integration: LoadedIntegration, manifest: Manifest, plan: RevocationPlan
    ) -> Reply:
        require_declared(manifest, order.argument)
        if isinstance(order.argument, Share) and len(order.argument.records) > manifest.limits.batch:
            raise OversizedBatchError(f"{manifest.key} takes {manifest.limits.batch} records a call; split the batch")
        try:
            call = Call.of(
                order,
                integration,
                manifest,
                timeout_s=self._limits.timeout(manifest),
                network=self._limits.network,
                limits=self._limits.client,
            )
        except InvalidSettingsError as error:
            return failure(order.verb, Fault.BAD_SETTINGS, f"the settings no longer fit: {error.message}", fatal=True)
        reply = await self._within_limits(call)
        if reply.outcome.status is OutcomeStatus.COMPLETED:
            reply = replace(reply, manual_steps=plan.manual_steps(order.verb))
        return replace(reply, exchanges=tuple(call.client.exchanges), secrets_read=tuple(call.secrets_read))

    async def _within_limits(self, call: Call) -> Reply:
        verb = call.order.verb
        is_urgent = verb in URGENT
        slot = self._slots[call.order.installed.id, is_urgent]
        try:
            async with asyncio.timeout(call.timeout_s):
                await slot.acquire()
        except TimeoutError:
            return failure(verb, Fault.BUSY, "too many calls of this installation are under way", retry_after_s=30)
        try:
            return await (self._run(call) if is_urgent else self._paced(call))
        finally:
            slot.release()

    async def _paced(self, call: Call) -> Reply:
        verb, installation_id, now = call.order.verb, call.order.installed.id, self._clock.now()
        breaker = self._breakers[installation_id]
        if wait := breaker.wait_s(now):
            detail = "the vendor did not answer several times; calls pause for a while"
            return failure(verb, Fault.BREAKER_OPEN, detail, retry_after_s=wait)
        try:
            if wait := self._paces[installation_id].wait_s(call.manifest.limits.per_minute, now):
                detail = f"more than {call.manifest.limits.per_minute} calls a minute"
                return failure(verb, Fault.BUSY, detail, retry_after_s=wait)
            return await self._run(call)
        finally:
            breaker.release()

    async def _run(self, call: Call) -> Reply:
        verb, installed = call.order.verb, call.order.installed
        lane = self._lanes.of(installed.integration)
        if lane is None:
            detail = "the integration blocks, and is stopped until the server restarts"
            return failure(verb, Fault.STUCK, detail, retry_after_s=300)
        run = lane.submit(call.converse(self._clock))
        ended = await _awaited(run, call.timeout_s)
        if ended is None:
            run.cancel()
            if await _awaited(run, _LET_GO_S) is None:
                self._lanes.abandon(installed.integration, lane)
            reply = failure(verb, Fault.TIMEOUT, f"no answer within {call.timeout_s:g} seconds")
        else:
            reply = _reply(call, ended)
        self._breakers[installed.id].record(is_answered=reply.fault not in UNANSWERED, now=self._clock.now())
        return reply

    def _nothing_to_do(self, verb: Verb) -> Reply:
        if verb is not Verb.ATTEST:
            return Reply(verb=verb, outcome=Outcome.completed())
        value = Attestation(
            level=AttestationLevel.UNVERIFIABLE,
            checked_at=self._clock.now(),
            method="the vendor offers no way to prove it",
        )
        return Reply(verb=verb, outcome=Outcome.completed(), value=value)


async def _awaited(run: Run[object], timeout_s: float) -> Ended[object] | None:
    waiting = asyncio.wrap_future(run.ended)
    try:
        done, _ = await asyncio.wait({waiting}, timeout=timeout_s)
    except asyncio.CancelledError:
        run.cancel()
        raise
    return waiting.result() if done else None


def _reply(call: Call, ended: Ended[object]) -> Reply:
    if isinstance(ended.error, UnfitDeclarationError):
        return failure(call.order.verb, Fault.NONSENSE, str(ended.error))
    if ended.error is not None:
        return reply_to_error(call.order.verb, ended.error, call.redaction)
    return reply_to_answer(call.order.verb, ended.value, call.redaction)


def _without_package(integration: LoadedIntegration, order: Order) -> Reply:
    installed, verb = order.installed, order.verb
    if verb in {Verb.REVOKE, Verb.ERASE, Verb.EXPORT, Verb.CORRECT, Verb.RESTRICT}:
        detail = instructions(None, installed.approved_plan, verb, installed.integration)
        return Reply(verb=verb, outcome=Outcome.manual(detail), fault=Fault.NOT_LOADED)
    return failure(verb, Fault.NOT_LOADED, f"the integration is not loaded: {integration.reason}")


def _manual(order: Order, manifest: Manifest, plan: RevocationPlan) -> Reply:
    detail = instructions(manifest, plan, order.verb, order.installed.integration)
    return Reply(verb=order.verb, outcome=Outcome.manual(detail), manual_steps=plan.manual_steps(order.verb))
