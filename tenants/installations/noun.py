"""What the noun `installations` registers."""

from wardship.core.nouns import Tables, hookimpl
from wardship.tenants.installations.tables import Installation


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (Installation,)
