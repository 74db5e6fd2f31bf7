"""The kit's host: the real dispatcher and HTTP client, without a database, around one watched integration."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

import httpx2
from pydantic import BaseModel

from wardship.core.outbound.network import NetworkPolicy, verified_tls
from wardship.plugins.api import (
    Cause,
    Claim,
    Connector,
    Continuation,
    Manifest,
    Outcome,
    OutcomeStatus,
    Revocation,
    RevocationPlan,
    Verb,
)
from wardship.plugins.api.doers import Doer, doer
from wardship.plugins.host.call import DispatchLimits, Installed
from wardship.plugins.host.client import ClientLimits
from wardship.plugins.host.data_guards import people_in
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.exchanges import KeptExchange, random_digest
from wardship.plugins.host.registry import LoadedIntegration, Registry
from wardship.plugins.host.reply import Fault
from wardship.plugins.host.settings import SplitSettings
from wardship.plugins.kit.faults import InjectedFault
from wardship.plugins.kit.hearing import hearing
from wardship.plugins.kit.loop_watch import LoopWatch
from wardship.plugins.kit.people import People, with_names
from wardship.plugins.kit.remote.callbacks import Callbacks
from wardship.plugins.kit.remote.fetching import RemoteTarget
from wardship.plugins.kit.seen import Seen
from wardship.plugins.kit.vendor_access import GivenAccess
from wardship.plugins.kit.watching import WatchedPlugin
from wardship.plugins.kit.wire import Wire

MOST_ROUNDS: Final = 20
"""So often a call that is in progress is made again."""

PAUSE_S: Final = 0.05
LONGEST_TURN_S: Final = 60.0
SHORTEST_PATIENCE_S: Final = 0.2
LONGEST_PATIENCE_S: Final = 5.0
"""How long a remote vendor's own call is waited for at most, before it is asked again."""

USUAL_CAUSES: Final = {
    Verb.ERASE: Cause.REQUEST,
    Verb.REVOKE: Cause.GRANT_WITHDRAWN,
    Verb.RESTRICT: Cause.RESTRICTION,
}
SAID_BY_CALL: Final = frozenset(Verb) - {Verb.EXPORT, Verb.ATTEST, Verb.RECONCILE}
"""What a vendor's own call ends; of the others it lets the host ask at once."""
CUT_SHORT_S: Final = 0.3
"""How long a call may take that is to be cancelled."""


class KitClock:
    """The machine's clock, moved by the kit: on to where a vendor asked to be called again, or out of step."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        """Return the moment, timezone-aware, in UTC."""
        return datetime.now(UTC) + self.offset


@dataclass(frozen=True, slots=True)
class Ask:
    """How a call is made: under which obligation, with which fault, and whether it is cut short.

    Attributes:
        is_apart: at a place of its own, whose pace is not that of the others.
        cause: why something is taken back; None for the usual one of the method.
    """

    obligation_id: str = ""
    fault: InjectedFault = InjectedFault.NONE
    is_cut_short: bool = False
    is_apart: bool = False
    cause: Cause | None = None


ORDINARY: Final = Ask()


class Bench:
    """Calls the integration as the host does, and hands out what was seen of each call.

    Attributes:
        calls: all that were made, in order; ``earlier`` are those of a bench before.
        installation: opaque id; another one is another installation with the same settings.
        remote: where the vendor serves the integration; None for a package.
        access: what lets the kit in at a vendor that demands OAuth 2.0.
        callbacks: what takes the vendor's own calls; None where none can come.
    """

    def __init__(
        self,
        loaded: LoadedIntegration,
        settings: SplitSettings,
        remote: RemoteTarget | None = None,
        access: GivenAccess | None = None,
    ) -> None:
        self.manifest: Manifest
        self.plan: RevocationPlan
        self.manifest, self.plan = loaded.declaration
        self.people = People(self.manifest)
        self.clock = KitClock()
        self.calls: list[Seen] = []
        self.earlier: tuple[Seen, ...] = ()
        # A vendor that keeps to keys must not take what is asked now for what an earlier run asked.
        self._run = secrets.token_hex(4)
        self.installation = f"kit-{self._run}-1"
        self.settings = settings
        self.remote, self.access = remote, access
        self.callbacks = Callbacks(remote.signing_secret, self.clock.now) if remote and remote.is_near else None
        self._loops, self._wire = LoopWatch(), Wire()
        self.plugin = WatchedPlugin(loaded, self._wire, self._loops)
        registry = Registry()
        self._registered = registry.register(self.plugin, loaded.key)
        self._digest = random_digest()
        self._ordinary = self._dispatcher(registry, DispatchLimits())
        # A pace that was put in is no vendor's: nobody has to wait for it.
        self._faulty = self._dispatcher(registry, DispatchLimits(sleep=_at_once))
        self._impatient = self._dispatcher(registry, DispatchLimits(sleep=_at_once, timeout_s=CUT_SHORT_S))
        self._kept: defaultdict[tuple[str, str], list[KeptExchange]] = defaultdict(list)
        self._continuations: dict[str, Continuation] = {}
        self._names: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._numbers = itertools.count(1)
        self._rounds = MOST_ROUNDS

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Look after the threads until the context ends."""
        verified_tls()  # takes long the first time, which must not be laid to the connector
        with ExitStack() as stack:
            stack.enter_context(self._loops.watching())
            stack.enter_context(hearing())
            if self.callbacks is not None:
                stack.enter_context(self.callbacks.listening())
            try:
                yield self
            finally:
                for dispatcher in (self._ordinary, self._faulty, self._impatient):
                    dispatcher.close()

    @property
    def secrets(self) -> Mapping[str, str]:
        """The secret settings in clear, what messages to a remote integration are signed with, and tokens."""
        signing = {} if self.remote is None else {"signing secret": self.remote.signing_secret}
        tokens = {} if self.access is None else self.access.secrets
        return {**self.settings.secrets, **signing, **tokens}

    @property
    def hosts(self) -> tuple[str, ...]:
        """The declared hosts, and those that the settings name, each with its port unless it is the usual one."""
        given = (self.settings.public.get(name) for name in self.manifest.host_settings)
        settings = (str(url) for url in given if url)
        urls = (*(f"https://{host}" for host in self.manifest.hosts), *settings)
        return tuple(dict.fromkeys(httpx2.URL(url).netloc.decode("ascii") for url in urls))

    def promises(self, verb: Verb) -> bool:
        """Tell whether the manifest promises that the connector does a verb."""
        return doer(self.manifest, verb) is Doer.CONNECTOR

    def can(self, verb: Verb) -> bool:
        """Tell whether the connector has what is promised; before the first call nobody knows."""
        kind = self.plugin.connector_type
        return self.promises(verb) and (kind is None or implements(kind, verb))

    def new_obligation(self) -> str:
        """Return an id that no other call has."""
        return f"kit-{self._run}-obligation-{next(self._numbers)}"

    def install_again(self) -> None:
        """Go on with another installation at the same vendor."""
        self.installation = f"kit-{self._run}-2"

    async def call(self, verb: Verb, argument: BaseModel | None = None, ask: Ask = ORDINARY) -> Seen:
        """Make one call; where the vendor's own pace leaves no turn, make it again when there is one.

        People bear the names by which the vendor has said that it knows them.
        """
        argument = with_names(argument, self._names[self.installation])
        seen = await self._once(verb, argument, ask)
        for _ in range(MOST_ROUNDS):
            if seen.end.fault is not Fault.BUSY or ask.fault is not InjectedFault.NONE:
                break
            await asyncio.sleep(min(seen.end.outcome.retry_after_s or 1.0, LONGEST_TURN_S))
            seen = await self._once(verb, argument, ask)
        return seen

    async def settle(self, verb: Verb, argument: BaseModel | None = None, ask: Ask = ORDINARY) -> Seen:
        """Make a call, and while it is in progress again under the same obligation; return the last."""
        ask = replace(ask, obligation_id=ask.obligation_id or self.new_obligation())
        seen = await self.call(verb, argument, ask)
        for _ in range(self._rounds):
            if not _goes_on(seen):
                break
            if await self._is_told_of(seen):
                continue
            seen = await self.call(verb, argument, ask)
        if _goes_on(seen):
            # One that does not end says it: the others are not waited for as long.
            self._rounds = 1
        return seen

    async def _is_told_of(self, seen: Seen) -> bool:
        """Wait until the call may be made again; tell whether the vendor has called meanwhile and said how it ended."""
        wait = seen.end.outcome.retry_after_s
        if self.remote is None:
            self.clock.offset += timedelta(seconds=wait or 0)
            await asyncio.sleep(PAUSE_S)
            return False
        # Its messages are signed at the present moment, so that the clock can't be moved: somebody really has to wait.
        left = LONGEST_PATIENCE_S if wait is None else min(wait, LONGEST_PATIENCE_S)
        told = await self._own_call(seen, SHORTEST_PATIENCE_S if self._is_not_believed else left)
        if told is None or seen.verb not in SAID_BY_CALL:
            return False
        seen.answer, seen.reply = told, replace(seen.end, outcome=told)
        self._go_on(seen)
        return True

    @property
    def _is_not_believed(self) -> bool:
        """Whether waiting for the vendor's own calls is in vain."""
        return self.callbacks is not None and bool(self.callbacks.refused)

    async def _own_call(self, seen: Seen, left_s: float) -> Outcome | None:
        """Wait for what the vendor tells by itself; None where it tells nothing for so many seconds."""
        while True:
            told = None if self.callbacks is None else self.callbacks.outcome_of(seen.obligation_id)
            if told is not None or left_s <= 0:
                return told
            await asyncio.sleep(PAUSE_S)
            left_s -= PAUSE_S

    async def _once(self, verb: Verb, argument: BaseModel | None, ask: Ask) -> Seen:
        seen = Seen(
            verb=verb, argument=argument, obligation_id=ask.obligation_id or self.new_obligation(), fault=ask.fault
        )
        self._wire.expect(seen)
        self.calls.append(seen)
        earlier = [each for about in self._about(argument) for each in self._kept[about]]
        dispatcher = self._ordinary if ask.fault is InjectedFault.NONE else self._faulty
        dispatcher = self._impatient if ask.is_cut_short else dispatcher
        seen.reply = await dispatcher.call(
            self._installed(ask),
            verb,
            argument,
            obligation_id=seen.obligation_id,
            earlier=earlier,
            continuation=self._continuations.get(seen.obligation_id),
            cause=ask.cause or USUAL_CAUSES.get(verb),
            tokens=self.access,
        )
        self._go_on(seen)
        names = {known.subject_id: known.name for known in seen.reply.outcome.known_as}
        self._names[self.installation].update(names)
        for about in [] if ask.is_cut_short else self._about(argument):
            self._kept[about] += [each.kept() for each in seen.reply.exchanges]
        return seen

    def _go_on(self, seen: Seen) -> None:
        """Keep what the next call of an obligation goes on from, as the host does: an error changes nothing."""
        outcome, so_far = seen.end.outcome, self._continuations.get(seen.obligation_id, Continuation())
        if seen.end.fault is None and outcome.status is OutcomeStatus.IN_PROGRESS:
            self._continuations[seen.obligation_id] = so_far.after(outcome)
        elif seen.end.fault is None:
            self._continuations.pop(seen.obligation_id, None)

    def _installed(self, ask: Ask) -> Installed:
        # A place whose answers were spoilt is left alone by the host: it must not be the one of the other calls.
        is_apart = ask.is_apart or ask.fault is not InjectedFault.NONE
        place = self.new_obligation() if is_apart else self.installation
        return Installed(
            id=self.installation,
            integration=self._registered.key,
            place=place,
            public_settings=self.settings.public,
            secrets=self.settings.secrets,
            oauth=self.manifest.oauth,
            inbound_url=self._inbound_url,
        )

    @property
    def _inbound_url(self) -> str:
        if self.callbacks is not None:
            return self.callbacks.address(self.installation)
        return f"https://wardship.example/integrations/{self.installation}/inbound"

    def _about(self, argument: BaseModel | None) -> list[tuple[str, str]]:
        if isinstance(argument, Claim | Revocation) and argument.everything:
            return [(self.installation, "")]
        return [(self.installation, each) for each in sorted(people_in(argument)) or [""]]

    def _dispatcher(self, registry: Registry, limits: DispatchLimits) -> Dispatcher:
        limits = replace(
            limits,
            network=NetworkPolicy.development(),
            client=ClientLimits(request_s=60, pause_s=0),
            opens=self._wire.open,
        )
        return Dispatcher(registry, self.clock, limits, digest=self._digest)


def _goes_on(seen: Seen) -> bool:
    return seen.end.fault is None and seen.end.outcome.status is OutcomeStatus.IN_PROGRESS


async def _at_once(_seconds: float) -> None:
    """Wait for nothing."""


def implements(kind: type[Connector[Any]], verb: Verb) -> bool:
    """Tell whether a connector has a method of its own for a verb."""
    return getattr(kind, verb.value) is not getattr(Connector, verb.value)
