"""What the noun `requests` registers."""

from wardship.core.nouns import Tables, hookimpl
from wardship.tenants.requests.tables import DataRequest, Preview, RequestEvent, RequestRight


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return DataRequest, RequestRight, RequestEvent, Preview
