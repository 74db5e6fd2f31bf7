"""Identities at OpenID providers, and sign-ins that are under way there."""

from __future__ import annotations

from piccolo.columns import UUID, Bytea, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, Source, account_data, personal_data
from wardship.core.database.tables import DirectoryTable
from wardship.core.nouns import DeploymentSweeps, Tables, hookimpl
from wardship.core.openid.flows import sweep_flows


@account_data(
    personal={
        "issuer": Personal("user.unique_id", Source.LINKED_SERVICE, Erasure.REMOVE),
        "subject": Personal("user.unique_id", Source.LINKED_SERVICE, Erasure.REMOVE),
        "used_at": Personal("user.telemetry", Source.AUTOMATIC, Erasure.REMOVE),
    },
    not_personal=("organisation_id",),
)
class IdentityRow(DirectoryTable, tablename="identity"):
    """Who somebody is at a provider: of an organisation, or of the deployment."""

    account_id = UUID()
    organisation_id = UUID(null=True, default=None)
    issuer = Text()
    subject = Text()
    used_at = Timestamptz()


@account_data(
    personal={}, not_personal=("session_id", "provider", "purpose", "state_hash", "browser_hash", "expires_at")
)
class OpenIdFlow(DirectoryTable, tablename="openid_flow"):
    """A sign-in that was begun at a provider; it goes when it comes back, or after ten minutes."""

    account_id = UUID(null=True, default=None)
    session_id = UUID(null=True, default=None)
    provider = Text()
    purpose = Text()
    state_hash = Bytea()
    browser_hash = Bytea()
    expires_at = Timestamptz()


@personal_data(not_personal=("token_hash",))
class OpenIdLogout(DirectoryTable, tablename="openid_logout"):
    """A logout that a provider has sent, so that it is carried out once; it goes after a quarter of an hour."""

    token_hash = Bytea()


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return IdentityRow, OpenIdFlow, OpenIdLogout


@hookimpl
def wardship_sweeps() -> DeploymentSweeps:
    """Return what removes sign-ins that did not come back."""
    return (sweep_flows,)
