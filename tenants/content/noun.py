"""What the noun `content` registers."""

from wardship.core.nouns import Tables, hookimpl
from wardship.tenants.content.tables import FileReference, Mention, Post


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return Post, Mention, FileReference
