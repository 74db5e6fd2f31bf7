"""The tables of vendors' clients and their secrets."""

from __future__ import annotations

from piccolo.columns import UUID, Array, Boolean, Bytea, Text, Timestamptz

from wardship.core.database.personal_data import personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.vendor_clients.notices import KINDS


@personal_data(
    not_personal=("account_id", "integration_key", "name", "is_confidential", "redirect_uris", "state"),
)
class VendorClient(TenantTable, tablename="vendor_client"):
    """What fetches data in the name of an integration."""

    account_id = UUID()
    integration_key = Text()
    name = Text()
    is_confidential = Boolean()
    redirect_uris = Array(base_column=Text())
    state = Text(default="requested")


@personal_data(not_personal=("client_id", "secret_hash", "expires_at"))
class VendorClientSecret(TenantTable, tablename="vendor_client_secret"):
    """By what a client proves who it is; kept as SHA-256 only."""

    client_id = UUID()
    secret_hash = Bytea()
    expires_at = Timestamptz(null=True, default=None)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return VendorClient, VendorClientSecret


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what vendors and operators are told."""
    return KINDS
