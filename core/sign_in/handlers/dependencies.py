"""What Litestar gives the handlers: the deployment, the call, and the session; and what each can be refused for."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any, Final, TypeAlias

from litestar import Request
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, SkipValidation

from wardship.core.actor import Actor, StaffRole
from wardship.core.errors import InvalidInputError
from wardship.core.http.credentials import JsonRequiredError, OriginRefusedError, RequestCredentials, read_credentials
from wardship.core.http.networks import networks_of
from wardship.core.http.problems import BodyTooLargeError
from wardship.core.nouns import Deployment
from wardship.core.openid.client import OpenIdClient
from wardship.core.sign_in.authentication import (
    ChoiceRequiredError,
    CsrfRefusedError,
    OrganisationNotFoundError,
    OrganisationRequiredError,
    OrganisationSessionError,
    OrganisationSuspendedError,
    ProviderSignInRequiredError,
    SignInEndedError,
    account_for_session,
    authenticate,
)
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.sessions import (
    NotAuthenticatedError,
    SecondStepRequiredError,
    Session,
    Stage,
    token_hash,
)

AnyRequest: TypeAlias = Request[Any, Any, Any]
InDeployment: TypeAlias = NamedDependency[SkipValidation[Deployment]]
InCredentials: TypeAlias = NamedDependency[SkipValidation[RequestCredentials]]
InCall: TypeAlias = NamedDependency[SkipValidation[Call]]
InActor: TypeAlias = NamedDependency[SkipValidation[Actor]]
InOpenId: TypeAlias = NamedDependency[SkipValidation[OpenIdClient]]
InSession: TypeAlias = NamedDependency[SkipValidation[Session]]
LARGEST_BODY: Final = 16 * 1024

BODY_REFUSALS: Final = (InvalidInputError, OriginRefusedError, JsonRequiredError, BodyTooLargeError)
"""Of a route that takes a body."""
READING_REFUSALS: Final = (
    NotAuthenticatedError,
    SecondStepRequiredError,
    OriginRefusedError,
    OrganisationSessionError,
)
"""Of a route that reads in a session."""
SESSION_REFUSALS: Final = (*READING_REFUSALS, CsrfRefusedError, JsonRequiredError)
"""Of a route that changes something in a session."""
ORGANISATION_REFUSALS: Final = (
    *READING_REFUSALS,
    OrganisationNotFoundError,
    OrganisationRequiredError,
    OrganisationSuspendedError,
    ProviderSignInRequiredError,
    SignInEndedError,
    ChoiceRequiredError,
)
"""Of a route that reads in an organisation, for a session or a token."""


def provide_credentials(request: AnyRequest, deployment: InDeployment) -> RequestCredentials:
    """Return the credentials of the request."""
    return read_credentials(request, deployment.settings)


def provide_call(deployment: InDeployment, credentials: InCredentials) -> Call:
    """Return the call that the request makes."""
    return Call(deployment, credentials.client)


async def provide_subject(
    deployment: InDeployment, credentials: InCredentials, organisation: FromQuery[str | None] = None
) -> Actor:
    """Return who calls for what is his or her own, also where the organisation is suspended."""
    chosen = credentials.organisation or organisation
    return await authenticate(deployment, replace(credentials, organisation=chosen), lets_suspended=True)


async def provide_actor(
    deployment: InDeployment, credentials: InCredentials, organisation: FromQuery[str | None] = None
) -> Actor:
    """Return who calls; a link can name the organisation in its query, because it can't send a header."""
    return await authenticate(deployment, replace(credentials, organisation=credentials.organisation or organisation))


def holders_of(actor: Actor, credentials: RequestCredentials) -> tuple[Hashable, Hashable]:
    """Return whose budgets a request takes from: the organisation, and the account by this credential.

    The provider's customers are nobody's organisation, and anybody can become one: they share what an organisation has
    with those of their network, and take nothing from the staff. Vendors are customers in this.
    """
    shown = credentials.authorization or credentials.cookie or ""
    organisation: Hashable = actor.organisation_id
    if actor.is_at_provider and not actor.staff_roles - {StaffRole.VENDOR}:
        organisation = (actor.organisation_id, networks_of(credentials.client.address).wide)
    return organisation, (actor.account_id, token_hash(shown))


def session_at(*stages: Stage, lets_bound: bool = False) -> Provide:
    """Return what provides the session, having checked its CSRF token and that it has come to one of the stages.

    Args:
        stages: how far the sign-in must have come.
        lets_bound: whether one will do that an organisation's provider opened.
    """

    async def provide_session(call: InCall, credentials: InCredentials) -> Session:
        return await account_for_session(call.deployment, credentials, *stages, lets_bound=lets_bound)

    return Provide(provide_session)


async def session_if_any(call: Call, credentials: RequestCredentials) -> Session | None:
    """Return the account's own complete session of a request that needs none; None without one, or its CSRF token."""
    try:
        return await account_for_session(call.deployment, credentials)
    except (NotAuthenticatedError, CsrfRefusedError, OrganisationSessionError):
        return None


def sign_in_dependencies(deployment: Deployment) -> dict[str, Provide]:
    """Return what every handler may ask for by name; the session is one that has passed both steps."""
    openid = OpenIdClient(deployment.settings, deployment.clock, deployment.keys)

    def provide_deployment() -> Deployment:
        return deployment

    def provide_openid() -> OpenIdClient:
        return openid

    return {
        "deployment": Provide(provide_deployment, sync_to_thread=False),
        "openid": Provide(provide_openid, sync_to_thread=False),
        "credentials": Provide(provide_credentials, sync_to_thread=False),
        "call": Provide(provide_call, sync_to_thread=False),
        "session": session_at(Stage.COMPLETE),
        "actor": Provide(provide_actor),
    }
