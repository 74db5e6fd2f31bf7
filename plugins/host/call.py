"""One call of a connector: who does a verb and with what, what was asked for, and what the plugin gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, TypeAlias, cast

from pydantic import BaseModel

from wardship.core.clock import Clock
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import (
    Attestation,
    AttestSupport,
    Claim,
    ConnectorContext,
    Direction,
    EraseSupport,
    Export,
    ExportSupport,
    Grant,
    HttpClient,
    InboundCall,
    Inquiry,
    Manifest,
    Outcome,
    Received,
    Reconciliation,
    Record,
    Restriction,
    Revocation,
    RevocationPlan,
    RevokeSupport,
    Settings,
    Share,
    SubjectRef,
    Verb,
)
from wardship.plugins.host.client import ClientLimits, GuardedClient, Reach
from wardship.plugins.host.data_guards import PluginHttp, PluginLog, Redaction
from wardship.plugins.host.exchanges import Digest, KeptExchange, Witness
from wardship.plugins.host.naming import Naming
from wardship.plugins.host.registry import LoadedIntegration
from wardship.plugins.host.settings import BuiltSettings, build_settings

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


class Doer(StrEnum):
    """By whom a verb is done."""

    CONNECTOR = "connector"
    PERSON = "person"
    NOBODY = "nobody"


def doer(manifest: Manifest, verb: Verb) -> Doer:
    """Return who does a verb for an integration: what a vendor can't do automatically becomes a person's task.

    ``NOBODY`` means that nothing needs doing: no connection to make, nothing to send, no call to receive.
    """
    supports = manifest.supports
    sends = any(entry.direction is not Direction.PULL for entry in manifest.receives)
    by_connector = {
        Verb.CHECK: True,
        Verb.GRANT: supports.grant,
        Verb.SHARE: sends,
        Verb.REVOKE: supports.revoke is not RevokeSupport.MANUAL,
        Verb.EXPORT: supports.export in {ExportSupport.SYNC, ExportSupport.ASYNC},
        Verb.CORRECT: supports.correct,
        Verb.RESTRICT: supports.restrict,
        Verb.ERASE: supports.erase not in {EraseSupport.MANUAL, EraseSupport.NONE},
        Verb.ATTEST: supports.attest is not AttestSupport.NONE,
        Verb.RECONCILE: supports.reconcile,
        Verb.RECEIVE: supports.receive,
    }
    if by_connector[verb]:
        return Doer.CONNECTOR
    needs_nobody = {Verb.GRANT, Verb.SHARE, Verb.ATTEST, Verb.RECONCILE, Verb.RECEIVE}
    return Doer.NOBODY if verb in needs_nobody else Doer.PERSON


def instructions(manifest: Manifest | None, plan: RevocationPlan | None, verb: Verb, integration: str) -> str:
    """Return what a person has to do when no connector does it."""
    if plan is not None and (said := plan.instructions(verb)):
        return said
    whom = manifest.vendor.privacy_contact if manifest else f"the vendor of {integration}"
    return f"Ask {whom} to {verb} what was sent to them, and note their answer here."


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """One installation, as far as a call needs it.

    Attributes:
        id: opaque; what the plugin sees as ``installation_id``.
        integration: key of the integration.
        place: one of the installation's places; limits, rate and circuit breaker are of each place.
        public_settings: as ``split_settings`` returned them.
        secrets: decrypted.
        settings_version: the form's version when they were stored; None for the present one.
        approved_hosts: the literal hosts of the approved declaration, which an upgrade that waits may not leave; None
            for those of the loaded one.
        approved_plan: the plan that was shown at installation: instructions come from it when the package has gone.
    """

    id: str
    integration: str
    place: str = ""
    public_settings: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    settings_version: int | None = None
    approved_hosts: tuple[str, ...] | None = None
    approved_plan: RevocationPlan | None = None


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


@dataclass(slots=True, kw_only=True)
class Call:
    """One call of a connector: what was asked for, and once prepared, what the plugin gets.

    Attributes:
        clock: the host's.
        digest: of what is written down of exchanges; ``digests_before`` are the same under earlier keys.
        earlier: the exchanges that were kept of earlier calls about the same subject at the same place.
    """

    installed: Installed
    verb: Verb
    argument: BaseModel | None
    obligation_id: str
    integration: LoadedIntegration
    limits: DispatchLimits
    clock: Clock
    digest: Digest = field(repr=False)
    digests_before: tuple[Digest, ...] = field(default=(), repr=False)
    earlier: Sequence[KeptExchange] = ()
    manifest: Manifest = field(init=False)
    timeout_s: float = field(init=False)
    built: BuiltSettings[Settings] = field(init=False)
    redaction: Redaction = field(init=False)
    client: GuardedClient = field(init=False)
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
        self.redaction = Redaction.of(self.argument, self.built.secrets.values())
        reach = Reach.of(self.manifest, self.built.settings, approved=self.installed.approved_hosts)
        before = self.digests_before
        witness = Witness(now=self.clock.now, digest=self.digest, before=before, naming=self._naming)
        self.client = GuardedClient(reach, self.limits.network, self.obligation_id, self.limits.client, witness)

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
            http=cast("HttpClient", PluginHttp(self.client)),  # its one method is an attribute
            deadline=self.clock.now() + timedelta(seconds=self.timeout_s),
            now=self.clock.now,
            log=log,
        )

    def _secret(self, name: str, log: PluginLog) -> str:
        value = self.built.secrets[name]
        self.secrets_read.append(name)
        log.info("secret read", secret=name)
        return value
