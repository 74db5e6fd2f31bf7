"""Every refusal of the engine: a stable code, and a message that says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Self


class EngineError(Exception):
    """A refusal whose message may be shown to the client as it stands.

    Attributes:
        code: stable, upper-case identifier that clients may rely on.
        status: HTTP status when the whole request is refused with it.
        is_about_http: whether it has that status whatever media type the client accepts.
    """

    code: str = "REFUSED"
    status: int = 400
    is_about_http: ClassVar[bool] = False

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class LimitExceededError(EngineError):
    """A document or its variables ask for more than the limits allow; nothing was executed."""

    code = "LIMIT_EXCEEDED"


class MalformedGlobalIdError(EngineError):
    """A global id isn't one that this API gave out: use an `id` from an earlier answer."""

    code = "MALFORMED_ID"


class MalformedCursorError(EngineError):
    """A cursor isn't one that this API gave out for this list: use a `cursor` of an earlier page."""

    code = "MALFORMED_CURSOR"


class PageSizeError(EngineError):
    """The wanted length of a page is out of bounds."""

    code = "PAGE_SIZE"


class ExecutionTimeoutError(EngineError):
    """Execution took longer than the limit; mutations that had finished stand."""

    code = "EXECUTION_TIMEOUT"
    status = 503
    is_about_http = True

    @classmethod
    def after(cls, seconds: float) -> Self:
        """Return the refusal of an operation that took longer than allowed."""
        return cls(f"The operation took longer than {seconds:g} s: ask for less.")


class RequestRefusedError(EngineError):
    """The host refuses the request as a whole, for instance for want of a session.

    Raise it from the context hook before anything was executed. ``http_status`` becomes its ``status``; ``headers`` are
    what the answer says besides over HTTP.
    """

    code = "REQUEST_REFUSED"
    is_about_http = True

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        http_status: int = 403,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(message, code=code)
        self.status = http_status
        self.headers = headers


class RefusalError(Exception):
    """Roll a mutation back and answer with ``payload`` all the same.

    Raise it from a mutation's resolver for a typed refusal: the context of the field is left by exception, so the host
    rolls its transaction back, and ``payload`` becomes the field's value.

    Args:
        payload: the field's value.
        is_transient: whether it was chance alone, such as a deadlock: the mutation is then run once more, in a context
            of its own, before the payload is the answer.
    """

    def __init__(self, payload: object, *, is_transient: bool = False) -> None:
        super().__init__("refused")
        self.payload = payload
        self.is_transient = is_transient


class SchemaFaultError(TypeError):
    """A field was declared in a way that the engine can't run."""


class BatchLengthError(TypeError):
    """A batch resolver answered with another number of results than it got parents."""


class SerialisationError(TypeError):
    """A resolver's value doesn't fit the field's type."""
