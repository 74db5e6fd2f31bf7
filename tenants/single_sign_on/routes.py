"""The router of sign-in by organisations' providers."""

from __future__ import annotations

from litestar import Router
from litestar.di import Provide

from wardship.core.http.credentials import require_json, require_own_origin, require_own_page
from wardship.core.openid.client import OpenIdClient
from wardship.core.sign_in.handlers.dependencies import LARGEST_BODY, sign_in_dependencies
from wardship.tenants.access import Services
from wardship.tenants.single_sign_on import arriving, endpoints, pages
from wardship.tenants.single_sign_on.signing_in import SignInDesk


def single_sign_on_router(services: Services) -> Router:
    """Return the router of what leads to a provider, and of where it leads back to.

    Args:
        services: the deployment.
    """
    desk = SignInDesk(services, OpenIdClient(services.settings, services.clock, services.keys))
    json = Router(
        "/",
        route_handlers=[endpoints.way_handler, endpoints.step_up_handler, endpoints.sign_out_handler],
        guards=[require_json, require_own_page, require_own_origin],
    )
    forms = Router(
        "/",
        route_handlers=[
            pages.way_page,
            pages.use_way_page,
            pages.organisation_page,
            pages.use_organisation_page,
            pages.address_page,
            pages.use_address_page,
            pages.test_page,
            pages.use_test_page,
            pages.signed_out_page,
            arriving.callback_page,
            arriving.connect_page,
            arriving.use_connect_page,
        ],
        guards=[require_own_origin],
        include_in_schema=False,
    )
    return Router(
        "/auth",
        route_handlers=[json, forms, endpoints.logout_handler],
        dependencies={"desk": Provide(lambda: desk, sync_to_thread=False), **sign_in_dependencies(services)},
        request_max_body_size=LARGEST_BODY,
        tags=["Sign-in by a provider"],
    )
