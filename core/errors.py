"""The base of every refusal and fault that Wardship raises by name."""

from __future__ import annotations

from typing import ClassVar


class WardshipError(Exception):
    """A refusal or fault with a stable code and a message that says what to do.

    Attributes:
        code: stable, upper-case identifier that clients may rely on, for example ``STALE_PREVIEW``.
        path: the input field that the refusal is about, outermost first; empty when it is about the whole.
    """

    code: ClassVar[str] = "INTERNAL"

    def __init__(self, message: str, *, path: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


class NotFoundError(WardshipError):
    """What was asked for is absent, or not the caller's to see: outsiders get the same answer for both."""

    code: ClassVar[str] = "NOT_FOUND"


class PermissionDeniedError(WardshipError):
    """The caller may see the thing but not do this to it."""

    code: ClassVar[str] = "PERMISSION_DENIED"


class InvalidInputError(WardshipError):
    """A value that the caller sent can't be accepted."""

    code: ClassVar[str] = "INVALID_INPUT"


class ConflictError(WardshipError):
    """The world has changed, or the deed was already done; nothing was changed by this call."""

    code: ClassVar[str] = "CONFLICT"
