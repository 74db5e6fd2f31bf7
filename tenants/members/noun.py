"""What the noun `members` registers."""

from wardship.core.nouns import Tables, hookimpl
from wardship.tenants.members.tables import Member, RoleAssignment


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return Member, RoleAssignment
