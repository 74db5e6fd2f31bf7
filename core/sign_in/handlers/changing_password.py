"""POST /auth/password/change, /auth/password/forgot, /auth/password/reset."""

from __future__ import annotations

from litestar import Response, post
from litestar.params import JSONBody

from wardship.core.sign_in.handlers.answers import AcceptedAnswer, StepAnswer, step_answer
from wardship.core.sign_in.handlers.bodies import AddressBody, ChangePasswordBody, ResetPasswordBody
from wardship.core.sign_in.handlers.caller import AnyRequest, InDeployment, call_of, session_of
from wardship.core.sign_in.password_change import change_password, forgot_password, reset_password


@post("/password/change", status_code=200)
async def change_handler(
    request: AnyRequest, deployment: InDeployment, data: JSONBody[ChangePasswordBody]
) -> Response[StepAnswer]:
    """Change the password, after a step-up; ends all other sessions."""
    session = await session_of(request, deployment)
    opened = await change_password(call_of(request, deployment), session, data.current_password, data.new_password)
    return step_answer(deployment.settings, opened)


@post("/password/forgot", status_code=202)
async def forgot_handler(request: AnyRequest, deployment: InDeployment, data: JSONBody[AddressBody]) -> AcceptedAnswer:
    """Mail a link that sets a new password; the answer is the same for every address."""
    await forgot_password(call_of(request, deployment), data.email)
    return AcceptedAnswer("A mail is on its way to this address.")


@post("/password/reset", status_code=200)
async def reset_handler(
    request: AnyRequest, deployment: InDeployment, data: JSONBody[ResetPasswordBody]
) -> Response[StepAnswer]:
    """Set a new password by the mailed link and the second factor; ends all sessions."""
    opened = await reset_password(call_of(request, deployment), data.token, data.password, data.code)
    return step_answer(deployment.settings, opened)
