"""Calls a connector's methods, one by one, so that whatever a plugin does harms only its own call."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Unpack

from pydantic import BaseModel

from wardship.core.clock import Clock
from wardship.core.outbound.breaking import ProcessBreakers
from wardship.core.outbound.pacing import AT_ONCE, ProcessPaces
from wardship.plugins.api import (
    Attestation,
    AttestationLevel,
    IntegrationError,
    Manifest,
    Outcome,
    OutcomeStatus,
    Restriction,
    Share,
    Verb,
)
from wardship.plugins.api.doers import Doer, doer, instructions, objection_doer
from wardship.plugins.host.authorisations import CallAccess
from wardship.plugins.host.call import (
    ARGUMENTS,
    INCOMING,
    URGENT,
    Call,
    DispatchLimits,
    Installed,
    Kept,
)
from wardship.plugins.host.client import LONGEST_WAIT_S
from wardship.plugins.host.crashes import log_crash
from wardship.plugins.host.data_guards import Redaction, require_declared
from wardship.plugins.host.declaration import UnfitDeclarationError
from wardship.plugins.host.ending_access import do_hosts_own
from wardship.plugins.host.exchanges import Digest, random_digest
from wardship.plugins.host.graded_reply import graded_reply
from wardship.plugins.host.grading import Basis
from wardship.plugins.host.obtaining import is_token_refused, obtain_access
from wardship.plugins.host.plugin_threads import PluginThreads, Run
from wardship.plugins.host.refusals import is_forbidden, paced, refused_alone
from wardship.plugins.host.registry import LoadedIntegration, Registry
from wardship.plugins.host.reply import UNANSWERED, Fault, Reply, call_end, failure, reply_to_answer, reply_to_error
from wardship.plugins.host.settings import InvalidSettingsError
from wardship.plugins.host.turns import PACE_S

_LET_GO_S: Final = 0.5


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
        self._breakers = self._limits.breakers or ProcessBreakers()
        self._paces = self._limits.paces or ProcessPaces()
        self._slots: defaultdict[tuple[str, bool], asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_ONCE))

    async def call(
        self,
        installed: Installed,
        verb: Verb,
        argument: BaseModel | None = None,
        *,
        obligation_id: str,
        **kept: Unpack[Kept],
    ) -> Reply:
        """Call one method for one obligation and return its end; never raises for what a plugin or vendor does.

        Args:
            installed: for which installation.
            verb: which method.
            argument: of the type that ``ARGUMENTS`` names for the verb.
            obligation_id: from which idempotency keys are derived.
            kept: what was kept of earlier calls.

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
        reply = self._without_connector(integration, installed, verb, argument)
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
                    paces=self._paces,
                    digest=self._digest,
                    digests_before=self._digests_before,
                    **kept,
                )
            )
        return replace(reply, duration_s=time.monotonic() - started)

    def reply_to_told(self, installed: Installed, verb: Verb, argument: BaseModel | None, outcome: Outcome) -> Reply:
        """Return the reply for what a vendor told of something that it had begun, by a call of its own.

        Args:
            installed: for which installation.
            verb: that answers an outcome and nothing else.
            argument: what the connector would be asked with.
            outcome: as it was told; names for others than those in the argument are left out.
        """
        redaction = Redaction.of(argument, (*installed.secrets.values(), *installed.retiring.values()))
        reply = reply_to_answer(verb, outcome, redaction, argument)
        plan = self._registry.get(installed.integration).plan
        if plan is None or reply.outcome.status is not OutcomeStatus.COMPLETED:
            return reply
        return replace(reply, manual_steps=plan.manual_steps(verb))

    def close(self) -> None:
        """End the threads of all integrations."""
        self._threads.close()

    def _without_connector(
        self, integration: LoadedIntegration, installed: Installed, verb: Verb, argument: BaseModel | None
    ) -> Reply | None:
        """Return the reply where no connector is called: the package has gone, a person acts, or nobody has to."""
        if integration.manifest is None:
            return _without_package(integration, installed, verb)
        manifest, plan = integration.declaration
        if installed.ends_access(verb, argument):
            return None
        match _doer(manifest, verb, argument):
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
        if call.installed.oauth is not None:
            call.access = await obtain_access(call)
        try:
            call.prepare()
        except InvalidSettingsError as error:
            return failure(call.verb, Fault.BAD_SETTINGS, f"the settings no longer fit: {error.message}", fatal=True)
        reply = await (self._once(call) if call.verb in INCOMING else self._within_limits(call))
        if reply.outcome.status is OutcomeStatus.COMPLETED:
            said = (call.installed.approved_plan or plan) if call.is_hosts_own else plan
            reply = replace(reply, manual_steps=said.manual_steps(call.verb))
        renewed = dict(call.client.witness.renewed)
        return replace(reply, exchanges=call.client.exchanges, renewed=renewed, secrets_read=tuple(call.secrets_read))

    async def _within_limits(self, call: Call) -> Reply:
        verb = call.verb
        is_urgent = verb in URGENT
        slot = self._slot(call, is_urgent=is_urgent)
        try:
            async with asyncio.timeout(call.timeout_s):
                await slot.acquire()
        except TimeoutError:
            return failure(verb, Fault.BUSY, "too many calls of this installation are under way", retry_after_s=30)
        try:
            return await (self._run(call) if is_urgent else self._at_its_rate(call))
        finally:
            slot.release()

    def _slot(self, call: Call, *, is_urgent: bool) -> asyncio.Semaphore:
        """Return what bounds how many calls of a place run together: those that share few requests, fewer."""
        key = (_limited(call.installed), is_urgent)
        if key not in self._slots:
            self._slots[key] = asyncio.Semaphore(call.rate.at_once if call.counts_requests else AT_ONCE)
        return self._slots[key]

    async def _at_its_rate(self, call: Call) -> Reply:
        verb, installed, now = call.verb, call.installed, self._clock.now()
        if wait := await self._breakers.admit(installed.paced_place, installed.health, now):
            detail = "the vendor did not answer several times; calls pause for a while"
            return failure(verb, Fault.BREAKER_OPEN, detail, retry_after_s=wait)
        if wait := await self._wait_to_begin(call, now):
            return failure(verb, Fault.BUSY, _pace(call), retry_after_s=wait)
        return await self._run(call)

    async def _wait_to_begin(self, call: Call, now: datetime) -> float:
        """Return the seconds until a call may begin; 0 when it may, which then counts where calls are counted."""
        place, rate = call.installed.paced_place, call.rate
        if not call.counts_requests:
            return await self._paces.give(place, rate, now, within_s=rate.begins_within_s)
        # It may begin when its first request gets its turn in time.
        wait = await self._paces.wait_s(place, rate, now)
        return wait if wait > rate.begins_within_s else 0

    async def _run(self, call: Call) -> Reply:
        """Call the connector once, and where one thing was forbidden, once more to see whether all is."""
        reply = await self._once(call)
        if call.access is not None and reply.fault is Fault.UNAUTHORISED and is_token_refused(call.access, call):
            reply = await self._with_another_token(call, call.access, reply)
        if reply.fault is not None or reply.outcome.status is OutcomeStatus.FAILED:
            reply = await self._by_its_answer(call, reply)
        await self._heed(call, reply)
        return reply

    async def _with_another_token(self, call: Call, refused: CallAccess, reply: Reply) -> Reply:
        """Call once more with a token that was renewed; what was seen with the one before stays with the call."""
        access = await obtain_access(call, refused=refused.token)
        if access.reason is not None:
            return reply_to_error(call.verb, access.reason, call.redaction)
        if access.token == refused.token:
            return reply
        before = call.client.exchanges
        call.access = access
        call.prepare()
        call.client.witness.exchanges.extend(before)
        return await self._once(call)

    async def _by_its_answer(self, call: Call, reply: Reply) -> Reply:
        """Return a reply without success as what the vendor's last answer makes of it."""
        exchanges = call.client.exchanges
        if reply.fault in UNANSWERED and call.turns.refused_for_s is not None:
            return failure(reply.verb, Fault.BUSY, _pace(call), retry_after_s=call.turns.refused_for_s)
        if call.verb is not Verb.CHECK and is_forbidden(reply, exchanges):
            look = await self._once(self._look_after(call))
            is_accepted = look.fault is None and look.outcome.status is OutcomeStatus.COMPLETED
            return refused_alone(reply) if is_accepted else reply
        return paced(reply, exchanges)

    def _look_after(self, call: Call) -> Call:
        """Return the call that shows whether the connection is still accepted."""
        look = replace(call, verb=Verb.CHECK, argument=None, earlier=(), continuation=None, cause=None)
        look.prepare()
        return look

    async def _heed(self, call: Call, reply: Reply) -> None:
        """Count what a call tells of its place: whether it answers, and how fast it wants to be asked."""
        if reply.fault is Fault.STUCK:
            return
        now, installed = self._clock.now(), call.installed
        await self._breakers.note(installed.paced_place, installed.health, call_end(reply), now)
        if reply.fault is Fault.RATE_LIMITED:
            asked = reply.outcome.retry_after_s
            wait = PACE_S if asked is None else min(asked, LONGEST_WAIT_S)
            await self._paces.hold(installed.paced_place, now, wait)

    async def _once(self, call: Call) -> Reply:
        verb, name = call.verb, call.thread
        thread = self._threads.of(name)
        if thread is None:
            detail = "the integration blocks, and is stopped until the server restarts"
            return failure(verb, Fault.STUCK, detail, retry_after_s=300)
        run = thread.submit(do_hosts_own(call) if call.is_hosts_own else call.converse())
        if await _has_ended(run, call.timeout_s):
            return _reply(call, run)
        run.cancel()
        if not await _has_ended(run, _LET_GO_S):
            self._threads.abandon(name, thread)
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


def _doer(manifest: Manifest, verb: Verb, argument: BaseModel | None) -> Doer:
    if isinstance(argument, Restriction) and argument.purpose is not None:
        return objection_doer(manifest, argument.purpose)
    return doer(manifest, verb)


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
        if not isinstance(run.error, IntegrationError):
            log_crash(call, run.error)
        return reply_to_error(call.verb, run.error, call.redaction)
    reply = reply_to_answer(call.verb, run.value, call.redaction, call.argument)
    return graded_reply(call, reply) if call.verb is Verb.ATTEST else reply


def _without_package(integration: LoadedIntegration, installed: Installed, verb: Verb) -> Reply:
    if verb in {Verb.REVOKE, Verb.ERASE, Verb.EXPORT, Verb.CORRECT, Verb.RESTRICT}:
        detail = instructions(None, installed.approved_plan, verb, installed.integration)
        return Reply(verb=verb, outcome=Outcome.manual(detail), fault=Fault.NOT_LOADED)
    return failure(verb, Fault.NOT_LOADED, f"the integration is not loaded: {integration.reason}")


def _pace(call: Call) -> str:
    """Return in words why a call or a request waits."""
    counted = "requests" if call.counts_requests else "calls"
    return f"the pace that the vendor asks for, or {call.rate.per_minute} {counted} a minute"


def _limited(installed: Installed) -> str:
    """Return what calls and failures are counted by in this process."""
    return installed.paced_place.id
