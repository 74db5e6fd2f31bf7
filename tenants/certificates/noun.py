"""The table of certificates, which hold no personal data and so outlive an erasure."""

from __future__ import annotations

from piccolo.columns import UUID, Bytea, Text

from wardship.core.database.personal_data import Outlasting, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import Tables, hookimpl
from wardship.tenants.access import Sweeps
from wardship.tenants.certificates.issue import certify_uninstallations


@personal_data(not_personal=("request_id", "reference_hash", "installation_id", "jws"))
class Certificate(TenantTable, tablename="certificate"):
    """The signed statement of what was done for one request, or when one integration was taken away."""

    outlasting = Outlasting.PROOF

    request_id = UUID(null=True, default=None)
    reference_hash = Bytea(null=True, default=None)
    installation_id = UUID(null=True, default=None)
    jws = Text()


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (Certificate,)


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what certifies that integrations were taken away."""
    return (certify_uninstallations,)
