"""An integration of a vendor that demands OAuth 2.0, as a module that an entry point can name."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.fakes.oauth_vendor import KEY, LetInConnector, OAuthVendor
from tests.fixed_clock import FixedClock
from wardship.plugins.api import Connector, ConnectorContext, Manifest, RevocationPlan, Settings, hookimpl

_PLUGIN = OAuthVendor(FixedClock(datetime(2026, 11, 21, tzinfo=UTC)), port=8443).integration(KEY)


@hookimpl
def wardship_receives() -> Manifest:
    return _PLUGIN.declared


@hookimpl
def wardship_revokes() -> RevocationPlan:
    return _PLUGIN.plan


@hookimpl
def wardship_connector(context: ConnectorContext[Settings]) -> Connector[Settings]:
    return LetInConnector(context, _PLUGIN)
