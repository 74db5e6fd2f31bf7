"""One call: what was asked for, what the plugin gets, and the conversation itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from pydantic import BaseModel

from wardship.core.clock import Clock
from wardship.plugins.api import ConnectorContext, Manifest, RevocationPlan, Verb
from wardship.plugins.host.client import ClientLimits, GuardedClient
from wardship.plugins.host.loading import LoadedIntegration
from wardship.plugins.host.network import NetworkPolicy
from wardship.plugins.host.reach import Reach
from wardship.plugins.host.redaction import PluginLog, Redaction
from wardship.plugins.host.settings import BuiltSettings, build_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """One installation, as far as a call needs it.

    Attributes:
        id: opaque; what the plugin sees as ``installation_id``.
        integration: key of the integration.
        public_settings: as ``split_settings`` returned them.
        secrets: decrypted.
        settings_version: the form's version when they were stored; None for the present one.
        approved_plan: the plan that was shown at installation: instructions come from it when the package has gone.
    """

    id: str
    integration: str
    public_settings: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    settings_version: int | None = None
    approved_plan: RevocationPlan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the caller asked for."""

    installed: Installed
    verb: Verb
    argument: BaseModel | None
    obligation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An order made ready for the plugin."""

    order: Order
    integration: LoadedIntegration
    manifest: Manifest
    timeout_s: float
    built: BuiltSettings[Any]
    redaction: Redaction
    client: GuardedClient
    secrets_read: list[str] = field(default_factory=list)

    @classmethod
    def of(  # noqa: PLR0913 - the host's own parts, by keyword
        cls,
        order: Order,
        integration: LoadedIntegration,
        manifest: Manifest,
        *,
        timeout_s: float,
        network: NetworkPolicy,
        limits: ClientLimits,
    ) -> Self:
        """Return the call with its settings, its client and its redaction; raises ``InvalidSettingsError``."""
        installed = order.installed
        built = build_settings(
            manifest.settings,
            installed.public_settings,
            installed.secrets,
            stored_version=installed.settings_version,
        )
        return cls(
            order=order,
            integration=integration,
            manifest=manifest,
            timeout_s=timeout_s,
            built=built,
            redaction=Redaction.of(order.argument, built.secrets.values()),
            client=GuardedClient(Reach.of(manifest, built.settings), network, order.obligation_id, limits),
        )

    async def converse(self, clock: Clock) -> object:
        """Make the connector and call it: all of the plugin's code runs here, on its own lane."""
        argument = self.order.argument
        async with self.client:
            connector = self.integration.connector(self._context(clock))
            method = getattr(connector, self.order.verb.value)
            return await (method() if argument is None else method(argument))

    def _context(self, clock: Clock) -> ConnectorContext[Any]:
        log = PluginLog(
            self.redaction,
            integration=self.order.installed.integration,
            installation_id=self.order.installed.id,
            obligation_id=self.order.obligation_id,
        )
        return ConnectorContext(
            installation_id=self.order.installed.id,
            obligation_id=self.order.obligation_id,
            settings=self.built.settings,
            secret=lambda name: self._secret(name, log),
            http=self.client,
            deadline=clock.now() + timedelta(seconds=self.timeout_s),
            now=clock.now,
            log=log,
        )

    def _secret(self, name: str, log: PluginLog) -> str:
        value = self.built.secrets[name]
        self.secrets_read.append(name)
        log.info("secret read", secret=name)
        return value
