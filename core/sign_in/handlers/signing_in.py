"""Signing in and out, and registering: the endpoints that say who somebody is."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import JSONBody
from msgspec.structs import replace

from wardship.core.accounts.accounts import AccountSummary, account_summary
from wardship.core.accounts.address import InvalidAddressError
from wardship.core.accounts.events import EventKind
from wardship.core.accounts.preferences import account_preferences
from wardship.core.actor import StaffRole
from wardship.core.database.engine import Record
from wardship.core.errors import NotFoundError
from wardship.core.http.credentials import OriginRefusedError
from wardship.core.http.problems import refusals
from wardship.core.nouns import Deployment
from wardship.core.sign_in.asking_browsers import asking_cookie
from wardship.core.sign_in.first_step import WrongPasswordError, sign_in
from wardship.core.sign_in.handlers.answers import (
    AcceptedAnswer,
    AccountAnswer,
    OrganisationAnswer,
    ProviderAnswer,
    SessionAnswer,
    StepAnswer,
    WaysAnswer,
    step_answer,
    without_session,
)
from wardship.core.sign_in.handlers.bodies import AddressBody, CodeBody, LinkBody, SignInBody, VerifyBody
from wardship.core.sign_in.handlers.dependencies import (
    BODY_REFUSALS,
    SESSION_REFUSALS,
    AnyRequest,
    InCall,
    InCredentials,
    InDeployment,
    InSession,
    session_at,
)
from wardship.core.sign_in.handlers.providers import newcomer_of
from wardship.core.sign_in.links import LinkRefusedError
from wardship.core.sign_in.mailed_links import SignInByMailOffError, ask_sign_in_link, sign_in_by_link
from wardship.core.sign_in.passkey_ceremonies import has_passkeys
from wardship.core.sign_in.passkeys import list_passkeys
from wardship.core.sign_in.passwords import WeakPasswordError
from wardship.core.sign_in.providers import IdentityHeldError
from wardship.core.sign_in.registration import InvalidNameError, register, return_after_erasure, verify
from wardship.core.sign_in.second_factor import CODE_REFUSALS, bound_identity
from wardship.core.sign_in.second_step import show_second_factor
from wardship.core.sign_in.sessions import Session, Stage, end_session, find_session
from wardship.core.sign_in.throttle import TooManyAttemptsError

_NOBODY = SessionAnswer(None, "", None, None, [], None)


@post(
    "/sign-in",
    status_code=200,
    responses=refusals(*BODY_REFUSALS, InvalidAddressError, WrongPasswordError, TooManyAttemptsError),
)
async def sign_in_handler(call: InCall, credentials: InCredentials, data: JSONBody[SignInBody]) -> Response[StepAnswer]:
    """Check address and password; the session then waits for the second step."""
    opened = await sign_in(call, data.email, data.password, old_cookie=credentials.cookie)
    return step_answer(call.settings, opened)


@post(
    "/sign-in/link",
    status_code=202,
    responses=refusals(*BODY_REFUSALS, InvalidAddressError, SignInByMailOffError, TooManyAttemptsError),
)
async def ask_link_handler(call: InCall, data: JSONBody[AddressBody]) -> Response[AcceptedAnswer]:
    """Mail a link that signs in, in place of the password; the answer is the same for every address."""
    await ask_sign_in_link(call, data.email)
    answer = Response(AcceptedAnswer("A mail is on its way to this address: open the link in it within 15 minutes."))
    answer.set_cookie(asking_cookie(call, data.email))
    return answer


@post(
    "/sign-in/link/use",
    status_code=200,
    responses=refusals(*BODY_REFUSALS, LinkRefusedError, SignInByMailOffError),
)
async def use_link_handler(call: InCall, credentials: InCredentials, data: JSONBody[LinkBody]) -> Response[StepAnswer]:
    """Use the mailed link; the session then waits for the second step."""
    return step_answer(call.settings, await sign_in_by_link(call, data.token, old_cookie=credentials.cookie))


@get("/ways", responses=refusals())
async def ways_handler(deployment: InDeployment) -> WaysAnswer:
    """Tell by what people may sign in at this deployment; it says nothing of anybody."""
    settings = deployment.settings
    providers = [ProviderAnswer(item.key, item.name) for item in settings.sign_in_providers]
    return WaysAnswer(settings.sign_in_by_mail, has_passkeys(settings), providers)


@post(
    "/second-step",
    status_code=200,
    dependencies={"session": session_at(Stage.SECOND_STEP, lets_bound=True)},
    responses=refusals(*BODY_REFUSALS, *SESSION_REFUSALS, *CODE_REFUSALS, TooManyAttemptsError),
)
async def second_step_handler(call: InCall, session: InSession, data: JSONBody[CodeBody]) -> Response[StepAnswer]:
    """Check a code of the authenticator, or a recovery code; the sign-in is then complete."""
    return step_answer(call.settings, await show_second_factor(call, session, data.code))


@post(
    "/step-up",
    status_code=200,
    dependencies={"session": session_at(Stage.COMPLETE, lets_bound=True)},
    responses=refusals(*BODY_REFUSALS, *SESSION_REFUSALS, *CODE_REFUSALS, TooManyAttemptsError),
)
async def step_up_handler(call: InCall, session: InSession, data: JSONBody[CodeBody]) -> Response[StepAnswer]:
    """Check the second factor again; dangerous acts are then open for ten minutes."""
    return step_answer(call.settings, await show_second_factor(call, session, data.code))


@post(
    "/sign-out",
    status_code=200,
    dependencies={"session": session_at(*Stage, lets_bound=True)},
    responses=refusals(*SESSION_REFUSALS, NotFoundError),
)
async def sign_out_handler(call: InCall, session: InSession) -> Response[SessionAnswer]:
    """End the session, however far it has come."""
    async with call.database.directory() as transaction:
        await end_session(transaction, session.account_id, session.id)
        if session.stage is Stage.COMPLETE:
            await call.record(transaction, session.account_id, EventKind.SIGNED_OUT)
    return without_session(call.settings, Response(_NOBODY))


@get("/session", responses=refusals(OriginRefusedError))
async def session_handler(deployment: InDeployment, credentials: InCredentials) -> SessionAnswer:
    """Tell what the browser's cookie stands for: the account is told only once both steps are passed."""
    return _NOBODY if credentials.cookie is None else await _describe(deployment, credentials.cookie)


@post("/register", status_code=202, responses=refusals(*BODY_REFUSALS, InvalidAddressError, TooManyAttemptsError))
async def register_handler(call: InCall, data: JSONBody[AddressBody]) -> AcceptedAnswer:
    """Mail a link to an address; the answer is the same for every address."""
    await register(call, data.email)
    return AcceptedAnswer("A mail is on its way to this address: open the link in it.")


@post(
    "/verify",
    status_code=200,
    responses=refusals(*BODY_REFUSALS, LinkRefusedError, WeakPasswordError, InvalidNameError, IdentityHeldError),
)
async def verify_handler(request: AnyRequest, call: InCall, data: JSONBody[VerifyBody]) -> Response[StepAnswer]:
    """Use the mailed link and choose a password; the account then waits for its second factor."""
    newcomer = newcomer_of(request, call)
    opened = await verify(call, data.token, data.password, data.display_name, newcomer=newcomer)
    return step_answer(call.settings, opened)


@post("/return", status_code=200, responses=refusals(*BODY_REFUSALS, LinkRefusedError))
async def return_handler(call: InCall, data: JSONBody[LinkBody]) -> AcceptedAnswer:
    """Use the link mailed to an address that has an account: organisations that erased it may have it again."""
    await return_after_erasure(call, data.token)
    return AcceptedAnswer("Organisations that erased this address may invite it again.")


async def _describe(deployment: Deployment, cookie: str) -> SessionAnswer:
    async with deployment.database.directory(read_only=True) as transaction:
        session = await find_session(transaction, cookie, at=deployment.clock.now())
        if session is None:
            return _NOBODY
        has_passkey = bool(await list_passkeys(transaction, session.account_id))
        if session.stage is not Stage.COMPLETE:
            return SessionAnswer(None, session.csrf_token, session.stage, None, [], None, has_passkey=has_passkey)
        summary = await account_summary(transaction, session.account_id, bound_identity(session))
        rows = await transaction.fetch(
            "select slug, name, state from organisations_of($1) where $2::uuid is null or organisation_id = $2",
            session.account_id,
            session.organisation_id,
        )
        provider = await transaction.fetchval(
            "select provider_open_to($1) where $2::uuid is null", session.account_id, session.organisation_id
        )
        is_own = session.organisation_id is None
        preferences = await account_preferences(transaction, session.account_id) if is_own else None
    return replace(_complete(session, summary, rows, provider), has_passkey=has_passkey, preferences=preferences)


def _complete(
    session: Session, summary: AccountSummary | None, rows: list[Record], provider: str | None
) -> SessionAnswer:
    organisations = [OrganisationAnswer(row["slug"], row["name"]) for row in rows]
    active = [row["slug"] for row in rows if row["state"] == "active"]
    candidates = active or [row["slug"] for row in rows]
    return SessionAnswer(
        account=None if summary is None else _account(summary),
        csrf_token=session.csrf_token,
        stage=session.stage,
        stepped_up_at=session.stepped_up_at,
        organisations=organisations,
        organisation=_unnamed(summary, active, candidates),
        provider=provider,
        is_by_provider=session.organisation_id is not None,
    )


def _unnamed(summary: AccountSummary | None, active: list[str], candidates: list[str]) -> str | None:
    """Return where a call goes that names no organisation, as ``authenticate`` decides; None for the provider too."""
    if summary is not None and summary.staff_roles:
        candidates = active
    return candidates[0] if len(candidates) == 1 else None


def _account(summary: AccountSummary) -> AccountAnswer:
    return AccountAnswer(
        id=summary.id,
        name=summary.display_name,
        email=summary.address,
        has_password=summary.has_password,
        has_second_factor=summary.has_second_factor,
        recovery_codes_left=summary.recovery_codes_left,
        is_privacy_team=StaffRole.PRIVACY_TEAM in summary.staff_roles,
        staff_roles=sorted(summary.staff_roles),
    )
