"""Show a passkey: as second step, as step-up, or alone, which is both steps at once."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from wardship.core.accounts.events import EventKind
from wardship.core.errors import ConflictError
from wardship.core.sign_in import throttle
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.completion import note_sign_in, noting_refused_passkeys
from wardship.core.sign_in.passkey_ceremonies import (
    Assertion,
    PasskeyRefusedError,
    ProvenUse,
    read_assertion,
    request_options,
    verify_assertion,
)
from wardship.core.sign_in.passkey_challenges import Challenged, ChallengePurpose, make_challenge, use_challenge
from wardship.core.sign_in.passkeys import Passkey, find_passkey, list_passkeys, note_passkey_use
from wardship.core.sign_in.recoveries import call_off
from wardship.core.sign_in.sessions import (
    OpenedSession,
    Session,
    SignInMethod,
    Stage,
    end_cookie,
    note_method,
    open_session,
    renew_session,
)


class NoPasskeyError(ConflictError):
    """The account has no passkey: show a code of the authenticator, or a recovery code."""

    code = "NO_PASSKEY"


async def begin_showing(call: Call, session: Session) -> dict[str, Any]:
    """Return what a browser needs to show a passkey of the session's account.

    Raises:
        NoPasskeyError: the account has none.
        TooManyAttemptsError: for this network.
        PasskeysUnavailableError: browsers make none for this deployment's address.
    """
    async with call.database.directory() as transaction:
        await throttle.admit_client(transaction, call)
        held = await list_passkeys(transaction, session.account_id)
        if not held:
            raise NoPasskeyError("Your account has no passkey: show a code of the authenticator, or a recovery code.")
        asked = await make_challenge(transaction, call, Challenged(ChallengePurpose.PROVE, session))
    return request_options(asked, [passkey.known for passkey in held], is_alone=False)


async def show_passkey(call: Call, session: Session, credential: Mapping[str, Any]) -> OpenedSession:
    """Accept a passkey and return the session renewed: complete, and stepped up.

    This is the second step of a sign-in and, in a complete session, the step-up before a dangerous act. Codes that
    were refused stay counted: they say nothing of who has the passkey.

    Raises:
        PasskeyRefusedError: it is another account's, was removed, or has not signed this session's challenge.
        PasskeyCopiedError: it counts no more uses than before.
        NotAuthenticatedError: the session ended meanwhile.
        PasskeysUnavailableError: browsers make none for this deployment's address.
    """
    assertion = read_assertion(credential)
    async with noting_refused_passkeys(call, session.account_id):
        whom = Challenged(ChallengePurpose.PROVE, session)
        passkey, use = await _prove(call, whom, assertion)
        if passkey.account_id != session.account_id:
            raise PasskeyRefusedError
        async with call.database.directory() as transaction:
            await note_passkey_use(transaction, passkey, use, at=call.now)
            await throttle.forgive_client(transaction, call)
            opened = await renew_session(transaction, session, at=call.now)
            if session.stage is not Stage.COMPLETE:
                return await note_sign_in(transaction, call, opened)
            await call_off(transaction, call, session.account_id, "signed_in")
            await call.record(transaction, session.account_id, EventKind.STEPPED_UP)
            return opened


async def begin_alone(call: Call) -> tuple[dict[str, Any], str]:
    """Return what a browser needs to sign in with a passkey alone, and the value of the cookie that it must show then.

    Whose passkeys the browser has is the browser's to know: no address is asked for, and none is told.

    Raises:
        TooManyAttemptsError: for this network.
        PasskeysUnavailableError: browsers make none for this deployment's address.
    """
    browser = secrets.token_urlsafe(32)
    async with call.database.directory() as transaction:
        await throttle.admit_client(transaction, call)
        asked = await make_challenge(transaction, call, Challenged(ChallengePurpose.SIGN_IN, browser=browser))
    return request_options(asked, [], is_alone=True), browser


async def sign_in_alone(
    call: Call, credential: Mapping[str, Any], browser: str, *, old_cookie: str | None = None
) -> OpenedSession:
    """Accept a passkey whose owner was verified, and open a complete session: it is something had, and known or been.

    Args:
        call: who, of which deployment, when.
        credential: what the browser answered.
        browser: the cookie that it was given with the challenge.
        old_cookie: the session that the browser had before; it ends.

    Raises:
        PasskeyRefusedError: it is nobody's, has not signed this browser's challenge, or its owner was not verified.
        PasskeyCopiedError: it counts no more uses than before.
        PasskeysUnavailableError: browsers make none for this deployment's address.
    """
    assertion = read_assertion(credential)
    passkey, use = await _prove(call, Challenged(ChallengePurpose.SIGN_IN, browser=browser), assertion)
    async with noting_refused_passkeys(call, passkey.account_id), call.database.directory() as transaction:
        await note_passkey_use(transaction, passkey, use, at=call.now)
        await throttle.forgive_client(transaction, call)
        await end_cookie(transaction, old_cookie)
        opened = await open_session(transaction, passkey.account_id, Stage.COMPLETE, call.client, at=call.now)
        opened = await note_method(transaction, opened, SignInMethod.PASSKEY)
        return await note_sign_in(transaction, call, opened)


async def _prove(call: Call, whom: Challenged, assertion: Assertion) -> tuple[Passkey, ProvenUse]:
    """Use the challenge up, and return the passkey that has signed it, whoever's it is."""
    asked, _ = await use_challenge(call, whom, assertion.challenge)
    async with call.database.directory(read_only=True) as transaction:
        passkey = await find_passkey(transaction, assertion.credential_id)
    if passkey is None or not _is_handle(passkey, assertion, is_needed=whom.session is None):
        raise PasskeyRefusedError
    return passkey, verify_assertion(asked, assertion, passkey.public_key, is_alone=whom.session is None)


def _is_handle(passkey: Passkey, assertion: Assertion, *, is_needed: bool) -> bool:
    """Return whether the authenticator calls the account as it was told to; only one that was found by itself must."""
    if assertion.user_handle is None:
        return not is_needed
    return hmac.compare_digest(assertion.user_handle, passkey.user_handle)
