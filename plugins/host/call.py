"""One call of a connector: who does a verb and with what, what was asked for, and what the plugin gets."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final, TypeAlias, TypedDict, cast

from pydantic import BaseModel

from wardship.core.clock import Clock
from wardship.core.outbound.breaking import WELL, Breakers, Health
from wardship.core.outbound.network import NetworkPolicy, PinnedTransport
from wardship.core.outbound.pacing import PacedPlace, Paces, Rate
from wardship.plugins.api import (
    FIRST_CONTRACT,
    Attestation,
    Cause,
    Claim,
    Claimed,
    ConnectorContext,
    Continuation,
    EraseSupport,
    Export,
    Grant,
    HttpClient,
    InboundCall,
    Inquiry,
    Manifest,
    OAuth,
    Outcome,
    Received,
    Reconciliation,
    Record,
    Restriction,
    Revocation,
    RevocationPlan,
    Settings,
    Share,
    SubjectRef,
    Verb,
)
from wardship.plugins.api.connector import no_access_token
from wardship.plugins.host.authorisations import AccessTokens, CallAccess
from wardship.plugins.host.client import NOWHERE, ClientLimits, GuardedClient, Opens, Reach
from wardship.plugins.host.data_guards import PluginHttp, PluginLog, Redaction
from wardship.plugins.host.exchanges import Digest, KeptExchange, Witness
from wardship.plugins.host.naming import Naming
from wardship.plugins.host.registry import Form, LoadedIntegration
from wardship.plugins.host.settings import BuiltSettings, build_settings
from wardship.plugins.host.turns import WAITED, Sleep, Turns

ARGUMENTS: Final[Mapping[Verb, type[BaseModel] | None]] = {
    Verb.CHECK: None,
    Verb.GRANT: Grant,
    Verb.SHARE: Share,
    Verb.REVOKE: Revocation,
    Verb.EXPORT: SubjectRef,
    Verb.CORRECT: Record,
    Verb.RESTRICT: Restriction,
    Verb.ERASE: SubjectRef,
    Verb.ATTEST: Claim,
    Verb.RECONCILE: Inquiry,
    Verb.RECEIVE: InboundCall,
}
"""What each verb is called with."""

Answer: TypeAlias = Outcome | Export | Attestation | Reconciliation | Received

RESULTS: Final[Mapping[Verb, type[Answer]]] = {
    **dict.fromkeys(Verb, Outcome),
    Verb.EXPORT: Export,
    Verb.ATTEST: Attestation,
    Verb.RECONCILE: Reconciliation,
    Verb.RECEIVE: Received,
}
"""What each verb answers."""

URGENT: Final = frozenset({Verb.REVOKE})
"""Goes ahead whatever the breaker says and however busy the installation is; the timeout still holds."""


INCOMING: Final = frozenset({Verb.RECEIVE})
"""What anybody can cause from outside: it waits for nothing, runs on threads of its own, and counts for no breaker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """One installation, as far as a call needs it.

    Attributes:
        id: opaque; what the plugin sees as ``installation_id``.
        integration: key of the integration.
        organisation: whose it is.
        place: one of the installation's places; limits, rate and circuit breaker are of each place.
        public_settings: as ``split_settings`` returned them.
        secrets: decrypted.
        retiring: what some of them were before, by name, while both are valid at the vendor.
        settings_version: the form's version when they were stored; None for the present one.
        approved_hosts: the literal hosts of the approved declaration, which an upgrade that waits may not leave; None
            for those of the loaded one.
        oauth: the authorization server that lets this deployment in, as it was approved when it gave the tokens; what
            waits, or was approved since, decides nothing about them. None where none does.
        approved_plan: the plan that was shown at installation: instructions come from it when the package has gone.
        inbound_url: where the vendor's own calls to this installation come in.
        health: what was read of the place, together with its settings.
        is_resting: nothing may be sent for it: a call of its vendor is verified, and reaches no host.
    """

    id: str
    integration: str
    organisation: str = ""
    place: str = ""
    public_settings: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    retiring: Mapping[str, str] = field(default_factory=dict, repr=False)
    settings_version: int | None = None
    approved_hosts: tuple[str, ...] | None = None
    oauth: OAuth | None = None
    approved_plan: RevocationPlan | None = None
    inbound_url: str | None = None
    health: Health = WELL
    is_resting: bool = False

    @property
    def paced_place(self) -> PacedPlace:
        """What the pace is kept for: an old place that does not answer holds nothing up at the new one."""
        return PacedPlace(self.organisation, self.place or self.id)

    def ends_access(self, verb: Verb, argument: BaseModel | None) -> bool:
        """Return whether the host does what is asked: it is about the access itself, which a server can revoke."""
        if self.oauth is None or self.oauth.revocation_endpoint is None:
            return False
        if isinstance(argument, Claim):
            return verb is Verb.ATTEST and argument.everything and argument.claimed is Claimed.REVOKED
        return isinstance(argument, Revocation) and argument.everything


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchLimits:
    """What holds for every call.

    Attributes:
        network: which addresses may be reached.
        client: how much HTTP one call may use.
        timeout_s: shortens the manifest's ``acknowledge_s``; None leaves it as declared.
        paces: of all places; None for those that this process alone sees.
        breakers: likewise, whether they answer.
        sleep: waits until a request may be sent.
        shows_tracebacks: a plugin's crash is logged with its traceback: in development.
        opens: what sends the requests of a call.
    """

    network: NetworkPolicy = field(default_factory=NetworkPolicy)
    client: ClientLimits = field(default_factory=ClientLimits)
    timeout_s: float | None = None
    paces: Paces | None = None
    breakers: Breakers | None = None
    sleep: Sleep = asyncio.sleep
    shows_tracebacks: bool = False
    opens: Opens = PinnedTransport

    def timeout(self, manifest: Manifest) -> float:
        """Return the seconds that one call may take."""
        declared = float(manifest.deadlines.acknowledge_s)
        return declared if self.timeout_s is None else min(declared, self.timeout_s)


class Kept(TypedDict, total=False):
    """What was kept of earlier calls.

    Attributes:
        earlier: the exchanges about the same subject at the same place, in order: a proof rests on them.
        continuation: what those of the same obligation left to go on from.
        cause: why something is taken back.
        tokens: those by which vendors that demand OAuth 2.0 let this deployment in.
    """

    earlier: Sequence[KeptExchange]
    continuation: Continuation | None
    cause: Cause | None
    tokens: AccessTokens | None


@dataclass(slots=True, kw_only=True)
class Call:
    """One call of a connector: what was asked for, and once prepared, what the plugin gets.

    Attributes:
        clock: the host's.
        paces: of all places.
        digest: of what is written down of exchanges; ``digests_before`` are the same under earlier keys.
        earlier: see ``Kept``, like ``continuation``, ``cause`` and ``tokens``.
        access: what this call has of the tokens; None for an integration that needs none.
    """

    installed: Installed
    verb: Verb
    argument: BaseModel | None
    obligation_id: str
    integration: LoadedIntegration
    limits: DispatchLimits
    clock: Clock
    paces: Paces
    digest: Digest = field(repr=False)
    digests_before: tuple[Digest, ...] = field(default=(), repr=False)
    earlier: Sequence[KeptExchange] = ()
    continuation: Continuation | None = None
    cause: Cause | None = None
    tokens: AccessTokens | None = None
    access: CallAccess | None = field(default=None, repr=False)
    manifest: Manifest = field(init=False)
    timeout_s: float = field(init=False)
    built: BuiltSettings[Settings] = field(init=False)
    redaction: Redaction = field(init=False)
    client: GuardedClient = field(init=False)
    turns: Turns = field(init=False)
    secrets_read: list[str] = field(default_factory=list)

    def prepare(self) -> None:
        """Make the settings, the client and the redaction.

        Raises:
            InvalidSettingsError: what was stored no longer fits the plugin's form.
        """
        self.manifest, _ = self.integration.declaration
        self.timeout_s = self.limits.timeout(self.manifest)
        self.built = build_settings(
            self.manifest.settings,
            self.installed.public_settings,
            self.installed.secrets,
            stored_version=self.installed.settings_version,
        )
        tokens = () if self.access is None else self.access.secrets
        secrets = (*self.built.secrets.values(), *self.installed.retiring.values(), *tokens)
        self.redaction = Redaction.of(self.argument, secrets)
        before = self.digests_before
        batch = self.argument if isinstance(self.argument, Share) and len(self.argument.records) > 1 else None
        people = {} if batch is None else Naming.each_of(batch)
        witness = Witness(now=self.clock.now, digest=self.digest, before=before, naming=self._naming, people=people)
        self.turns = Turns(
            paces=self.paces,
            place=self.installed.paced_place,
            rate=self.rate if self.counts_requests else None,
            now=self.clock.now,
            is_urgent=self.verb in URGENT,
            sleep=self.limits.sleep,
        )
        self.client = GuardedClient(
            reach=self._reach,
            policy=self.limits.network,
            obligation_id=self.obligation_id,
            limits=self._client_limits,
            witness=witness,
            turns=self.turns,
            keys_requests=self.manifest.contract > FIRST_CONTRACT,
            opens=self.limits.opens,
        )

    @property
    def is_hosts_own(self) -> bool:
        """Whether the host makes the call itself, without the connector."""
        return self.installed.ends_access(self.verb, self.argument)

    @property
    def _reach(self) -> Reach:
        """Whom the call may speak to; what the host does itself stays at the servers that gave the tokens."""
        if self.is_hosts_own:
            servers = () if self.access is None else self.access.held
            return Reach.at(address for held in servers for address in held.oauth.called)
        if self.installed.is_resting:
            return NOWHERE
        return Reach.of(self.manifest, self.built.settings, approved=self.installed.approved_hosts)

    @property
    def thread(self) -> str:
        """Name of the threads it runs on: what comes in blocks none of what goes out."""
        name = self.installed.integration
        return f"{name}:{self.verb}" if self.verb in INCOMING else name

    @property
    def rate(self) -> Rate:
        """How fast the vendor may be asked."""
        limits, within_s = self.manifest.limits, self.timeout_s * WAITED if self.counts_requests else 0.0
        return Rate(limits.per_minute, limits.per_second, within_s)

    @property
    def counts_requests(self) -> bool:
        """Whether the rate is of HTTP requests; that of a plugin of contract 1 is of calls."""
        return self.manifest.contract > FIRST_CONTRACT

    @property
    def _client_limits(self) -> ClientLimits:
        """How much HTTP the call may use: of a remote integration it is one request, which may take all of its time."""
        limits = self.limits.client
        return limits if self.integration.form is Form.PACKAGE else replace(limits, request_s=self.timeout_s)

    async def converse(self) -> object:
        """Make the connector and call it: all of the plugin's code runs here, on a thread of its own."""
        async with self.client:
            connector = self.integration.connector(self._context())
            method = getattr(connector, self.verb.value)
            return await (method() if self.argument is None else method(self.argument))

    def _naming(self) -> Naming:
        is_anonymised = self.manifest.supports.erase is EraseSupport.ANONYMISE
        return Naming.of(self.argument, self.installed.id, is_anonymised=is_anonymised)

    def _context(self) -> ConnectorContext[Any]:
        deadline = self.turns.ends_at = self.clock.now() + timedelta(seconds=self.timeout_s)
        log = PluginLog(
            self.redaction,
            integration=self.installed.integration,
            installation_id=self.installed.id,
            obligation_id=self.obligation_id,
        )
        return ConnectorContext(
            installation_id=self.installed.id,
            obligation_id=self.obligation_id,
            settings=self.built.settings,
            secret=lambda name: self._secret(name, log),
            secrets=lambda name: self._secrets(name, log),
            access_token=no_access_token if self.access is None else self.access.access_token,
            http=cast("HttpClient", PluginHttp(self.client)),  # its one method is an attribute
            deadline=deadline,
            now=self.clock.now,
            log=log,
            continuation=self.continuation,
            inbound_url=self.installed.inbound_url if self.manifest.supports.receive else None,
            cause=self.cause,
        )

    def _secrets(self, name: str, log: PluginLog) -> tuple[str, ...]:
        before = self.installed.retiring.get(name)
        return (self._secret(name, log), *(() if before is None else (before,)))

    def _secret(self, name: str, log: PluginLog) -> str:
        value = self.built.secrets[name]
        self.secrets_read.append(name)
        log.info("secret read", secret=name)
        return value
