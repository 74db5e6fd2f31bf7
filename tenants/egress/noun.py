"""What the noun `egress` registers."""

from wardship.core.nouns import Tables, hookimpl
from wardship.tenants.egress.tables import Disclosure, SubjectLink


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return SubjectLink, Disclosure
