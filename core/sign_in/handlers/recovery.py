"""Recovery from a lost second factor: the endpoints below /auth/recovery."""

from __future__ import annotations

from litestar import Response, post
from litestar.params import JSONBody

from wardship.core.accounts.address import InvalidAddressError
from wardship.core.errors import NotFoundError
from wardship.core.http.problems import refusals
from wardship.core.sign_in.first_step import WrongPasswordError
from wardship.core.sign_in.handlers.answers import AcceptedAnswer, StepAnswer, step_answer
from wardship.core.sign_in.handlers.bodies import AddressBody, LinkBody, RecoverBody
from wardship.core.sign_in.handlers.dependencies import BODY_REFUSALS, InCall
from wardship.core.sign_in.links import LinkRefusedError
from wardship.core.sign_in.passwords import WeakPasswordError
from wardship.core.sign_in.recoveries import RecoveryOpenError
from wardship.core.sign_in.recovery import ask_recovery, cancel_recovery, lost_second_factor, use_recovery
from wardship.core.sign_in.throttle import TooManyAttemptsError


@post("/recovery", status_code=202, responses=refusals(*BODY_REFUSALS, InvalidAddressError, TooManyAttemptsError))
async def lost_handler(call: InCall, data: JSONBody[AddressBody]) -> AcceptedAnswer:
    """Mail a link that asks for a new second factor; the answer is the same for every address."""
    await lost_second_factor(call, data.email)
    return AcceptedAnswer("A mail is on its way to this address.")


@post(
    "/recovery/ask",
    status_code=202,
    responses=refusals(*BODY_REFUSALS, LinkRefusedError, RecoveryOpenError, NotFoundError),
)
async def ask_handler(call: InCall, data: JSONBody[LinkBody]) -> AcceptedAnswer:
    """Use the mailed link: two people decide on a new second factor."""
    await ask_recovery(call, data.token)
    return AcceptedAnswer("Two people decide on it; you are told by mail.")


@post("/recovery/cancel", status_code=200, responses=refusals(*BODY_REFUSALS, LinkRefusedError))
async def cancel_handler(call: InCall, data: JSONBody[LinkBody]) -> AcceptedAnswer:
    """Call a recovery off by the link that was mailed of it."""
    await cancel_recovery(call, data.token)
    return AcceptedAnswer("Your second factor stays as it is.")


@post(
    "/recovery/use",
    status_code=200,
    responses=refusals(*BODY_REFUSALS, LinkRefusedError, WrongPasswordError, WeakPasswordError, TooManyAttemptsError),
)
async def use_handler(call: InCall, data: JSONBody[RecoverBody]) -> Response[StepAnswer]:
    """Use the link that an approved recovery mailed, with the password; a new second factor is then set up."""
    return step_answer(call.settings, await use_recovery(call, data.token, data.password))
