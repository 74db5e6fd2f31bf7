"""What the noun `audit` registers."""

from wardship.core.audit.tables import AuditEntry, AuditHead
from wardship.core.nouns import Tables, hookimpl


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return AuditHead, AuditEntry
