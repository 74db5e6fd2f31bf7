"""What the noun `grants` registers."""

from wardship.core.nouns import Tables, hookimpl
from wardship.tenants.grants.tables import Consent, IntegrationGrant, Objection, Restriction


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return IntegrationGrant, Consent, Objection, Restriction
