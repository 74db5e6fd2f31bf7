"""Why somebody is not signed in by a provider."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from wardship.core.errors import WardshipError


class ProviderUnavailableError(WardshipError):
    """The provider of sign-in can't be reached, or its documents are not what they must be; the message says which."""

    code: ClassVar[str] = "PROVIDER_UNAVAILABLE"
    status: ClassVar[int] = HTTPStatus.BAD_GATEWAY


class ProviderRefusedError(WardshipError):
    """The provider did not sign you in, or does not know this deployment as it is set up; the message says why."""

    code: ClassVar[str] = "PROVIDER_REFUSED"
    status: ClassVar[int] = HTTPStatus.FORBIDDEN


class ClientRefusedError(ProviderRefusedError):
    """The provider does not accept this deployment's client id and secret: an administrator enters the present ones."""

    code: ClassVar[str] = "PROVIDER_CLIENT_REFUSED"


class ProofRefusedError(WardshipError):
    """What the provider says of a person can't be relied on: begin again; the message says what is wrong with it."""

    code: ClassVar[str] = "PROVIDER_PROOF_REFUSED"
    status: ClassVar[int] = HTTPStatus.FORBIDDEN


class FlowRefusedError(WardshipError):
    """This sign-in was begun too long ago, in another browser, with another provider, or is over: begin again."""

    code: ClassVar[str] = "PROVIDER_SIGN_IN_OVER"
    status: ClassVar[int] = HTTPStatus.GONE

    def __init__(
        self, message: str = "This sign-in was begun too long ago or in another browser, or is over: begin again."
    ) -> None:
        super().__init__(message)


REFUSALS = (
    ProviderUnavailableError,
    ProviderRefusedError,
    ClientRefusedError,
    ProofRefusedError,
    FlowRefusedError,
)
"""Why a sign-in that comes back from a provider is refused."""
