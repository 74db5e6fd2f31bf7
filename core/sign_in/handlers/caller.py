"""Who calls an endpoint, and what every call must satisfy before it is looked at."""

from __future__ import annotations

from typing import Any, ClassVar, Final, TypeAlias

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from wardship.core.errors import InvalidInputError
from wardship.core.http.credentials import read_credentials
from wardship.core.nouns import Deployment
from wardship.core.sign_in.authentication import account_for_session
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.sessions import Session, Stage

AnyRequest: TypeAlias = Request[Any, Any, Any]
InDeployment: TypeAlias = NamedDependency[SkipValidation[Deployment]]
LARGEST_BODY: Final = 16 * 1024


class JsonRequiredError(InvalidInputError):
    """The body is not declared as JSON: a form of another site could have sent it."""

    code: ClassVar[str] = "JSON_REQUIRED"
    status: ClassVar[int] = 415


def call_of(request: AnyRequest, deployment: Deployment) -> Call:
    """Return the call that a request makes."""
    return Call(deployment, read_credentials(request, deployment.settings).client)


async def session_of(request: AnyRequest, deployment: Deployment, *stages: Stage) -> Session:
    """Return the session of a request, having checked its CSRF token and how far it has come."""
    return await account_for_session(deployment, read_credentials(request, deployment.settings), *stages)


def require_json(request: AnyRequest, deployment: Deployment) -> None:
    """Refuse what a page of another site could make a browser send: before any body is read.

    Raises:
        OriginRefusedError: a page of another site sent it.
        JsonRequiredError: it has a body that isn't declared as JSON.
    """
    credentials = read_credentials(request, deployment.settings)
    credentials.require_own_origin(deployment.settings)
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    if credentials.changes and has_body and request.content_type[0] != "application/json":
        raise JsonRequiredError("Send JSON, with Content-Type: application/json.")
