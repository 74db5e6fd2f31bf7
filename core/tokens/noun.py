"""What the noun `tokens` registers."""

from wardship.core.nouns import Tables, hookimpl
from wardship.core.tokens.tables import AccessTokenRow


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (AccessTokenRow,)
