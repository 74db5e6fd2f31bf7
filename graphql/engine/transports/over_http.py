"""GraphQL over HTTP, by the specification of that name, free of any web framework.

Refusals of the HTTP request have their status whatever the client accepts. What is wrong with the GraphQL request (a
document that doesn't parse or validate, asks for too much, or variables that don't fit) is 400 in
``application/graphql-response+json`` and 200 in ``application/json``, as sections 6.4.1 and 6.4.2 say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson

from wardship.graphql.engine.errors import EngineError
from wardship.graphql.engine.execution.handler import GraphQLHandler
from wardship.graphql.engine.operations import ExecutionRequest
from wardship.graphql.engine.transports.document_parameters import names_one_document
from wardship.graphql.engine.transports.negotiation import JSON, RESPONSE_JSON, answer_type, body_is_json

BATCHED = "Send one operation at a time: batches aren't served."


class HttpRefusalError(EngineError):
    """An HTTP request that is refused before its GraphQL is looked at."""

    code = "BAD_REQUEST"

    def __init__(self, message: str, status: int = 400, *, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.status = status


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What GraphQL over HTTP reads of a request.

    Attributes:
        accept: the header of that name, and so are ``content_type`` and ``fetch_site`` (Sec-Fetch-Site).
        body: may be cut off above the limit, since it is refused then.
    """

    method: str
    accept: str | None = None
    content_type: str | None = None
    body: bytes = b""
    query_string: str = ""
    fetch_site: str | None = None


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What goes back; ``headers`` hold the content type."""

    status: int
    parts: Sequence[bytes]
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """The whole of what goes back."""
        return b"".join(self.parts)


class GraphQLOverHttp:
    """Serves a handler over HTTP.

    Args:
        handler: what executes.
        is_get_allowed: whether queries (never mutations) may come by GET; other sites' pages never may.
    """

    def __init__(self, handler: GraphQLHandler, *, is_get_allowed: bool = True) -> None:
        self.handler = handler
        self._methods = ("GET", "POST") if is_get_allowed else ("POST",)

    @property
    def request_bytes(self) -> int:
        """The longest body that is read."""
        return self.handler.limits.request_bytes

    async def respond(self, http: HttpRequest, request: object = None) -> HttpResponse:
        """Return the response to an HTTP request; ``request`` is what the context hook gets."""
        media_type = answer_type(http.accept)
        try:
            asked = self._asked(http, media_type)
        except HttpRefusalError as error:
            return self._refusal(error, media_type or JSON)
        answer = await self.handler.answer(asked, request)
        media_type = media_type or JSON
        has_status = answer.is_forced or answer.status == METHOD_NOT_ALLOWED or media_type == RESPONSE_JSON
        status = answer.status if has_status else 200
        return HttpResponse(status, answer.parts, {**self._headers(media_type, status), **answer.headers})

    def _asked(self, http: HttpRequest, media_type: str | None) -> ExecutionRequest:
        if media_type is None:
            raise HttpRefusalError(f"Accept {RESPONSE_JSON} or {JSON}.", 406, code="NOT_ACCEPTABLE")
        if http.method not in self._methods:
            raise HttpRefusalError(
                f"Send queries and mutations by {' or '.join(self._methods)}.",
                METHOD_NOT_ALLOWED,
                code="METHOD_NOT_ALLOWED",
            )
        if http.method == "GET":
            if http.fetch_site in {"cross-site", "same-site"}:
                raise HttpRefusalError("Pages of other sites may not ask by GET.", 403, code="CROSS_SITE")
            return _execution(_of_query_string(http.query_string), is_read_only=True)
        if not body_is_json(http.content_type):
            raise HttpRefusalError("Send JSON in UTF-8, as application/json.", 415, code="UNSUPPORTED_MEDIA_TYPE")
        if len(http.body) > self.request_bytes:
            raise HttpRefusalError(
                f"The request is longer than the {self.request_bytes} bytes allowed.", 413, code="REQUEST_TOO_LARGE"
            )
        return _execution(_of_body(http.body), is_read_only=False)

    def _refusal(self, error: HttpRefusalError, media_type: str) -> HttpResponse:
        self.handler.metrics.refused[error.code] += 1
        body = orjson.dumps({"errors": [{"message": error.message, "extensions": {"code": error.code}}]})
        return HttpResponse(error.status, (body,), self._headers(media_type, error.status))

    def _headers(self, media_type: str, status: int) -> Mapping[str, str]:
        headers = {"content-type": f"{media_type}; charset=utf-8", "vary": "Accept", "cache-control": "no-store"}
        return {**headers, "allow": ", ".join(self._methods)} if status == METHOD_NOT_ALLOWED else headers


METHOD_NOT_ALLOWED = 405


def _of_body(body: bytes) -> Mapping[str, Any]:
    if not body.strip():
        raise HttpRefusalError("The body is empty: send a JSON object with a `query`.", code="MALFORMED_JSON")
    try:
        parameters = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise HttpRefusalError("The body isn't JSON in UTF-8.", code="MALFORMED_JSON") from error
    if isinstance(parameters, list):
        raise HttpRefusalError(BATCHED, code="BATCHING_NOT_SUPPORTED")
    if not isinstance(parameters, dict):
        raise HttpRefusalError("The body must be a JSON object with a `query`.")
    return parameters


def _of_query_string(query_string: str) -> Mapping[str, Any]:
    try:
        parameters: dict[str, Any] = dict(
            parse_qsl(query_string, keep_blank_values=True, errors="strict", max_num_fields=20)
        )
        for name in ("variables", "extensions"):
            if name in parameters:
                parameters[name] = orjson.loads(parameters[name]) if parameters[name] else None
    except ValueError as error:
        raise HttpRefusalError("The URL's parameters can't be read.", code="MALFORMED_JSON") from error
    return {name: value for name, value in parameters.items() if value != "" or name == "query"}


def _execution(parameters: Mapping[str, Any], *, is_read_only: bool) -> ExecutionRequest:
    query, document_id = parameters.get("query"), parameters.get("documentId")
    if not names_one_document(parameters):
        raise HttpRefusalError("Send the document as a string in `query`, or else its identifier in `documentId`.")
    operation_name = parameters.get("operationName")
    if operation_name is not None and not isinstance(operation_name, str):
        raise HttpRefusalError("`operationName` must be a string or null.")
    variables = parameters.get("variables")
    extensions = parameters.get("extensions")
    for name, value in (("variables", variables), ("extensions", extensions)):
        if value is not None and not isinstance(value, dict):
            raise HttpRefusalError(f"`{name}` must be an object or null.")
    return ExecutionRequest(
        query or "", variables or {}, operation_name, is_read_only=is_read_only, document_id=document_id
    )
