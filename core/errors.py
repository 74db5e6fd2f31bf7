"""The base of every refusal and fault that Wardship raises by name."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import ClassVar


class WardshipError(Exception):
    """A refusal or fault with a stable code and a message that says what to do.

    Attributes:
        code: stable, upper-case identifier that clients may rely on, for example ``STALE_PREVIEW``.
        status: the HTTP status of an answer that is nothing but this refusal.
        path: the input field that the refusal is about, outermost first; empty when it is about the whole.
        retry_after: seconds after which the same call may succeed; None where waiting does not help.
        headers: what an answer over HTTP says besides.
        commits: whether what was written before it stays, because the act itself is kept: somebody else has to agree.
    """

    code: ClassVar[str] = "INTERNAL"
    status: ClassVar[int] = HTTPStatus.INTERNAL_SERVER_ERROR
    retry_after: int | None = None
    headers: Mapping[str, str] = MappingProxyType({})
    commits: ClassVar[bool] = False

    def __init__(self, message: str, *, path: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


class NotFoundError(WardshipError):
    """What was asked for is absent, or not the caller's to see: outsiders get the same answer for both."""

    code: ClassVar[str] = "NOT_FOUND"
    status: ClassVar[int] = HTTPStatus.NOT_FOUND


class PermissionDeniedError(WardshipError):
    """The caller may see the thing but not do this to it."""

    code: ClassVar[str] = "PERMISSION_DENIED"
    status: ClassVar[int] = HTTPStatus.FORBIDDEN


class InvalidInputError(WardshipError):
    """A value that the caller sent can't be accepted."""

    code: ClassVar[str] = "INVALID_INPUT"
    status: ClassVar[int] = HTTPStatus.BAD_REQUEST


class ConflictError(WardshipError):
    """The state has changed since the caller read it, or the act was done already; this call changed nothing."""

    code: ClassVar[str] = "CONFLICT"
    status: ClassVar[int] = HTTPStatus.CONFLICT
