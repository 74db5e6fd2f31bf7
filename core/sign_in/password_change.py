"""Change a password, or set a new one by a mailed link: with the second factor in both cases."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wardship.core.accounts.accounts import account_summary
from wardship.core.accounts.address import EmailAddress
from wardship.core.accounts.addresses import mark_proven
from wardship.core.accounts.events import EventKind
from wardship.core.database.engine import Transaction
from wardship.core.sign_in import throttle
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.completion import note_sign_in, noting_refused_codes
from wardship.core.sign_in.first_step import WrongPasswordError, set_password
from wardship.core.sign_in.links import (
    RESET_LASTS,
    LinkPurpose,
    LinkRefusedError,
    link_of_proven,
    mail_link,
    require_link,
    use_link,
)
from wardship.core.sign_in.notices import NO_ACCOUNT, RESET_PASSWORD
from wardship.core.sign_in.passwords import check_strength, hash_password, is_password
from wardship.core.sign_in.second_factor import has_second_factor
from wardship.core.sign_in.second_step import accept_code
from wardship.core.sign_in.sessions import OpenedSession, Session, Stage, end_sessions, open_session, renew_session


async def forgot_password(call: Call, email: str) -> None:
    """Mail a link that sets a new password, or, where the address has no account, a mail that says so.

    Raises:
        InvalidAddressError: that is no address.
        TooManyAttemptsError: for this address or network.
    """
    await mail_link(call, email, link_of_proven(LinkPurpose.RESET_PASSWORD), RESET_LASTS, (NO_ACCOUNT, RESET_PASSWORD))


async def reset_password(
    call: Call, token: str, password: str, code: str, *, session: Session | None = None
) -> OpenedSession:
    """Use a mailed link and the second factor to set a password; end all sessions and open one.

    The link survives a wrong code. An account without a second factor gets a session that waits for one.

    Args:
        call: who, of which deployment, when.
        token: of the link.
        password: the new one.
        code: of the authenticator, or a recovery code.
        session: of this browser, if it has one; where the account's second factor was shown in it a moment ago, by a
            passkey for example, no code is needed.

    Raises:
        LinkRefusedError: the link doesn't work any more.
        WeakPasswordError: the password is guessed first.
        WrongCodeError: the code is wrong or was used before.
        TooManyAttemptsError: codes for this account or network.
    """
    async with call.database.directory() as transaction:
        account_id, names = await _reset_subject(transaction, token, call)
        check_strength(password, *names)
        is_shown = has_shown_factor(session, account_id, call.now)
        if not is_shown:
            await throttle.admit(transaction, call, throttle.SECOND_FACTOR, str(account_id))
            await throttle.admit_client(transaction, call)
    password_hash = await hash_password(password)
    async with noting_refused_codes(call, account_id), call.database.directory() as transaction:
        stage = Stage.COMPLETE if is_shown else await _prove_second_factor(transaction, call, account_id, code)
        link = await use_link(transaction, token, LinkPurpose.RESET_PASSWORD, at=call.now)
        await mark_proven(transaction, account_id, EmailAddress(link.address), at=call.now)
        await _replace_password(transaction, call, account_id, password_hash, but=None)
        opened = await open_session(transaction, account_id, stage, call.client, at=call.now)
        return await note_sign_in(transaction, call, opened) if stage is Stage.COMPLETE else opened


def has_shown_factor(session: Session | None, account_id: UUID | None, now: datetime) -> bool:
    """Return whether a session is one of the account, in which its second factor was shown a moment ago."""
    return (
        session is not None
        and session.account_id == account_id
        and session.stage is Stage.COMPLETE
        and session.is_stepped_up(now)
    )


async def change_password(call: Call, session: Session, current: str, new: str) -> OpenedSession:
    """Change the password of a session that was just stepped up; end all other sessions and renew this one.

    Raises:
        FreshSecondFactorRequiredError: the second factor was not shown a moment ago.
        WrongPasswordError: the current password is wrong.
        WeakPasswordError: the new one is guessed first.
        TooManyAttemptsError: passwords for this account.
    """
    session.require_step_up(call.now)
    async with call.database.directory() as transaction:
        summary = await account_summary(transaction, session.account_id)
        names = (summary.address, summary.display_name) if summary else ()
        check_strength(new, *names, path=("new_password",))
        await throttle.admit(transaction, call, throttle.PASSWORD, str(session.account_id))
        stored = await transaction.fetchval(
            "select password_hash from password_credential where account_id = $1", session.account_id
        )
    if stored is not None and not await is_password(stored, current):
        raise WrongPasswordError("The current password is wrong.", path=("current_password",))
    password_hash = await hash_password(new)
    async with call.database.directory() as transaction:
        await throttle.forget(transaction, call, throttle.PASSWORD, str(session.account_id))
        await _replace_password(transaction, call, session.account_id, password_hash, but=session.id)
        return await renew_session(transaction, session, at=call.now, is_stepped_up=False)


async def _reset_subject(transaction: Transaction, token: str, call: Call) -> tuple[UUID, tuple[str, ...]]:
    link = await require_link(transaction, token, LinkPurpose.RESET_PASSWORD, at=call.now)
    summary = None if link.account_id is None else await account_summary(transaction, link.account_id)
    if summary is None:
        raise LinkRefusedError
    return summary.id, (summary.address, summary.display_name)


async def _prove_second_factor(transaction: Transaction, call: Call, account_id: UUID, code: str) -> Stage:
    """Check the code where there is a second factor, and return the stage that the new session is in."""
    if not await has_second_factor(transaction, account_id):
        return Stage.ENROLMENT
    await accept_code(transaction, call, account_id, code)
    return Stage.COMPLETE


async def _replace_password(
    transaction: Transaction, call: Call, account_id: UUID, password_hash: str, *, but: UUID | None
) -> None:
    await set_password(transaction, account_id, password_hash, at=call.now)
    await end_sessions(transaction, account_id, but=but)
    await transaction.execute(
        "delete from sign_in_link where account_id = $1 and used_at is null"
        " and purpose in ('reset_password', 'add_address', 'sign_in')",
        account_id,
    )
    await call.record(transaction, account_id, EventKind.PASSWORD_CHANGED)
    await call.notify(transaction, account_id, "Your password was changed")
