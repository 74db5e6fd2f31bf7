"""What SCIM adds to the application: its route."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from litestar import Router

from wardship.core.nouns import hookimpl
from wardship.tenants.access import Services


@hookimpl
def wardship_routes(services: Services) -> Sequence[Router]:
    """Return the route of directories.

    The protocol's classes take as long to be made as much else together, so that only what serves imports them.
    """
    routes = importlib.import_module("wardship.tenants.scim.routes")
    return (routes.scim_router(services),)
