"""The three hooks of an integration: synchronous, pure declarations."""

from __future__ import annotations

from typing import Any, Final

import pluggy

from wardship.plugins.api.connector import Connector, ConnectorContext
from wardship.plugins.api.manifest import Manifest
from wardship.plugins.api.revocation import RevocationPlan

PROJECT: Final = "wardship"
ENTRY_POINT_GROUP: Final = "wardship.integrations"

hookspec: Final = pluggy.HookspecMarker(PROJECT)
hookimpl: Final = pluggy.HookimplMarker(PROJECT)


@hookspec(firstresult=True)
def wardship_receives() -> Manifest | None:
    """Return the manifest: who the vendor is and what data it receives, why, for how long and where."""


@hookspec(firstresult=True)
def wardship_revokes() -> RevocationPlan | None:
    """Return the revocation plan: for each verb the method, what it deletes, its deadline and the proof it can give."""


@hookspec(firstresult=True)
def wardship_connector(context: ConnectorContext[Any]) -> Connector[Any] | None:
    """Return the connector for one call of one installation."""
