"""Read a call from outside into bounds: so much body, in so much time, without what is none of a plugin's business."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Final
from urllib.parse import parse_qsl

from wardship.core.errors import WardshipError
from wardship.core.http.problems import BodyTooLargeError
from wardship.core.sign_in.handlers.dependencies import AnyRequest
from wardship.plugins.api import InboundCall

LARGEST_BODY: Final = 262_144
LARGEST_HEAD: Final = 16_384
"""Bytes of headers and query together."""
READ_WITHIN_S: Final = 10.0
_MOST_PARAMETERS: Final = 100
_WITHHELD: Final = frozenset({"cookie"})
"""Credentials of people for us, which no plugin gets to see."""


class HeadTooLargeError(WardshipError):
    """The headers and the query are larger than a call may have."""

    code: ClassVar[str] = "REQUEST_HEAD_TOO_LARGE"
    status: ClassVar[int] = 431


class BodyTooSlowError(WardshipError):
    """The body did not come in time: send it again."""

    code: ClassVar[str] = "BODY_TOO_SLOW"
    status: ClassVar[int] = 408


async def read_call(request: AnyRequest) -> InboundCall:
    """Return a call as a connector gets it.

    Raises:
        HeadTooLargeError: there are too many headers or parameters.
        BodyTooLargeError: the body is too large, as announced or as it came.
        BodyTooSlowError: it did not come in time.
    """
    query = request.scope["query_string"]
    raw = request.scope["headers"]
    if sum(len(name) + len(value) for name, value in raw) + len(query) > LARGEST_HEAD:
        raise HeadTooLargeError(f"A call has at most {LARGEST_HEAD} bytes of headers and query.")
    try:
        parameters = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        raise HeadTooLargeError(f"A call has at most {_MOST_PARAMETERS} parameters.") from None
    headers = ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw)
    return InboundCall(
        method="GET" if request.method == "GET" else "POST",
        headers=tuple(header for header in headers if header[0] not in _WITHHELD),
        body=await _body(request),
        query=tuple(parameters),
    )


async def _body(request: AnyRequest) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(READ_WITHIN_S):
            async for part in request.stream():
                body += part
                if len(body) > LARGEST_BODY:
                    raise BodyTooLargeError(f"A call has at most {LARGEST_BODY} bytes.")
    except TimeoutError:
        raise BodyTooSlowError(f"The body has to come within {READ_WITHIN_S:g} seconds.") from None
    return bytes(body)
