"""Refusals as problem documents (RFC 9457), and how a route declares those that it can give."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from itertools import groupby
from traceback import walk_tb
from typing import Any, Final

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, SerializationException
from litestar.openapi import ResponseSpec
from litestar.serialization import decode_json
from litestar.types import ExceptionHandlersMap

from wardship.core.errors import WardshipError
from wardship.core.http.request_id import request_id_of

MEDIA_TYPE: Final = "application/problem+json"
_WHOLE_BODY: Final = "data"
_NO_BODY: Final = (_WHOLE_BODY, f"'{_WHOLE_BODY}'")
"""What Litestar says of a body that is missing: the name of its parameter, quoted."""
_MISSING: Final = re.compile(r"missing required field `(\w+)`")
_log = structlog.get_logger(__name__)


class BodyTooLargeError(WardshipError):
    """The body is larger than the route takes."""

    code = "REQUEST_ENTITY_TOO_LARGE"
    status = 413


class Problem(msgspec.Struct, frozen=True):
    """A refusal: what the standard asks for, and our stable ``code`` with the field that it is about."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    message: str
    path: list[str]


def problem_handlers() -> ExceptionHandlersMap:
    """Return the exception handlers that answer with problem documents."""
    return {WardshipError: _refusal, HTTPException: _http_fault, Exception: _fault}


def refusals(*errors: type[WardshipError]) -> dict[int, ResponseSpec]:
    """Declare what a route refuses, for its ``responses``: a problem document for each status, with the codes it has.

    A fault of ours can happen everywhere, and is declared too.
    """
    every: set[type[WardshipError]] = {*errors, WardshipError}
    ordered = sorted(every, key=lambda error: (error.status, error.code))
    return {
        int(status): ResponseSpec(
            Problem,
            generate_examples=False,
            description="\n".join(f"`{error.code}`: {_meaning(error)}" for error in group),
            media_type=MEDIA_TYPE,
        )
        for status, group in groupby(ordered, key=lambda error: error.status)
    }


def _meaning(error: type[WardshipError]) -> str:
    if error is WardshipError:
        return "Something went wrong on our side."
    return " ".join((error.__doc__ or "").partition("\n\n")[0].split())


def problem(
    status: int, code: str, message: str, *, path: tuple[str, ...] = (), headers: Mapping[str, str] | None = None
) -> Response[Problem]:
    """Return a problem document."""
    title = HTTPStatus(status).phrase
    content = Problem("about:blank", title, status, message, code, message, list(path))
    return Response(content, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def _refusal(_: Request[Any, Any, Any], error: WardshipError) -> Response[Problem]:
    headers = dict(error.headers) | ({} if error.retry_after is None else {"Retry-After": str(error.retry_after)})
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="wardship"'
    return problem(error.status, error.code, error.message, path=error.path, headers=headers)


def _http_fault(_: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
    """Show what the framework refuses: names of fields and what they take, never what was sent."""
    faults = [_fault_of_field(item) for item in error.extra or () if isinstance(item, dict)]
    status = error.status_code
    code = "INVALID_INPUT" if status == HTTPStatus.BAD_REQUEST else HTTPStatus(status).name
    path = next((path for path, _ in faults), ())
    message = "; ".join(": ".join((*path, text)) for path, text in faults)
    if isinstance(error.__cause__, SerializationException):
        message = f"The body isn't JSON ({error.detail})."
    return problem(status, code, message or HTTPStatus(status).phrase, path=path, headers=error.headers)


def _fault_of_field(item: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    """Return the field that a fault of Litestar's is about, none for the whole body, and what is wrong."""
    text, key = str(item.get("message", "")), str(item.get("key", _WHOLE_BODY))
    if (key, text) == _NO_BODY:
        return (), "The body is empty: send a JSON object."
    if missing := _MISSING.search(text):
        return (missing[1],), "is needed"
    return () if key == _WHOLE_BODY else (key,), text


def _fault(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    if _is_of_decoding(error):
        return problem(
            HTTPStatus.BAD_REQUEST, "INVALID_INPUT", "The body isn't JSON in UTF-8, or nests too deeply for it."
        )
    _log.error("unexpected_error", path=request.scope["path"], exc_info=error)
    message = f"Something went wrong on our side: tell us the request id {request_id_of(request)}."
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "INTERNAL", message)


def _is_of_decoding(error: Exception) -> bool:
    """Tell whether a body was to be decoded: msgspec raises these two as they are, which Litestar doesn't expect."""
    if not isinstance(error, UnicodeDecodeError | RecursionError) or error.__traceback__ is None:
        return False
    *_, (frame, _) = walk_tb(error.__traceback__)
    return frame.f_code is decode_json.__code__
