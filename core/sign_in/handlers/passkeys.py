"""Passkeys: the endpoints that ask for one, show one, and change those that there are."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Response, delete, get, patch, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, JSONBody

from wardship.core.database.engine import Transaction
from wardship.core.errors import InvalidInputError, NotFoundError
from wardship.core.http.credentials import cookie_name, is_secure
from wardship.core.http.problems import refusals
from wardship.core.settings import Settings
from wardship.core.sign_in.handlers.answers import CodesAnswer, StepAnswer, codes_answer, step_answer
from wardship.core.sign_in.handlers.bodies import CredentialBody, NewPasskeyBody, PasskeyNameBody
from wardship.core.sign_in.handlers.dependencies import (
    BODY_REFUSALS,
    READING_REFUSALS,
    SESSION_REFUSALS,
    AnyRequest,
    InCall,
    InCredentials,
    InSession,
    session_at,
)
from wardship.core.sign_in.links import LinkRefusedError
from wardship.core.sign_in.passkey_ceremonies import (
    CEREMONY_LASTS_S,
    PasskeyCopiedError,
    PasskeyRefusedError,
    PasskeysUnavailableError,
)
from wardship.core.sign_in.passkey_changes import (
    add_passkey,
    begin_passkey,
    remove_authenticator,
    remove_passkey,
    rename_passkey,
)
from wardship.core.sign_in.passkey_use import NoPasskeyError, begin_alone, begin_showing, show_passkey, sign_in_alone
from wardship.core.sign_in.passkeys import PasskeyHeldError, TooManyPasskeysError, list_passkeys
from wardship.core.sign_in.second_factor import LastSecondFactorError, SecondFactorExistsError
from wardship.core.sign_in.sessions import FreshSecondFactorRequiredError, Session, Stage
from wardship.core.sign_in.throttle import TooManyAttemptsError

_ENROLLING: Final = session_at(Stage.ENROLMENT, Stage.COMPLETE)
_SHOWING: Final = session_at(Stage.SECOND_STEP, Stage.COMPLETE, lets_bound=True)
_PROOF_REFUSALS: Final = (PasskeyRefusedError, PasskeyCopiedError, PasskeysUnavailableError)
_CHANGE_REFUSALS: Final = (*SESSION_REFUSALS, FreshSecondFactorRequiredError, InvalidInputError, NotFoundError)


class OptionsAnswer(msgspec.Struct, frozen=True):
    """What a browser needs for ``navigator.credentials``, in the JSON form of W3C Web Authentication."""

    options: dict[str, Any]


class PasskeyAnswer(msgspec.Struct, frozen=True):
    """A passkey of the account, as its owner recognises it."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None
    is_backup_eligible: bool
    is_backed_up: bool


@post(
    "/passkeys/options",
    status_code=200,
    dependencies={"session": _ENROLLING},
    responses=refusals(
        *SESSION_REFUSALS,
        FreshSecondFactorRequiredError,
        SecondFactorExistsError,
        PasskeysUnavailableError,
        TooManyAttemptsError,
    ),
)
async def passkey_options_handler(call: InCall, session: InSession) -> OptionsAnswer:
    """Tell a browser how to make a passkey: the first second factor of the account, or, after a step-up, another."""
    return OptionsAnswer(await begin_passkey(call, session))


@post(
    "/passkeys",
    status_code=201,
    dependencies={"session": _ENROLLING},
    responses=refusals(
        *BODY_REFUSALS,
        *SESSION_REFUSALS,
        *_PROOF_REFUSALS,
        FreshSecondFactorRequiredError,
        LinkRefusedError,
        PasskeyHeldError,
        SecondFactorExistsError,
        TooManyPasskeysError,
    ),
)
async def add_passkey_handler(
    call: InCall, session: InSession, data: JSONBody[NewPasskeyBody]
) -> Response[CodesAnswer]:
    """Store the passkey that was made; ends all other sessions; tells recovery codes, once, where it is the first."""
    opened, codes = await add_passkey(call, session, data.name, data.credential)
    return codes_answer(call.settings, opened, codes)


@get("/passkeys", responses=refusals(*READING_REFUSALS))
async def list_passkeys_handler(call: InCall, session: InSession) -> list[PasskeyAnswer]:
    """List the account's passkeys, the oldest first."""
    async with call.database.directory(read_only=True) as transaction:
        return await _passkeys(transaction, session)


@patch("/passkeys/{passkey_id:uuid}", responses=refusals(*BODY_REFUSALS, *_CHANGE_REFUSALS))
async def rename_passkey_handler(
    call: InCall, session: InSession, passkey_id: FromPath[UUID], data: JSONBody[PasskeyNameBody]
) -> list[PasskeyAnswer]:
    """Give a passkey another name, after a step-up."""
    session.require_step_up(call.now)
    async with call.database.directory() as transaction:
        await rename_passkey(transaction, call, session.account_id, passkey_id, data.name)
        return await _passkeys(transaction, session)


@delete("/passkeys/{passkey_id:uuid}", status_code=200, responses=refusals(*_CHANGE_REFUSALS, LastSecondFactorError))
async def remove_passkey_handler(call: InCall, session: InSession, passkey_id: FromPath[UUID]) -> list[PasskeyAnswer]:
    """Remove a passkey that is not the only second factor, after a step-up; ends all other sessions."""
    session.require_step_up(call.now)
    async with call.database.directory() as transaction:
        await remove_passkey(transaction, call, session.account_id, passkey_id, session_id=session.id)
        return await _passkeys(transaction, session)


@delete("/authenticator", status_code=204, responses=refusals(*_CHANGE_REFUSALS, LastSecondFactorError))
async def remove_authenticator_handler(call: InCall, session: InSession) -> None:
    """Remove the authenticator of an account that has a passkey, after a step-up; ends all other sessions."""
    session.require_step_up(call.now)
    async with call.database.directory() as transaction:
        await remove_authenticator(transaction, call, session.account_id, session_id=session.id)


@post(
    "/second-step/passkey/options",
    status_code=200,
    dependencies={"session": _SHOWING},
    responses=refusals(*SESSION_REFUSALS, NoPasskeyError, PasskeysUnavailableError, TooManyAttemptsError),
)
async def showing_options_handler(call: InCall, session: InSession) -> OptionsAnswer:
    """Tell a browser how to show a passkey of the account, as second step or as step-up."""
    return OptionsAnswer(await begin_showing(call, session))


@post(
    "/second-step/passkey",
    status_code=200,
    dependencies={"session": session_at(Stage.SECOND_STEP, lets_bound=True)},
    responses=refusals(*BODY_REFUSALS, *SESSION_REFUSALS, *_PROOF_REFUSALS),
)
async def second_step_passkey_handler(
    call: InCall, session: InSession, data: JSONBody[CredentialBody]
) -> Response[StepAnswer]:
    """Check a passkey; the sign-in is then complete."""
    return step_answer(call.settings, await show_passkey(call, session, data.credential))


@post(
    "/step-up/passkey",
    status_code=200,
    dependencies={"session": session_at(Stage.COMPLETE, lets_bound=True)},
    responses=refusals(*BODY_REFUSALS, *SESSION_REFUSALS, *_PROOF_REFUSALS),
)
async def step_up_passkey_handler(
    call: InCall, session: InSession, data: JSONBody[CredentialBody]
) -> Response[StepAnswer]:
    """Check a passkey again; dangerous acts are then open for ten minutes."""
    return step_answer(call.settings, await show_passkey(call, session, data.credential))


@post(
    "/sign-in/passkey/options",
    status_code=200,
    responses=refusals(*BODY_REFUSALS, PasskeysUnavailableError, TooManyAttemptsError),
)
async def alone_options_handler(call: InCall) -> Response[OptionsAnswer]:
    """Tell a browser how to sign in with a passkey alone; whose it is stays untold."""
    options, browser = await begin_alone(call)
    answer = Response(OptionsAnswer(options))
    answer.set_cookie(_browser_cookie(call.settings, browser, CEREMONY_LASTS_S))
    return answer


@post("/sign-in/passkey", status_code=200, responses=refusals(*BODY_REFUSALS, *_PROOF_REFUSALS))
async def alone_handler(
    request: AnyRequest, call: InCall, credentials: InCredentials, data: JSONBody[CredentialBody]
) -> Response[StepAnswer]:
    """Check a passkey whose owner the authenticator has verified: both steps at once."""
    browser = request.cookies.get(_browser_cookie_name(call.settings), "")
    opened = await sign_in_alone(call, data.credential, browser, old_cookie=credentials.cookie)
    answer = step_answer(call.settings, opened)
    answer.set_cookie(_browser_cookie(call.settings, "", 0))
    return answer


async def _passkeys(transaction: Transaction, session: Session) -> list[PasskeyAnswer]:
    return [
        PasskeyAnswer(
            item.id, item.name, item.created_at, item.last_used_at, item.is_backup_eligible, item.is_backed_up
        )
        for item in await list_passkeys(transaction, session.account_id)
    ]


def _browser_cookie_name(settings: Settings) -> str:
    return f"{cookie_name(settings)}-passkey"


def _browser_cookie(settings: Settings, value: str, max_age: int) -> Cookie:
    return Cookie(
        key=_browser_cookie_name(settings),
        value=value,
        max_age=max_age,
        path="/",
        secure=is_secure(settings),
        httponly=True,
        samesite="strict",
    )
