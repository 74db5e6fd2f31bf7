"""The three errors that a connector may raise; anything else counts as a crash."""

from __future__ import annotations


class IntegrationError(Exception):
    """The base of the three; its message is shown to the administrator, so it must hold no personal data.

    Attributes:
        message: what happened and what to do.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TemporarilyUnavailable(IntegrationError):
    """The vendor can't answer now: the host tries again, and its circuit breaker counts it.

    Attributes:
        retry_after_s: seconds that the vendor asked to wait (``Retry-After``), or None.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class AuthorisationExpired(IntegrationError):
    """The vendor no longer accepts our credentials: the host stops, and asks the administrator to reconnect."""


class Rejected(IntegrationError):
    """The vendor refused for good: not tried again, and shown with its reason."""
