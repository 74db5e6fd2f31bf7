"""What protects an account: the endpoints for passwords, the second factor and recovery codes."""

from __future__ import annotations

from litestar import Response, post
from litestar.params import JSONBody

from wardship.core.accounts.address import InvalidAddressError
from wardship.core.http.problems import refusals
from wardship.core.sign_in.first_step import WrongPasswordError
from wardship.core.sign_in.handlers.answers import (
    AcceptedAnswer,
    CodesAnswer,
    EnrolmentAnswer,
    StepAnswer,
    codes_answer,
    step_answer,
)
from wardship.core.sign_in.handlers.bodies import AddressBody, ChangePasswordBody, CodeBody, ResetPasswordBody
from wardship.core.sign_in.handlers.dependencies import (
    BODY_REFUSALS,
    SESSION_REFUSALS,
    InCall,
    InCredentials,
    InSession,
    session_at,
    session_if_any,
)
from wardship.core.sign_in.links import LinkRefusedError
from wardship.core.sign_in.password_change import change_password, forgot_password, reset_password
from wardship.core.sign_in.passwords import WeakPasswordError
from wardship.core.sign_in.second_factor import (
    CODE_REFUSALS,
    NoPendingAuthenticatorError,
    SecondFactorExistsError,
    WrongCodeError,
)
from wardship.core.sign_in.second_step import begin_second_factor, confirm_second_factor, replace_recovery_codes
from wardship.core.sign_in.sessions import FreshSecondFactorRequiredError, Stage
from wardship.core.sign_in.throttle import TooManyAttemptsError

_ENROLLING = session_at(Stage.ENROLMENT, Stage.COMPLETE, lets_bound=True)


@post(
    "/password/change",
    status_code=200,
    responses=refusals(
        *BODY_REFUSALS,
        *SESSION_REFUSALS,
        FreshSecondFactorRequiredError,
        WrongPasswordError,
        WeakPasswordError,
        TooManyAttemptsError,
    ),
)
async def change_handler(call: InCall, session: InSession, data: JSONBody[ChangePasswordBody]) -> Response[StepAnswer]:
    """Change the password, after a step-up; ends all other sessions."""
    opened = await change_password(call, session, data.current_password, data.new_password)
    return step_answer(call.settings, opened)


@post(
    "/password/forgot", status_code=202, responses=refusals(*BODY_REFUSALS, InvalidAddressError, TooManyAttemptsError)
)
async def forgot_handler(call: InCall, data: JSONBody[AddressBody]) -> AcceptedAnswer:
    """Mail a link that sets a new password; the answer is the same for every address."""
    await forgot_password(call, data.email)
    return AcceptedAnswer("A mail is on its way to this address.")


@post(
    "/password/reset",
    status_code=200,
    responses=refusals(*BODY_REFUSALS, LinkRefusedError, WeakPasswordError, *CODE_REFUSALS, TooManyAttemptsError),
)
async def reset_handler(
    call: InCall, credentials: InCredentials, data: JSONBody[ResetPasswordBody]
) -> Response[StepAnswer]:
    """Set a new password by the mailed link and the second factor, shown here or just now; ends all sessions."""
    session = await session_if_any(call, credentials)
    opened = await reset_password(call, data.token, data.password, data.code, session=session)
    return step_answer(call.settings, opened)


@post(
    "/enrol-second-factor",
    status_code=200,
    dependencies={"session": _ENROLLING},
    responses=refusals(*SESSION_REFUSALS, FreshSecondFactorRequiredError, SecondFactorExistsError),
)
async def enrol_handler(call: InCall, session: InSession) -> EnrolmentAnswer:
    """Make a secret for an authenticator: the first, or, after a step-up, another."""
    enrolment = await begin_second_factor(call, session)
    return EnrolmentAnswer(enrolment.secret, enrolment.uri, enrolment.qr_svg)


@post(
    "/enrol-second-factor/confirm",
    status_code=200,
    dependencies={"session": _ENROLLING},
    responses=refusals(
        *BODY_REFUSALS,
        *SESSION_REFUSALS,
        FreshSecondFactorRequiredError,
        LinkRefusedError,
        NoPendingAuthenticatorError,
        SecondFactorExistsError,
        WrongCodeError,
        TooManyAttemptsError,
    ),
)
async def confirm_handler(call: InCall, session: InSession, data: JSONBody[CodeBody]) -> Response[CodesAnswer]:
    """Put the authenticator in force by its first code; tells recovery codes, once; ends all other sessions."""
    opened, codes = await confirm_second_factor(call, session, data.code)
    return codes_answer(call.settings, opened, codes)


@post("/recovery-codes", status_code=200, responses=refusals(*SESSION_REFUSALS, FreshSecondFactorRequiredError))
async def recovery_codes_handler(call: InCall, session: InSession) -> CodesAnswer:
    """Replace the recovery codes, after a step-up; tells the new ones, once."""
    return CodesAnswer("done", session.csrf_token, None, await replace_recovery_codes(call, session))
