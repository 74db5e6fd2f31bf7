"""POST /auth/register, /auth/verify, /auth/return."""

from __future__ import annotations

from litestar import Response, post
from litestar.params import JSONBody

from wardship.core.sign_in.handlers.answers import AcceptedAnswer, StepAnswer, step_answer
from wardship.core.sign_in.handlers.bodies import AddressBody, LinkBody, VerifyBody
from wardship.core.sign_in.handlers.caller import AnyRequest, InDeployment, call_of
from wardship.core.sign_in.registration import register, return_after_erasure, verify


@post("/register", status_code=202)
async def register_handler(
    request: AnyRequest, deployment: InDeployment, data: JSONBody[AddressBody]
) -> AcceptedAnswer:
    """Mail a link to an address; the answer is the same for every address."""
    await register(call_of(request, deployment), data.email)
    return AcceptedAnswer("A mail is on its way to this address: open the link in it.")


@post("/verify", status_code=200)
async def verify_handler(
    request: AnyRequest, deployment: InDeployment, data: JSONBody[VerifyBody]
) -> Response[StepAnswer]:
    """Use the mailed link and choose a password; the account then waits for its second factor."""
    opened = await verify(call_of(request, deployment), data.token, data.password, data.display_name)
    return step_answer(deployment.settings, opened)


@post("/return", status_code=200)
async def return_handler(request: AnyRequest, deployment: InDeployment, data: JSONBody[LinkBody]) -> AcceptedAnswer:
    """Use the link mailed to an address that has an account: organisations that erased it may have it again."""
    await return_after_erasure(call_of(request, deployment), data.token)
    return AcceptedAnswer("Organisations that erased this address may invite it again.")
