"""The tables of vendors' access: what was granted, and the codes and tokens that point at it."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Router
from piccolo.columns import JSONB, UUID, Bytea, Text, Timestamptz

from wardship.core.database.personal_data import personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import Services, Sweeps
from wardship.tenants.vendor_access.forgetting import forget_vendor_tokens
from wardship.tenants.vendor_access.notices import KINDS
from wardship.tenants.vendor_access.routes import vendor_access_routes


@personal_data(
    not_personal=(
        "client_id",
        "client_name",
        "installation_id",
        "consented",
        "consented_at",
        "declared",
        "declared_plan",
        "granted_by",
        "ended_at",
        "ended_by",
        "end_cause",
    )
)
class VendorGrant(TenantTable, tablename="vendor_grant"):
    """That a client may fetch what an installation's declaration says."""

    client_id = UUID()
    client_name = Text()
    installation_id = UUID()
    consented = JSONB()
    consented_at = Timestamptz(null=True, default=None)
    declared = JSONB(null=True, default=None)
    declared_plan = JSONB(null=True, default=None)
    granted_by = UUID(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    ended_by = UUID(null=True, default=None)
    end_cause = Text()


@personal_data(not_personal=("grant_id", "code_hash", "redirect_uri", "code_challenge", "expires_at", "used_at"))
class VendorCode(TenantTable, tablename="vendor_code"):
    """An authorization code, kept as SHA-256 only: it is used once, within a minute."""

    grant_id = UUID()
    code_hash = Bytea()
    redirect_uri = Text()
    code_challenge = Text()
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)


@personal_data(not_personal=("grant_id", "ended_at"))
class VendorTokenFamily(TenantTable, tablename="vendor_token_family"):
    """All tokens that came of one code, or of one call by client credentials."""

    grant_id = UUID()
    ended_at = Timestamptz(null=True, default=None)


@personal_data(not_personal=("family_id", "kind", "token_hash", "expires_at", "used_at", "revoked_at"))
class VendorToken(TenantTable, tablename="vendor_token"):
    """An access or refresh token, kept as SHA-256 only."""

    family_id = UUID()
    kind = Text()
    token_hash = Bytea()
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return VendorGrant, VendorCode, VendorTokenFamily, VendorToken


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what is told of codes and tokens that were shown twice."""
    return KINDS


@hookimpl
def wardship_routes(services: Services) -> Sequence[Router]:
    """Return the authorization server and what vendors fetch."""
    return vendor_access_routes(services)


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what removes codes and tokens that have long been of no use."""
    return (forget_vendor_tokens,)
