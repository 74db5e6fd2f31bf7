"""POST /auth/enrol-second-factor, /auth/enrol-second-factor/confirm, /auth/recovery-codes."""

from __future__ import annotations

from litestar import Response, post
from litestar.params import JSONBody

from wardship.core.sign_in.handlers.answers import CodesAnswer, EnrolmentAnswer, codes_answer
from wardship.core.sign_in.handlers.bodies import CodeBody
from wardship.core.sign_in.handlers.caller import AnyRequest, InDeployment, call_of, session_of
from wardship.core.sign_in.second_step import begin_second_factor, confirm_second_factor, replace_recovery_codes
from wardship.core.sign_in.sessions import Stage


@post("/enrol-second-factor", status_code=200)
async def enrol_handler(request: AnyRequest, deployment: InDeployment) -> EnrolmentAnswer:
    """Make a secret for an authenticator: the first, or, after a step-up, another."""
    session = await session_of(request, deployment, Stage.ENROLMENT, Stage.COMPLETE)
    enrolment = await begin_second_factor(call_of(request, deployment), session)
    return EnrolmentAnswer(enrolment.secret, enrolment.uri, enrolment.qr_svg)


@post("/enrol-second-factor/confirm", status_code=200)
async def confirm_handler(
    request: AnyRequest, deployment: InDeployment, data: JSONBody[CodeBody]
) -> Response[CodesAnswer]:
    """Put the authenticator in force by its first code; tells recovery codes, once; ends all other sessions."""
    session = await session_of(request, deployment, Stage.ENROLMENT, Stage.COMPLETE)
    opened, codes = await confirm_second_factor(call_of(request, deployment), session, data.code)
    return codes_answer(deployment.settings, opened, codes)


@post("/recovery-codes", status_code=200)
async def recovery_codes_handler(request: AnyRequest, deployment: InDeployment) -> CodesAnswer:
    """Replace the recovery codes, after a step-up; tells the new ones, once."""
    session = await session_of(request, deployment)
    codes = await replace_recovery_codes(call_of(request, deployment), session)
    return CodesAnswer("done", session.csrf_token, codes)
