"""What a client may see of an error."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from uuid import uuid4

from graphql import GraphQLError

from wardship.graphql.engine.errors import EngineError

Mask: TypeAlias = Callable[[Exception, Any], tuple[str, Mapping[str, Any]]]
"""Takes an unexpected exception and the host's request; gives the message and extensions that the client sees."""

BAD_INPUT = "BAD_USER_INPUT"
logger = logging.getLogger("wardship.graphql.engine")


def mask_and_log(error: Exception, request: object) -> tuple[str, Mapping[str, Any]]:
    """Log an unexpected error under a fresh id, and tell the client that id and nothing else."""
    del request
    request_id = uuid4().hex
    logger.error("unexpected error in request %s", request_id, exc_info=error)
    return "Something went wrong on our side.", {"code": "INTERNAL", "requestId": request_id}


def root_cause(error: Exception) -> Exception:
    """Return the exception that a located GraphQL error stands for."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def formatted(error: GraphQLError, request: object, mask: Mask) -> tuple[dict[str, Any], bool]:
    """Return an error as the response shows it, and whether it was masked.

    GraphQL's own errors (parsing, validation, coercion) and the engine's refusals are shown; everything else is masked.
    """
    cause = root_cause(error)
    shown: dict[str, Any] = dict(error.formatted)
    if isinstance(cause, GraphQLError):
        extensions: Mapping[str, Any] = {"code": BAD_INPUT, **(cause.extensions or {}), **(error.extensions or {})}
    elif isinstance(cause, EngineError):
        shown["message"], extensions = cause.message, {"code": cause.code}
    else:
        shown["message"], extensions = mask(cause, request)
        return {**shown, "extensions": dict(extensions)}, True
    return {**shown, "extensions": dict(extensions)}, False
