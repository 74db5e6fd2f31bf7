"""What the noun `invitations` registers."""

from collections.abc import Sequence

from litestar import Router

from wardship.core.nouns import Tables, hookimpl
from wardship.tenants.access import Services
from wardship.tenants.invitations.routes import invitation_router
from wardship.tenants.invitations.tables import Invitation


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (Invitation,)


@hookimpl
def wardship_routes(services: Services) -> Sequence[Router]:
    """Return where a letter leads."""
    return (invitation_router(services),)
