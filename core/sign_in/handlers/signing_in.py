"""POST /auth/sign-in, /auth/second-step, /auth/step-up, /auth/sign-out; GET /auth/session."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import JSONBody

from wardship.core.accounts.accounts import AccountSummary, account_summary
from wardship.core.database.engine import Record
from wardship.core.http.credentials import read_credentials
from wardship.core.nouns import Deployment
from wardship.core.sign_in.first_step import sign_in
from wardship.core.sign_in.handlers.answers import (
    AccountAnswer,
    OrganisationAnswer,
    SessionAnswer,
    StepAnswer,
    step_answer,
    without_session,
)
from wardship.core.sign_in.handlers.bodies import CodeBody, SignInBody
from wardship.core.sign_in.handlers.caller import AnyRequest, InDeployment, call_of, session_of
from wardship.core.sign_in.second_step import show_second_factor
from wardship.core.sign_in.sessions import Session, Stage, end_session, find_session

_NOBODY = SessionAnswer(None, "", None, None, [], None)


@post("/sign-in", status_code=200)
async def sign_in_handler(
    request: AnyRequest, deployment: InDeployment, data: JSONBody[SignInBody]
) -> Response[StepAnswer]:
    """Check address and password; the session then waits for the second step."""
    old_cookie = read_credentials(request, deployment.settings).cookie
    opened = await sign_in(call_of(request, deployment), data.email, data.password, old_cookie=old_cookie)
    return step_answer(deployment.settings, opened)


@post("/second-step", status_code=200)
async def second_step_handler(
    request: AnyRequest, deployment: InDeployment, data: JSONBody[CodeBody]
) -> Response[StepAnswer]:
    """Check a code of the authenticator, or a recovery code; the sign-in is then complete."""
    session = await session_of(request, deployment, Stage.SECOND_STEP)
    return step_answer(deployment.settings, await show_second_factor(call_of(request, deployment), session, data.code))


@post("/step-up", status_code=200)
async def step_up_handler(
    request: AnyRequest, deployment: InDeployment, data: JSONBody[CodeBody]
) -> Response[StepAnswer]:
    """Check the second factor again; dangerous acts are then open for ten minutes."""
    session = await session_of(request, deployment)
    return step_answer(deployment.settings, await show_second_factor(call_of(request, deployment), session, data.code))


@post("/sign-out", status_code=200)
async def sign_out_handler(request: AnyRequest, deployment: InDeployment) -> Response[SessionAnswer]:
    """End the session, however far it has come."""
    session = await session_of(request, deployment, *Stage)
    async with deployment.database.directory() as transaction:
        await end_session(transaction, session.account_id, session.id)
    return without_session(deployment.settings, Response(_NOBODY))


@get("/session")
async def session_handler(request: AnyRequest, deployment: InDeployment) -> SessionAnswer:
    """Tell what the browser's cookie stands for: the account is told only once both steps are passed."""
    cookie = read_credentials(request, deployment.settings).cookie
    return _NOBODY if cookie is None else await _describe(deployment, cookie)


async def _describe(deployment: Deployment, cookie: str) -> SessionAnswer:
    async with deployment.database.directory(read_only=True) as transaction:
        session = await find_session(transaction, cookie, at=deployment.clock.now())
        if session is None:
            return _NOBODY
        if session.stage is not Stage.COMPLETE:
            return SessionAnswer(None, session.csrf_token, session.stage, None, [], None)
        summary = await account_summary(transaction, session.account_id)
        rows = await transaction.fetch("select slug, name, state from organisations_of($1)", session.account_id)
    return _complete(session, summary, rows)


def _complete(session: Session, summary: AccountSummary | None, rows: list[Record]) -> SessionAnswer:
    organisations = [OrganisationAnswer(row["slug"], row["name"]) for row in rows]
    active = [row["slug"] for row in rows if row["state"] == "active"]
    candidates = active or [row["slug"] for row in rows]
    return SessionAnswer(
        account=None if summary is None else _account(summary),
        csrf_token=session.csrf_token,
        stage=session.stage,
        stepped_up_at=session.stepped_up_at,
        organisations=organisations,
        organisation=candidates[0] if len(candidates) == 1 else None,
    )


def _account(summary: AccountSummary) -> AccountAnswer:
    return AccountAnswer(
        id=summary.id,
        name=summary.display_name,
        email=summary.address,
        has_password=summary.has_password,
        has_second_factor=summary.has_second_factor,
        recovery_codes_left=summary.recovery_codes_left,
        is_privacy_team=summary.is_privacy_team,
    )
