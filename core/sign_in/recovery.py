"""What the owner of an account does in its recovery: ask for it, call it off, set a new second factor at its end."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from wardship.core.accounts.accounts import account_summary, mark_recovered
from wardship.core.accounts.events import EventKind
from wardship.core.database.engine import Transaction
from wardship.core.sign_in import throttle
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.first_step import WrongPasswordError, set_password
from wardship.core.sign_in.links import LinkPurpose, LinkRefusedError, link_of_proven, mail_link, require_link, use_link
from wardship.core.sign_in.notices import ASK_RECOVERY, NO_ACCOUNT
from wardship.core.sign_in.passkeys import delete_other_passkeys
from wardship.core.sign_in.passwords import check_strength, hash_password, is_password
from wardship.core.sign_in.recoveries import (
    Recovery,
    call_off,
    end_recovery,
    insert_recovery,
    lock_recovery,
    recovery_fault,
)
from wardship.core.sign_in.recovery_states import FAULTS, RecoveryState
from wardship.core.sign_in.second_factor import delete_authenticator
from wardship.core.sign_in.sessions import (
    OpenedSession,
    Session,
    SignInMethod,
    Stage,
    let_replace_factor,
    note_method,
    open_session,
)
from wardship.core.tokens.tokens import revoke_all_tokens

ASK_LASTS: Final = timedelta(hours=24)


async def lost_second_factor(call: Call, email: str) -> None:
    """Mail a link that asks for a recovery, or, where the address has no account, a mail that says so.

    Raises:
        InvalidAddressError: that is no address.
        TooManyAttemptsError: for this address or network.
    """
    await mail_link(call, email, link_of_proven(LinkPurpose.ASK_RECOVERY), ASK_LASTS, (NO_ACCOUNT, ASK_RECOVERY))


async def ask_recovery(call: Call, token: str) -> None:
    """Use the mailed link: those who decide are told, the organisation's people or the privacy team.

    Raises:
        LinkRefusedError: the link doesn't work any more.
        RecoveryOpenError: one is under way.
    """
    async with call.database.directory() as transaction:
        link = await use_link(transaction, token, LinkPurpose.ASK_RECOVERY, at=call.now)
        if link.account_id is None:
            raise LinkRefusedError
        place: UUID = await transaction.fetchval("select recovery_place($1)", link.account_id)
        await insert_recovery(transaction, call, link.account_id, place, link.account_id)


async def cancel_recovery(call: Call, token: str) -> None:
    """Call a recovery off by the link that was mailed of it.

    Raises:
        LinkRefusedError: the recovery has ended.
    """
    async with call.database.directory() as transaction:
        link = await use_link(transaction, token, LinkPurpose.CANCEL_RECOVERY, at=call.now)
        if link.account_id is not None:
            await call_off(transaction, call, link.account_id, "by_owner")


async def use_recovery(call: Call, token: str, password: str) -> OpenedSession:
    """Open a session that sets a new second factor, by the mailed link and the password.

    The link works until the new factor is confirmed; the old one is in force until then. Where those who approved it
    have said that the password is lost too, the one that is given becomes the account's.

    Raises:
        LinkRefusedError: the recovery has ended, or may not go on.
        WrongPasswordError: it is not the account's.
        WeakPasswordError: it is to be the new one, and is guessed first.
        TooManyAttemptsError: passwords for this account, or network.
    """
    recovery, stored, names = await _usable(call, token)
    if recovery.replaces_password:
        check_strength(password, *names)
    elif not await is_password(stored, password):
        raise WrongPasswordError("This is not your password.", path=("password",))
    password_hash = await hash_password(password) if recovery.replaces_password else None
    async with call.database.directory() as transaction:
        await require_link(transaction, token, LinkPurpose.RECOVER, at=call.now)
        await _require_open(transaction, recovery.id)
        await throttle.forget(transaction, call, throttle.PASSWORD, str(recovery.account_id))
        await throttle.forgive_client(transaction, call)
        if password_hash is not None:
            await set_password(transaction, recovery.account_id, password_hash, at=call.now)
            await call.record(transaction, recovery.account_id, EventKind.PASSWORD_CHANGED)
        opened = await open_session(transaction, recovery.account_id, Stage.ENROLMENT, call.client, at=call.now)
        await let_replace_factor(transaction, opened.session, recovery.id)
        return await note_method(transaction, opened, SignInMethod.RECOVERY)


async def finish_recovery(
    transaction: Transaction, call: Call, session: Session, *, passkey_id: UUID | None = None
) -> None:
    """End the recovery of a session whose new second factor was just confirmed: tokens and links end with it.

    The lost ones end too: passkeys, and, where a passkey is the new one, the authenticator.

    Args:
        transaction: scoped to the directory.
        call: who, of which deployment, when.
        session: in which the new factor was confirmed; nothing happens where it is no recovery's.
        passkey_id: the new factor; None where it is an authenticator.

    Raises:
        LinkRefusedError: it has ended meanwhile, or may not go on.
    """
    if session.recovery_id is None:
        return
    recovery = await _require_open(transaction, session.recovery_id)
    await delete_other_passkeys(transaction, recovery.account_id, but=passkey_id)
    if passkey_id is not None:
        await delete_authenticator(transaction, recovery.account_id)
    await end_recovery(transaction, call, recovery, RecoveryState.DONE)
    await revoke_all_tokens(transaction, recovery.account_id, at=call.now)
    await transaction.execute("delete from sign_in_link where account_id = $1", recovery.account_id)
    await mark_recovered(transaction, recovery.account_id, at=call.now)
    await call.record(transaction, recovery.account_id, EventKind.RECOVERED, organisation_id=recovery.organisation_id)
    await call.notify_all(transaction, recovery.account_id, "A recovery gave your account a new second factor")


async def _usable(call: Call, token: str) -> tuple[Recovery, str | None, tuple[str, ...]]:
    """Return an open recovery, the hash of the account's password, and names that make a password weak.

    One that may not go on ends here.
    """
    async with call.database.directory() as transaction:
        link = await require_link(transaction, token, LinkPurpose.RECOVER, at=call.now)
        recovery = None if link.recovery_id is None else await lock_recovery(transaction, link.recovery_id)
        if recovery is None or recovery.state is not RecoveryState.OPEN:
            raise LinkRefusedError
        fault = await recovery_fault(transaction, recovery)
        if fault is None:
            await throttle.admit(transaction, call, throttle.PASSWORD, str(recovery.account_id))
            await throttle.admit_client(transaction, call)
        else:
            await end_recovery(transaction, call, recovery, RecoveryState.REFUSED, fault)
        summary = await account_summary(transaction, recovery.account_id)
        stored = await transaction.fetchval(
            "select password_hash from password_credential where account_id = $1", recovery.account_id
        )
    if fault is not None:
        raise _refused(fault)
    return recovery, stored, (summary.address, summary.display_name) if summary else ()


async def _require_open(transaction: Transaction, recovery_id: UUID) -> Recovery:
    recovery = await lock_recovery(transaction, recovery_id)
    if recovery is None or recovery.state is not RecoveryState.OPEN:
        raise LinkRefusedError("This recovery has ended: sign in, or ask for another.")
    fault = await recovery_fault(transaction, recovery)
    if fault is not None:
        raise _refused(fault)
    return recovery


def _refused(fault: str) -> LinkRefusedError:
    return LinkRefusedError(f"This recovery can't go on, because {FAULTS[fault]}: ask for another.")
