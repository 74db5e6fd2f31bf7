"""The tables of remote integrations and of the secrets that sign messages to them."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Text, Timestamptz

from wardship.core.database.personal_data import Sealed, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import Sweeps
from wardship.tenants.remote_integrations.adopting import adopt_remote_integrations
from wardship.tenants.remote_integrations.deciding import suspend_without_vendor
from wardship.tenants.remote_integrations.fetching import fetch_documents
from wardship.tenants.remote_integrations.notices import KINDS
from wardship.tenants.remote_integrations.secrets import SEALED_FOR


@personal_data(
    not_personal=(
        "account_id",
        "url",
        "state",
        "state_since",
        "integration_key",
        "name",
        "version",
        "vendor_name",
        "endpoint",
        "document",
        "fetched_at",
        "fetch_at",
        "looked_at",
        "fault",
        "faulty_since",
        "is_admitted",
        "revision",
        "followed",
    ),
)
class RemoteIntegration(TenantTable, tablename="remote_integration"):
    """An integration that a vendor serves itself."""

    account_id = UUID()
    url = Text()
    state = Text(default="checking")
    state_since = Timestamptz()
    integration_key = Text(null=True, default=None)
    name = Text()
    version = Text()
    vendor_name = Text()
    endpoint = Text()
    document = Text(null=True, default=None)
    fetched_at = Timestamptz(null=True, default=None)
    fetch_at = Timestamptz(null=True, default=None)
    looked_at = Timestamptz(null=True, default=None)
    fault = Text()
    faulty_since = Timestamptz(null=True, default=None)
    is_admitted = Boolean(default=False)
    revision = BigInt(default=1)
    followed = BigInt(default=0)


@personal_data(not_personal=("remote_id", "sealed", "expires_at"))
class RemoteIntegrationSecret(TenantTable, tablename="remote_integration_secret"):
    """By what messages to an endpoint are signed, encrypted."""

    encrypted = (Sealed("sealed", SEALED_FOR),)

    remote_id = UUID()
    sealed = Bytea()
    expires_at = Timestamptz(null=True, default=None)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return RemoteIntegration, RemoteIntegrationSecret


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what vendors and operators are told."""
    return KINDS


@hookimpl
def wardship_start() -> Sweeps:
    """Return what takes remote integrations up, before installations are compared with what is here."""
    return (adopt_remote_integrations,)


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what fetches documents by the clock, ends what is nobody's, and takes up what has changed."""
    return fetch_documents, suspend_without_vendor, adopt_remote_integrations
