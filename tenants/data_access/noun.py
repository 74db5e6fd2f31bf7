"""What the noun `data_access` registers."""

from wardship.core.nouns import Tables, hookimpl
from wardship.tenants.data_access.tables import DataAccess, DataAccessPerson


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return DataAccess, DataAccessPerson
