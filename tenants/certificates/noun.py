"""What the noun `certificates` registers."""

from wardship.core.nouns import Tables, hookimpl
from wardship.tenants.certificates.tables import Certificate


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (Certificate,)
