"""The endpoints of tokens, and what a client may know of them beforehand (RFC 8414)."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import SkipValidation

from wardship.core.http.budgets import RateLimitedError
from wardship.core.http.request_id import request_id_of
from wardship.core.sign_in.handlers.dependencies import LARGEST_BODY, AnyRequest
from wardship.tenants.access import Services
from wardship.tenants.vendor_access.answering import (
    answer_introspection,
    answer_revocation,
    answer_token_request,
)
from wardship.tenants.vendor_access.judged import BY_SECRET
from wardship.tenants.vendor_access.oauth_requests import Answer, Parameters, VendorRequest
from wardship.tenants.vendor_access.tokens import SCOPE

AUTHORIZE: Final = "/oauth/authorize"
ISSUE: Final = "/oauth/token"
REVOKE: Final = "/oauth/revoke"
INTROSPECT: Final = "/oauth/introspect"
METADATA: Final = "/.well-known/oauth-authorization-server"
InServices: TypeAlias = NamedDependency[SkipValidation[Services]]
_FORM: Final = "application/x-www-form-urlencoded"


@post(ISSUE, status_code=200)
async def token_handler(request: AnyRequest, services: InServices) -> Response[bytes]:
    """Give tokens for a code, a refresh token, or a client's own credentials."""
    return (await answer_token_request(services, await _asked(request), request_id_of(request))).response()


@post(REVOKE, status_code=200)
async def revoke_handler(request: AnyRequest, services: InServices) -> Response[bytes]:
    """End a token that its client gives back."""
    return (await answer_revocation(services, await _asked(request), request_id_of(request))).response()


@post(INTROSPECT, status_code=200)
async def introspect_handler(request: AnyRequest, services: InServices) -> Response[bytes]:
    """Tell a client whether a token of its own is good."""
    return (await answer_introspection(services, await _asked(request))).response()


@get(METADATA, sync_to_thread=False)
def metadata_handler(services: InServices) -> dict[str, Any]:
    """Tell clients what there is."""
    return server_metadata(services.settings.public_url)


def server_metadata(issuer: str) -> dict[str, Any]:
    """Return what there is, as RFC 8414 and RFC 9207 have it."""
    methods = [*BY_SECRET, "none"]
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}{AUTHORIZE}",
        "token_endpoint": f"{issuer}{ISSUE}",
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint": f"{issuer}{REVOKE}",
        "revocation_endpoint_auth_methods_supported": methods,
        "introspection_endpoint": f"{issuer}{INTROSPECT}",
        "introspection_endpoint_auth_methods_supported": list(BY_SECRET),
        "scopes_supported": [SCOPE],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }


async def _asked(request: AnyRequest) -> VendorRequest:
    """Return the request, whose parameters are those of its form: none of its address is looked at."""
    is_form = request.headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM
    body = (await request.body()).decode("utf-8", "replace") if is_form else ""
    return VendorRequest(request.method, request.url.path, Parameters(body), dict(request.headers))


def _limited(_: AnyRequest, error: RateLimitedError) -> Response[bytes]:
    told = {"error": "temporarily_unavailable", "error_description": error.message}
    return Answer(error.status, told, {**error.headers, "Retry-After": str(error.retry_after)}).response()


def token_router(services: Services) -> Router:
    """Return the router of the endpoints that clients call themselves."""
    return Router(
        "/",
        route_handlers=[token_handler, revoke_handler, introspect_handler, metadata_handler],
        dependencies={"services": Provide(lambda: services, sync_to_thread=False)},
        exception_handlers={RateLimitedError: _limited},
        request_max_body_size=LARGEST_BODY,
        include_in_schema=False,
    )
