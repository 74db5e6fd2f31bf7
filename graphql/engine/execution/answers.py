"""Answers: the bytes of a response to what was executed, failed or was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

import orjson
from graphql import GraphQLError

from wardship.graphql.engine.errors import EngineError, RequestRefusedError
from wardship.graphql.engine.execution.long_lists import AS_HANDLED, LongLists
from wardship.graphql.engine.execution.masking import Mask, MaskOnce, formatted
from wardship.graphql.engine.metrics import Metrics
from wardship.graphql.engine.planning.plans import RefusedDocumentError, error_entry

_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes of a response, and what HTTP must know of it.

    Attributes:
        parts: JSON in UTF-8, in as many parts as were made of it.
        is_executed: the response has ``data``; otherwise the request was refused.
        status: the HTTP status of a refusal; 200 when executed.
        is_forced: the status holds for every media type, because the refusal isn't about the GraphQL request.
        headers: what the host wants to be said over HTTP.
    """

    parts: Sequence[bytes]
    is_executed: bool
    status: int = 200
    is_forced: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """The whole of it."""
        return self.parts[0] if len(self.parts) == 1 else b"".join(self.parts)


class AnswerWriter:
    """Writes answers, and counts refusals and masked errors.

    Args:
        mask: turns an unexpected exception into what the client sees, and logs it.
        is_fault: whether one counts as masked.
        metrics: where it counts.
    """

    def __init__(self, mask: Mask, is_fault: Callable[[Exception], bool], metrics: Metrics) -> None:
        self._mask = mask
        self._is_fault = is_fault
        self._metrics = metrics

    def completed(
        self,
        data: dict[str, Any] | None,
        errors: list[GraphQLError],
        request: object,
        long_lists: LongLists | None,
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> Answer:
        """Return the answer of an execution.

        Args:
            data: for orjson to write; None once an error has nulled the whole of it.
            errors: in the order of the answer.
            request: the host's.
            long_lists: what of the data was written already.
            headers: what the host wants to be said over HTTP.
        """
        response: dict[str, Any] = {"data": data}
        if errors:
            response = {"errors": self._entries(errors, request), **response}
        try:
            body = _json(response)
            return Answer([*long_lists.put_in(body)] if long_lists else (body,), is_executed=True, headers=headers)
        except TypeError as error:  # a scalar of the host's gave what JSON can't hold
            return self.failed(error, request)

    def failed(self, error: Exception, request: object) -> Answer:
        """Return the answer when something failed that is no field's."""
        of_graphql = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
        return Answer((_json({"errors": self._entries([of_graphql], request)}),), False, 500, is_forced=True)

    def refused(self, error: RefusedDocumentError | EngineError) -> Answer:
        """Return the answer to a request that isn't executed."""
        if isinstance(error, RefusedDocumentError):
            return self._refused(error.errors, 400, is_forced=False)
        answer = self._refused([error_entry(error.message, error.code)], error.status, is_forced=error.is_about_http)
        return replace(answer, headers=error.headers) if isinstance(error, RequestRefusedError) else answer

    def _refused(self, errors: list[dict[str, Any]], status: int, *, is_forced: bool) -> Answer:
        self._metrics.refused[errors[0]["extensions"]["code"]] += 1
        return Answer((_json({"errors": errors}),), is_executed=False, status=status, is_forced=is_forced)

    def _entries(self, errors: list[GraphQLError], request: object) -> list[dict[str, Any]]:
        masked = MaskOnce(self._mask, request)
        entries = [formatted(error, masked) for error in errors]
        self._metrics.masked += sum(map(self._is_fault, masked.exceptions))
        return entries


def _json(response: Mapping[str, Any]) -> bytes:
    return orjson.dumps(response, option=AS_HANDLED)
