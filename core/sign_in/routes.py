"""The router of everything under /auth."""

from __future__ import annotations

from typing import Any

from litestar import Response, Router
from litestar.di import Provide

from wardship.core.http.credentials import read_credentials
from wardship.core.http.problems import HEADERS, problem_handlers
from wardship.core.nouns import Deployment
from wardship.core.sign_in.handlers import (
    changing_password,
    pages,
    registering,
    second_factors,
    sessions,
    signing_in,
    tokens,
)
from wardship.core.sign_in.handlers.caller import LARGEST_BODY, AnyRequest, require_json


def sign_in_router(deployment: Deployment) -> Router:
    """Return the router of sign-in, sessions, tokens, and the pages that mailed links lead to.

    Args:
        deployment: settings, database, clock, keys; ``wardship.tenants.access.Services`` is one.
    """

    def provide() -> Deployment:
        return deployment

    async def check(request: AnyRequest) -> None:
        require_json(request, deployment)

    async def check_page(request: AnyRequest) -> None:
        read_credentials(request, deployment.settings).require_own_origin(deployment.settings)

    endpoints = Router(
        "/",
        route_handlers=[
            signing_in.sign_in_handler,
            signing_in.second_step_handler,
            signing_in.step_up_handler,
            signing_in.sign_out_handler,
            signing_in.session_handler,
            registering.register_handler,
            registering.verify_handler,
            registering.return_handler,
            second_factors.enrol_handler,
            second_factors.confirm_handler,
            second_factors.recovery_codes_handler,
            changing_password.change_handler,
            changing_password.forgot_handler,
            changing_password.reset_handler,
            sessions.list_sessions_handler,
            sessions.end_sessions_handler,
            sessions.end_session_handler,
            tokens.list_tokens_handler,
            tokens.create_token_handler,
            tokens.revoke_token_handler,
        ],
        before_request=check,
        tags=["Sign-in"],
    )
    forms = Router(
        "/",
        route_handlers=[
            pages.link_page,
            pages.use_link_page,
            pages.registration_page,
            pages.use_registration_page,
            pages.forgotten_page,
            pages.use_forgotten_page,
            pages.enrol_page,
            pages.use_enrol_page,
        ],
        before_request=check_page,
        include_in_schema=False,
    )
    return Router(
        "/auth",
        route_handlers=[endpoints, forms],
        dependencies={"deployment": Provide(provide, sync_to_thread=False)},
        exception_handlers=problem_handlers(),
        after_request=_add_headers,
        request_max_body_size=LARGEST_BODY,
    )


async def _add_headers(response: Response[Any]) -> Response[Any]:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
