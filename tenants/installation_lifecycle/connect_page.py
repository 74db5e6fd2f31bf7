"""`/oauth/connect/callback/{integration}`: a vendor leads a browser back, with a code or with the reason why not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from litestar import Response, Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, SkipValidation

from wardship.core.actor import Actor
from wardship.core.database.engine import Transaction
from wardship.core.errors import WardshipError
from wardship.core.http.credentials import RequestCredentials
from wardship.core.http.request_id import request_id_of
from wardship.core.notices.addresses import installation_url
from wardship.core.sign_in.authentication import authenticate
from wardship.core.sign_in.handlers.dependencies import AnyRequest, InCredentials, sign_in_dependencies
from wardship.core.sign_in.handlers.forms import sign_in_first
from wardship.core.sign_in.pages.page import Page, show
from wardship.core.sign_in.sessions import NotAuthenticatedError
from wardship.tenants.access import Access, Services
from wardship.tenants.authorisations.authorization_server import VendorAnswer
from wardship.tenants.authorisations.clients import CALLBACK
from wardship.tenants.authorisations.flows import (
    AuthorisationFlowRecord,
    ConnectionOverError,
    end_authorisation_flow,
    organisation_of_state,
)
from wardship.tenants.installation_lifecycle.connecting import Connecting, finish_connecting, read_connecting

InServices: TypeAlias = NamedDependency[SkipValidation[Services]]
_NAMES: Final = ("code", "state", "iss", "error")
_LONGEST: Final = 4000
_NOT: Final = Page("It is not connected", next_url="/console", next_label="Go on")


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A browser that has come back, with who is signed in there."""

    services: Services
    actor: Actor
    request_id: str

    async def read(self, flow: AuthorisationFlowRecord, integration: str) -> Connecting:
        """Return what was begun, if it was begun at this vendor."""
        async with self.services.database.tenant(self.actor.organisation_id) as transaction:
            connecting = await read_connecting(self._access(transaction), flow.installation_id, flow.place_id)
        if connecting.installation.integration_key != integration:
            raise ConnectionOverError
        return connecting

    async def end_flow(self, state: str) -> AuthorisationFlowRecord:
        """Return what comes back, and end it before anything else is done with it."""
        session_id = self.actor.credential_id
        if session_id is None:
            raise ConnectionOverError
        async with self.services.database.tenant(self.actor.organisation_id) as transaction:
            return await end_authorisation_flow(self._access(transaction), state, session_id)

    async def take(self, flow: AuthorisationFlowRecord, integration: str, answer: VendorAnswer) -> Connecting:
        """Keep what the vendor gives for its answer; what may not be kept is given back to it."""
        connecting = await self.read(flow, integration)
        given, is_kept = await connecting.redeem(answer), False
        try:
            async with self.services.database.tenant(self.actor.organisation_id) as transaction:
                await finish_connecting(self._access(transaction), connecting, given)
            is_kept = True
        finally:
            if not is_kept:
                await connecting.give_back(given)
        return connecting

    def _access(self, transaction: Transaction) -> Access:
        return Access(self.actor, transaction, self.services, self.request_id)


@get(f"{CALLBACK}/{{integration:str}}")
async def connect_callback_page(
    request: AnyRequest, services: InServices, credentials: InCredentials, integration: FromPath[str]
) -> Response[Any]:
    """Take the answer of a vendor to a connecting that was begun in this session."""
    answer, page = _answer(request), _NOT
    try:
        slug = await organisation_of_state(services, answer.state)
        arrival = await _arrival(request, services, credentials, slug)
        flow = await arrival.end_flow(answer.state)
        where = installation_url(services.settings, slug, flow.installation_id)
        page = replace(page, next_url=where, next_label="Back to the integration")
        connecting = await arrival.take(flow, integration, answer)
    except NotAuthenticatedError as error:
        return sign_in_first(error)
    except WardshipError as error:
        return show(replace(page, refusal=error.message), status=error.status)
    name = connecting.installation.manifest.name
    return show(Page(f"{name} is connected", next_url=where, next_label="Go on", refresh_to=where))


def connect_routes(services: Services) -> Router:
    """Return the router of the page that vendors lead back to."""
    return Router(
        "/",
        route_handlers=[connect_callback_page],
        dependencies={"services": Provide(lambda: services, sync_to_thread=False), **sign_in_dependencies(services)},
        include_in_schema=False,
    )


async def _arrival(request: AnyRequest, services: Services, credentials: RequestCredentials, slug: str) -> _Arrival:
    named = replace(credentials, organisation=slug, authorization=None, changes=False)
    return _Arrival(services, await authenticate(services, named), request_id_of(request))


def _answer(request: AnyRequest) -> VendorAnswer:
    """Return the parameters of an answer; one that is given twice, or is too long, is there and is empty."""
    given = {name: request.query_params.getall(name, []) for name in _NAMES}
    found = {
        name: values[0] if len(values) == 1 and len(values[0]) <= _LONGEST else ""
        for name, values in given.items()
        if values
    }
    return VendorAnswer(found.get("code", ""), found.get("state", ""), found.get("iss"), found.get("error", ""))
