"""Sign-in by a provider as JSON, for programs and the console; and the back channel by which a provider signs out."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import Response, post
from litestar.params import FromPath, JSONBody

from wardship.core.accounts.address import InvalidAddressError
from wardship.core.accounts.events import EventKind
from wardship.core.actor import system_actor
from wardship.core.errors import InvalidInputError, NotFoundError
from wardship.core.http.problems import refusals
from wardship.core.http.request_id import request_id_of
from wardship.core.keys import UnreadableSecretError
from wardship.core.openid.refusals import REFUSALS, ProofRefusedError, ProviderUnavailableError
from wardship.core.sign_in import throttle
from wardship.core.sign_in.handlers.answers import AcceptedAnswer, without_session
from wardship.core.sign_in.handlers.dependencies import (
    BODY_REFUSALS,
    SESSION_REFUSALS,
    AnyRequest,
    InCall,
    InSession,
    session_at,
)
from wardship.core.sign_in.sessions import Session, Stage, end_session
from wardship.core.sign_in.throttle import TooManyAttemptsError
from wardship.tenants.single_sign_on.addresses import signed_out_uri
from wardship.tenants.single_sign_on.clients import registration_of
from wardship.tenants.single_sign_on.dependencies import InDesk, typed_form, with_departure
from wardship.tenants.single_sign_on.ending import end_by_provider
from wardship.tenants.single_sign_on.read import provider_in_force
from wardship.tenants.single_sign_on.records import ProviderRecord
from wardship.tenants.single_sign_on.signing_in import ID_TOKENS_SEALED_AS, Purpose, SignInDesk
from wardship.tenants.single_sign_on.ways import mail_way_to_sign_in

_BOUND: Final = session_at(Stage.COMPLETE, lets_bound=True)
_NOT_BY_PROVIDER: Final = "This session was not opened by a provider: POST /auth/step-up or /auth/sign-out instead."


class WayBody(msgspec.Struct, forbid_unknown_fields=True):
    """An address, and the short name of the organisation, if one is meant."""

    email: Annotated[str, msgspec.Meta(max_length=320)]
    organisation: Annotated[str, msgspec.Meta(max_length=63)] | None = None


class AddressAnswer(msgspec.Struct, frozen=True):
    """Where the browser goes; null where the provider has no such address."""

    url: str | None


@post("/way-to-sign-in", status_code=202, responses=refusals(*BODY_REFUSALS, InvalidAddressError, TooManyAttemptsError))
async def way_handler(call: InCall, data: JSONBody[WayBody]) -> AcceptedAnswer:
    """Mail how to sign in with an address; the answer is the same for every address and every name."""
    await mail_way_to_sign_in(call, data.email, data.organisation)
    return AcceptedAnswer("A mail is on its way to this address.")


@post(
    "/provider/step-up",
    status_code=200,
    dependencies={"session": _BOUND},
    responses=refusals(*SESSION_REFUSALS, NotFoundError, TooManyAttemptsError, ProviderUnavailableError),
)
async def step_up_handler(desk: InDesk, call: InCall, session: InSession) -> Response[AddressAnswer]:
    """Begin to show again at the provider who one is, before a dangerous act; the browser goes to the address."""
    provider = await _provider_of(desk, session)
    departure = await desk.begin(call, provider, Purpose.STEP_UP, session)
    return with_departure(desk, Response(AddressAnswer(departure.url)), departure)


@post(
    "/provider/sign-out",
    status_code=200,
    dependencies={"session": _BOUND},
    responses=refusals(*SESSION_REFUSALS, NotFoundError),
)
async def sign_out_handler(desk: InDesk, call: InCall, session: InSession) -> Response[AddressAnswer]:
    """End a session that a provider has opened; the browser goes to the address, and is signed out there too."""
    provider = await _provider_of(desk, session)
    url = await _sign_out_url(desk, provider, session)
    async with call.database.directory() as transaction:
        await end_session(transaction, session.account_id, session.id)
        await call.record(transaction, session.account_id, EventKind.SIGNED_OUT)
    return without_session(call.settings, Response(AddressAnswer(url)))


@post(
    "/provider/{provider_id:uuid}/logout",
    status_code=200,
    responses=refusals(
        InvalidInputError, NotFoundError, ProofRefusedError, ProviderUnavailableError, TooManyAttemptsError
    ),
)
async def logout_handler(request: AnyRequest, desk: InDesk, call: InCall, provider_id: FromPath[UUID]) -> None:
    """Take a provider's logout (OpenID Connect Back-Channel Logout 1.0): the sessions that it names end at once.

    Anybody can send one, and the provider may have to be asked for its keys: what is none counts against the network.
    """
    form = await typed_form(request)
    async with call.database.directory() as transaction:
        await throttle.admit_client(transaction, call)
    provider = await desk.provider(provider_id)
    registration = registration_of(desk.services.settings, desk.services.keys, provider)
    claims = await desk.openid.read_logout(registration, form.get("logout_token", ""))
    async with desk.organisation(system_actor(provider.organisation_id), request_id_of(request)) as access:
        await throttle.forgive_client(access.transaction, call)
        await end_by_provider(access, call, provider, claims)


async def _provider_of(desk: SignInDesk, session: Session) -> ProviderRecord:
    if session.organisation_id is None:
        raise NotFoundError(_NOT_BY_PROVIDER)
    async with desk.organisation(system_actor(session.organisation_id), "") as access:
        provider = await provider_in_force(access)
    if provider is None:
        raise NotFoundError(_NOT_BY_PROVIDER)
    return provider


async def _sign_out_url(desk: SignInDesk, provider: ProviderRecord, session: Session) -> str | None:
    """Return where one signs out at the provider; None where it can't be asked: one is signed out here all the same."""
    services = desk.services
    async with services.database.directory(read_only=True) as transaction:
        sealed = await transaction.fetchval("select id_token from session where id = $1", session.id)
    try:
        hint = (
            services.keys.decrypt(ID_TOKENS_SEALED_AS, sealed, bound_to=session.id.bytes).decode() if sealed else None
        )
        registration = registration_of(services.settings, services.keys, provider)
        return await desk.openid.logout_url(registration, hint, signed_out_uri(services.settings))
    except (*REFUSALS, UnreadableSecretError):
        return None
