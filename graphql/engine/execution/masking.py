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


class MaskOnce:
    """Masks each exception of a response once, however many fields it failed, so that it is logged once."""

    def __init__(self, mask: Mask, request: object) -> None:
        self._mask = mask
        self._request = request
        self._masked: dict[int, tuple[Exception, tuple[str, Mapping[str, Any]]]] = {}

    @property
    def exceptions(self) -> list[Exception]:
        """Return what was masked."""
        return [error for error, _ in self._masked.values()]

    def __call__(self, error: Exception) -> tuple[str, Mapping[str, Any]]:
        """Return what the client sees of an unexpected exception."""
        if id(error) not in self._masked:
            self._masked[id(error)] = (error, self._mask(error, self._request))
        return self._masked[id(error)][1]


def formatted(error: GraphQLError, mask: Callable[[Exception], tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """Return an error as the response shows it.

    GraphQL's own errors (parsing, validation, coercion) and the engine's refusals are shown; everything else is masked.
    """
    cause = root_cause(error)
    message, extensions = error.message, error.extensions or {}
    if isinstance(cause, GraphQLError):
        extensions = {"code": BAD_INPUT, **(cause.extensions or {}), **extensions}
    elif isinstance(cause, EngineError):
        message, extensions = cause.message, {"code": cause.code}
    else:
        message, masked = mask(cause)
        extensions = dict(masked)
    return {**error.formatted, "message": message, "extensions": extensions}
