"""What the noun `accounts` registers."""

from wardship.core.accounts.tables import Account, AccountEmail, Staff, Tombstone
from wardship.core.nouns import Tables, hookimpl


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return Account, AccountEmail, Staff, Tombstone
