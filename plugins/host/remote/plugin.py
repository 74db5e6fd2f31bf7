"""A remote integration as a plugin: the three hooks, made of what its document declares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wardship.plugins.api import Connector, ConnectorContext, Manifest, RevocationPlan, hookimpl
from wardship.plugins.host.remote.connector import RemoteConnector, SigningSecrets
from wardship.plugins.host.remote.documents import RemoteDocument


@dataclass(frozen=True, slots=True, eq=False)
class RemotePlugin:
    """What ``Registry.register`` and ``load_plugin`` take.

    Attributes:
        document: what was declared.
        signing_secrets: asked at each message, so that a rotation needs no new plugin.
        declared_in: where the document stands, for its author.
    """

    document: RemoteDocument
    signing_secrets: SigningSecrets = field(repr=False)
    declared_in: str = "the manifest document"

    @hookimpl
    def wardship_receives(self) -> Manifest:
        """Return the declared manifest."""
        return self.document.manifest

    @hookimpl
    def wardship_revokes(self) -> RevocationPlan:
        """Return the declared plan."""
        return self.document.plan

    @hookimpl
    def wardship_connector(self, context: ConnectorContext[Any]) -> Connector[Any]:
        """Return what speaks to the endpoint."""
        return RemoteConnector(context, self.document.endpoint, self.signing_secrets)
