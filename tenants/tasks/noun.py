"""What the noun `tasks` registers."""

from wardship.core.nouns import Tables, hookimpl
from wardship.tenants.tasks.tables import ManualTask


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (ManualTask,)
