"""What the noun `organisation_lifecycle` registers."""

from wardship.core.nouns import hookimpl
from wardship.tenants.access import Sweeps
from wardship.tenants.organisation_lifecycle.clocks import follow_organisations


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what the clocks of organisations make due."""
    return (follow_organisations,)
