"""`/scim/v2`: the credential first, then what it may ask for, then the body, and the answer as SCIM has it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl

import msgspec
import structlog
from litestar import Response, Router, route
from litestar.di import NamedDependency, Provide
from litestar.enums import HttpMethod
from litestar.exceptions import HTTPException
from litestar.params import SkipValidation
from scim2_models import Error, PayloadTooLargeException, SCIMException
from scim2_server.requests import ScimRequest
from scim2_server.responses import SCIM_MEDIA_TYPE, ScimResponse
from scim2_server.routing import Operation, match

from wardship.core.actor import Actor
from wardship.core.http.budgets import RateLimitedError
from wardship.core.http.request_id import request_id_of
from wardship.core.http.vouching import vouch_for
from wardship.core.sign_in.handlers.dependencies import AnyRequest
from wardship.tenants.access import Services
from wardship.tenants.scim.authentication import authenticate_directory
from wardship.tenants.scim.resources import LARGEST_BODY
from wardship.tenants.scim.service import PATH, SERVICE, base_url, serve

OPERATION_COST: Final = 10_000
"""What one request costs of what a token may ask for, by the cost of GraphQL; each byte of its body costs one more."""
InServices: TypeAlias = NamedDependency[SkipValidation[Services]]
_METHODS: Final = [HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE]
_log = structlog.get_logger(__name__)


@route([PATH, f"{PATH}/{{path:path}}"], http_method=_METHODS, status_code=HTTPStatus.OK, include_in_schema=False)
async def scim_handler(request: AnyRequest, services: InServices) -> Response[bytes]:
    """Answer a directory."""
    asked = _asked(request, services)
    if _is_public(asked):
        return _answer(SERVICE.service_provider_config(asked.url, asked.query))
    actor = await authenticate_directory(services, request.headers.get("authorization"))
    vouch_for(request)
    asked.body = await _body(request)
    left = _charge(services, actor, asked)
    response = await serve(services, actor, asked, request_id_of(request))
    return _answer(response, left)


def _asked(request: AnyRequest, services: Services) -> ScimRequest:
    """Return the request without its body, which nobody has to send before the credential was looked at."""
    path = "/" + str(request.path_params.get("path", "")).strip("/")
    return ScimRequest(
        method=request.method,
        base_url=base_url(services.settings),
        path=path.removesuffix(".scim"),
        query=dict(parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        headers=[(name, value) for name, value in request.headers.items()],
    )


def _is_public(asked: ScimRequest) -> bool:
    """Return whether anybody may ask: what the service can do, and nothing else (RFC 7643, section 5)."""
    try:
        return match(asked.method, asked.path).operation is Operation.service_provider_config
    except SCIMException:
        return False


async def _body(request: AnyRequest) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise PayloadTooLargeException(detail=f"A request has at most {LARGEST_BODY} bytes: send several.")
    return body


def _charge(services: Services, actor: Actor, asked: ScimRequest) -> dict[str, str]:
    cost = OPERATION_COST + len(asked.body)
    return services.budgets.charge(actor.organisation_id, actor.credential_id, cost)


def _answer(response: ScimResponse, headers: dict[str, str] | None = None) -> Response[bytes]:
    content = b"" if response.body is None else msgspec.json.encode(response.body)
    told = {name: value for name, value in response.headers.items() if name != "Content-Type"}
    return Response(
        content, status_code=int(response.status), headers={**told, **(headers or {})}, media_type=SCIM_MEDIA_TYPE
    )


def _refused(_: AnyRequest, error: SCIMException) -> Response[bytes]:
    return _answer(SERVICE.error_response(error))


def _limited(_: AnyRequest, error: RateLimitedError) -> Response[bytes]:
    told = Error(status=error.status, detail=error.message).model_dump()
    headers = {**error.headers, "Retry-After": str(error.retry_after)}
    return _answer(ScimResponse(HTTPStatus(error.status), told), headers)


def _http_fault(_: AnyRequest, error: HTTPException) -> Response[bytes]:
    return _answer(ScimResponse(HTTPStatus(error.status_code), Error(status=error.status_code).model_dump()))


def _fault(request: AnyRequest, error: Exception) -> Response[bytes]:
    _log.error("unexpected_error", request_id=request_id_of(request), exc_info=error)
    return _answer(SERVICE.error_response(error))


def scim_router(services: Services) -> Router:
    """Return the route of directories."""
    handlers: dict[type[Exception] | int, Any] = {
        SCIMException: _refused,
        RateLimitedError: _limited,
        HTTPException: _http_fault,
        Exception: _fault,
    }
    return Router(
        "/",
        route_handlers=[scim_handler],
        dependencies={"services": Provide(lambda: services, sync_to_thread=False)},
        exception_handlers=handlers,
    )
