"""The second step of a sign-in, showing the second factor again, and setting it up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wardship.core.accounts.accounts import verified_addresses
from wardship.core.accounts.events import EventKind
from wardship.core.database.engine import Transaction
from wardship.core.sign_in import throttle
from wardship.core.sign_in.authentication import OrganisationSessionError
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.completion import note_sign_in, noting_refused_codes
from wardship.core.sign_in.recoveries import call_off
from wardship.core.sign_in.recovery import finish_recovery
from wardship.core.sign_in.second_factor import (
    FEW_CODES,
    Enrolment,
    SecondFactorExistsError,
    begin_enrolment,
    bound_identity,
    check_code,
    codes_left,
    confirm_enrolment,
    has_second_factor,
    renew_recovery_codes,
)
from wardship.core.sign_in.sessions import OpenedSession, Session, Stage, end_sessions, renew_session


async def show_second_factor(call: Call, session: Session, code: str) -> OpenedSession:
    """Accept a code and return the session renewed: complete, and stepped up.

    This is the second step of a sign-in and, in a complete session, the step-up before a dangerous act.

    Raises:
        TooManyAttemptsError: for this account or network.
        WrongCodeError: it is wrong or was used before.
        NotAuthenticatedError: the session ended meanwhile.
    """
    await _count_code(call, session)
    async with noting_refused_codes(call, session.account_id), call.database.directory() as transaction:
        await accept_code(transaction, call, session.account_id, code, bound_identity(session))
        opened = await renew_session(transaction, session, at=call.now)
        if session.stage is not Stage.COMPLETE:
            return await note_sign_in(transaction, call, opened)
        await call_off(transaction, call, session.account_id, "signed_in")
        await call.record(transaction, session.account_id, EventKind.STEPPED_UP)
        return opened


async def begin_second_factor(call: Call, session: Session) -> Enrolment:
    """Make a secret for an authenticator: the first one, or, after a step-up, another in its place.

    Raises:
        FreshSecondFactorRequiredError: there is one already, and it was not shown a moment ago.
        OrganisationSessionError: an organisation's provider opened the session.
        SecondFactorExistsError: another sign-in set one up meanwhile.
    """
    async with call.database.directory() as transaction:
        may_replace = await may_replace_factor(transaction, session, call.now)
        addresses = await verified_addresses(transaction, session.account_id)
        address = addresses[0] if addresses else ""
        return await begin_enrolment(transaction, call, session, address, may_replace=may_replace)


async def confirm_second_factor(call: Call, session: Session, code: str) -> tuple[OpenedSession, list[str]]:
    """Put the new authenticator in force; return the session renewed and ten recovery codes; end all other sessions.

    In a session that an organisation's provider opened it is of use there alone, and ends no others than such.

    Raises:
        FreshSecondFactorRequiredError: there was one already, and it was not shown a moment ago.
        SecondFactorExistsError: another sign-in set one up meanwhile.
        OrganisationSessionError: an organisation's provider opened the session.
        NoPendingAuthenticatorError: none was begun.
        WrongCodeError: the code is not the new authenticator's.
        TooManyAttemptsError: for this account or network.
        LinkRefusedError: the session was opened by a recovery that has ended or may not go on.
    """
    await _count_code(call, session)
    async with call.database.directory() as transaction:
        may_replace = await may_replace_factor(transaction, session, call.now)
        codes = await confirm_enrolment(transaction, call, session, code, may_replace=may_replace)
        await _forget_codes(transaction, call, session.account_id)
        await finish_recovery(transaction, call, session)
        await end_sessions(transaction, session.account_id, but=session.id, identity_id=bound_identity(session))
        await _tell_of_authenticator(transaction, call, session)
        opened = await renew_session(transaction, session, at=call.now)
        if session.stage is not Stage.COMPLETE:
            opened = await note_sign_in(transaction, call, opened)
        return opened, codes


async def _tell_of_authenticator(transaction: Transaction, call: Call, session: Session) -> None:
    place = session.organisation_id
    await call.record(transaction, session.account_id, EventKind.SECOND_FACTOR_SET_UP, organisation_id=place)
    where = "" if place is None else " for signing in by your organisation's provider, and for that alone"
    await call.notify(transaction, session.account_id, f"Your second factor was set up{where}")


async def replace_recovery_codes(call: Call, session: Session) -> list[str]:
    """Return ten new recovery codes; the old ones stop working.

    Raises:
        FreshSecondFactorRequiredError: the second factor was not shown a moment ago.
    """
    session.require_step_up(call.now)
    async with call.database.directory() as transaction:
        codes = await renew_recovery_codes(transaction, call, session.account_id)
        await call.record(transaction, session.account_id, EventKind.RECOVERY_CODES_RENEWED)
        await call.notify(transaction, session.account_id, "Your recovery codes were renewed")
        return codes


async def accept_code(
    transaction: Transaction, call: Call, account_id: UUID, code: str, identity_id: UUID | None = None
) -> None:
    """Accept a code that was counted, and tell the owner if it was a recovery code, and when few of them remain.

    Raises:
        WrongCodeError: it is wrong or was used before.
    """
    if await check_code(transaction, call, account_id, code, identity_id):
        await call.record(transaction, account_id, EventKind.RECOVERY_CODE_USED)
        await call.notify(transaction, account_id, "A recovery code was used to sign in")
        left = await codes_left(transaction, account_id, identity_id)
        if left <= FEW_CODES:
            await call.notify(transaction, account_id, f"Only {left} recovery codes are left for your account")
    await _forget_codes(transaction, call, account_id)


async def _count_code(call: Call, session: Session) -> None:
    """Count one attempt at a code, in a transaction of its own, so that it stays counted when the code is refused."""
    async with call.database.directory() as transaction:
        await throttle.admit(transaction, call, throttle.SECOND_FACTOR, str(session.account_id))
        await throttle.admit_client(transaction, call)


async def _forget_codes(transaction: Transaction, call: Call, account_id: UUID) -> None:
    await throttle.forget(transaction, call, throttle.SECOND_FACTOR, str(account_id))
    await throttle.forgive_client(transaction, call)


async def may_replace_factor(transaction: Transaction, session: Session, now: datetime) -> bool:
    """Return whether a second factor that there is may be replaced; False where there is none. The account is locked.

    Of two sessions that set up the first one, one comes first, whatever each sets up.

    Raises:
        SecondFactorExistsError: there is one, and this sign-in has not shown it.
        FreshSecondFactorRequiredError: there is one, and it was not shown a moment ago.
    """
    await transaction.execute("select from account where id = $1 for update", session.account_id)
    if session.recovery_id is not None:
        return True
    if session.organisation_id is not None and session.stage is Stage.COMPLETE:
        raise OrganisationSessionError
    if not await has_second_factor(transaction, session.account_id, bound_identity(session)):
        return False
    if session.stage is not Stage.COMPLETE:
        raise SecondFactorExistsError("This account has a second factor already: sign in with it.")
    session.require_step_up(now)
    return True
