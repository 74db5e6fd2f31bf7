"""The messages and close codes of graphql-transport-ws, as its protocol document says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

import orjson

from wardship.graphql.engine.operations import ExecutionRequest
from wardship.graphql.engine.transports.document_parameters import names_one_document

SUBPROTOCOL: Final = "graphql-transport-ws"
_LONGEST_ID: Final = 128
_LONGEST_REASON: Final = 123
"""Bytes of UTF-8 that a close frame has room for (RFC 6455, section 5.5.1)."""


class CloseCode(IntEnum):
    """Why the server closes a socket: WebSocket's own, those of the protocol up to 4429, then ours."""

    INTERNAL = 1011
    BAD_MESSAGE = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    SUBPROTOCOL = 4406
    INIT_TIMEOUT = 4408
    SUBSCRIBER_EXISTS = 4409
    TOO_MANY_INITS = 4429
    SLOW_READER = 4450
    UNANSWERED = 4451
    TOO_MANY_SOCKETS = 4452


class ClosingError(Exception):
    """The socket is to be closed with a code and a reason."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:_LONGEST_REASON].decode(errors="ignore")


@dataclass(frozen=True, slots=True)
class Message:
    """A message from the client, of a type that clients may send; what its type needs has been checked."""

    type: str
    id: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def asked(self) -> ExecutionRequest:
        """Return the operation of a `subscribe`."""
        told = self.payload
        return ExecutionRequest(
            told.get("query") or "",
            told.get("variables") or {},
            told.get("operationName"),
            document_id=told.get("documentId"),
        )


def parsed(text: str | bytes, longest: int) -> Message:
    """Return a message.

    Args:
        text: what came; binary frames are no messages.
        longest: bytes of UTF-8 that are allowed.

    Raises:
        ClosingError: it is none (4400).
    """
    if not isinstance(text, str):
        raise _bad("Send text, not binary frames.")
    if len(text) > longest or len(text.encode(errors="replace")) > longest:
        raise _bad(f"The message is longer than the {longest} bytes allowed.")
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise _bad("The message isn't JSON.") from None
    if not isinstance(found, dict):
        raise _bad("The message isn't an object.")
    return _message(found)


def _message(found: Mapping[str, Any]) -> Message:
    kind, payload = found.get("type"), found.get("payload")
    if kind in {"connection_init", "ping", "pong"}:
        if payload is not None and not isinstance(payload, dict):
            raise _bad(f"The payload of `{kind}` must be an object.")
        return Message(kind, "", payload or {})
    if kind not in {"subscribe", "complete"}:
        raise _bad("The message has no `type` that clients may send.")
    identifier = found.get("id")
    if not isinstance(identifier, str) or not 1 <= len(identifier) <= _LONGEST_ID:
        raise _bad(f"`{kind}` needs an `id` of 1 to {_LONGEST_ID} characters.")
    if kind == "subscribe":
        _check_operation(payload)
    return Message(kind, identifier, payload or {})


def _check_operation(payload: object) -> None:
    if not isinstance(payload, dict) or not names_one_document(payload):
        raise _bad("`subscribe` needs a payload with the document in `query`, or else with its `documentId`.")
    if not isinstance(payload.get("operationName"), str | None):
        raise _bad("`operationName` must be a string or null.")
    for name in ("variables", "extensions"):
        if not isinstance(payload.get(name), dict | None):
            raise _bad(f"`{name}` must be an object or null.")


def _bad(reason: str) -> ClosingError:
    return ClosingError(CloseCode.BAD_MESSAGE, reason)


def encode_message(kind: str, identifier: str | None = None, payload: bytes | None = None) -> str:
    """Return a message to the client; the payload is JSON already."""
    parts = [b'"type":' + orjson.dumps(kind)]
    if identifier is not None:
        parts.insert(0, b'"id":' + orjson.dumps(identifier))
    if payload is not None:
        parts.append(b'"payload":' + payload)
    return (b"{" + b",".join(parts) + b"}").decode()
