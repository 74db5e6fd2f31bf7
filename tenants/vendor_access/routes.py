"""The routes of vendors' access."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Router

from wardship.tenants.access import Services
from wardship.tenants.vendor_access.consent_page import consent_router
from wardship.tenants.vendor_access.data_routes import data_router
from wardship.tenants.vendor_access.token_routes import token_router


def vendor_access_routes(services: Services) -> Sequence[Router]:
    """Return the authorization server, and what vendors fetch."""
    return consent_router(services), token_router(services), data_router(services)
