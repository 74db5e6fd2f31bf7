"""The table of certificates, which hold no personal data and so outlive an erasure."""

from __future__ import annotations

from piccolo.columns import UUID, Bytea, Text

from wardship.core.database.personal_data import Outlasting, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import Tables, hookimpl


@personal_data(not_personal=("request_id", "reference_hash", "jws"))
class Certificate(TenantTable, tablename="certificate"):
    """The signed statement of what was done for one request."""

    outlasting = Outlasting.PROOF

    request_id = UUID()
    reference_hash = Bytea()
    jws = Text()


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (Certificate,)
