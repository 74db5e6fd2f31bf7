"""Refusals as problem documents (RFC 9457), with headers that keep answers out of caches and frames."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from wardship.core.errors import WardshipError
from wardship.core.http.request_id import request_id_of

HEADERS: Final = MappingProxyType(
    {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "strict-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
)
"""On every answer. The referrer loses its path, and is not dropped: a form's Origin header would be dropped with it."""

_WHOLE_BODY: Final = "data"
_MISSING: Final = re.compile(r"missing required field `(\w+)`")
_log = structlog.get_logger(__name__)


def problem_handlers() -> ExceptionHandlersMap:
    """Return the exception handlers of a router whose refusals are problem documents."""
    return {WardshipError: _refusal, HTTPException: _http_fault, Exception: _fault}


def problem(
    status: int, code: str, message: str, *, path: tuple[str, ...] = (), headers: Mapping[str, str] | None = None
) -> Response[dict[str, Any]]:
    """Return a problem document."""
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": message,
        "code": code,
        "message": message,
        "path": list(path),
    }
    return Response(
        content,
        status_code=status,
        media_type="application/problem+json",
        headers={**HEADERS, **(headers or {})},
    )


def _refusal(_: Request[Any, Any, Any], error: WardshipError) -> Response[dict[str, Any]]:
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="wardship"'
    return problem(error.status, error.code, error.message, path=error.path, headers=headers)


def _http_fault(_: Request[Any, Any, Any], error: HTTPException) -> Response[dict[str, Any]]:
    """Show what the framework refuses: names of fields and what they take, never what was sent."""
    faults = [_fault_of_field(item) for item in error.extra or () if isinstance(item, dict)]
    status = error.status_code
    code = "INVALID_INPUT" if status == HTTPStatus.BAD_REQUEST else HTTPStatus(status).name
    path = next((path for path, _ in faults), ())
    message = "; ".join(": ".join((*path, text)) for path, text in faults)
    return problem(status, code, message or HTTPStatus(status).phrase, path=path, headers=error.headers)


def _fault_of_field(item: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    """Return the field that a fault of Litestar's is about, none for the whole body, and what is wrong."""
    text, key = str(item.get("message", "")), str(item.get("key", _WHOLE_BODY))
    if missing := _MISSING.search(text):
        return (missing[1],), "is needed"
    return () if key == _WHOLE_BODY else (key,), text


def _fault(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    _log.error("unexpected_error", path=request.scope["path"], exc_info=error)
    message = f"Something went wrong on our side: tell us the request id {request_id_of(request)}."
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "INTERNAL", message)
