"""Add, rename and remove passkeys, and remove an authenticator in whose place there is one."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from wardship.core.accounts.accounts import account_summary
from wardship.core.accounts.events import EventKind
from wardship.core.database.engine import Transaction
from wardship.core.errors import NotFoundError
from wardship.core.sign_in import throttle
from wardship.core.sign_in.authentication import OrganisationSessionError
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.completion import note_sign_in
from wardship.core.sign_in.passkey_ceremonies import (
    Person,
    challenge_of_creation,
    creation_options,
    verify_creation,
)
from wardship.core.sign_in.passkey_challenges import Challenged, ChallengePurpose, make_challenge, use_challenge
from wardship.core.sign_in.passkeys import (
    NewPasskey,
    checked_passkey_name,
    delete_passkey,
    insert_passkey,
    list_passkeys,
    set_passkey_name,
)
from wardship.core.sign_in.recovery import finish_recovery
from wardship.core.sign_in.second_factor import (
    LastSecondFactorError,
    delete_authenticator,
    end_bound_authenticators,
    has_second_factor,
    renew_recovery_codes,
)
from wardship.core.sign_in.second_step import may_replace_factor
from wardship.core.sign_in.sessions import OpenedSession, Session, Stage, end_sessions, renew_session

_HANDLE_BYTES = 32


async def begin_passkey(call: Call, session: Session) -> dict[str, Any]:
    """Return what a browser needs to make a passkey: the account's first second factor, or, after a step-up, another.

    Raises:
        SecondFactorExistsError: there is a second factor, and this sign-in has not shown it.
        FreshSecondFactorRequiredError: there is one, and it was not shown a moment ago.
        OrganisationSessionError: an organisation's provider opened the session.
        TooManyAttemptsError: for this network.
        PasskeysUnavailableError: browsers make none for this deployment's address.
    """
    _require_own_session(session)
    async with call.database.directory() as transaction:
        await throttle.admit_client(transaction, call)
        await may_replace_factor(transaction, session, call.now)
        summary = await account_summary(transaction, session.account_id)
        held = await list_passkeys(transaction, session.account_id)
        handle = held[0].user_handle if held else secrets.token_bytes(_HANDLE_BYTES)
        whom = Challenged(ChallengePurpose.REGISTER, session)
        asked = await make_challenge(transaction, call, whom, user_handle=handle)
    address, name = (summary.address, summary.display_name) if summary else ("", "")
    return creation_options(asked, Person(handle, address, name), [passkey.known for passkey in held])


async def add_passkey(
    call: Call, session: Session, name: str, credential: Mapping[str, Any]
) -> tuple[OpenedSession, list[str]]:
    """Store the passkey that was made; end all other sessions; return this one renewed, and new recovery codes if any.

    There are new ones where it is the account's first second factor, or takes the place of those that were lost.

    Args:
        call: who, of which deployment, when.
        session: that asked for the passkey.
        name: how its owner calls it.
        credential: what the browser answered.

    Raises:
        OrganisationSessionError: an organisation's provider opened the session.
        PasskeyRefusedError: it was not made for this session, or on our pages.
        SecondFactorExistsError: there is a second factor, and this sign-in has not shown it.
        FreshSecondFactorRequiredError: there is one, and it was not shown a moment ago.
        InvalidInputError: the name is empty, too long, or holds signs that nobody sees.
        PasskeyHeldError: it is somebody's already.
        TooManyPasskeysError: the account has as many as it may.
        LinkRefusedError: the session was opened by a recovery that has ended or may not go on.
        PasskeysUnavailableError: browsers make none for this deployment's address.
    """
    _require_own_session(session)
    checked_passkey_name(name)
    whom = Challenged(ChallengePurpose.REGISTER, session)
    asked, handle = await use_challenge(call, whom, challenge_of_creation(credential))
    made = verify_creation(asked, credential)
    async with call.database.directory() as transaction:
        is_first = not await may_replace_factor(transaction, session, call.now) or session.recovery_id is not None
        account_id = session.account_id
        passkey_id = await insert_passkey(transaction, account_id, NewPasskey(name, handle or b"", made), at=call.now)
        await throttle.forgive_client(transaction, call)
        await end_bound_authenticators(transaction, account_id)
        codes = await renew_recovery_codes(transaction, call, account_id) if is_first else []
        await finish_recovery(transaction, call, session, passkey_id=passkey_id)
        await end_sessions(transaction, account_id, but=session.id)
        await call.record(transaction, account_id, EventKind.PASSKEY_ADDED)
        await call.notify_all(transaction, account_id, "A passkey was added to your account")
        is_sign_in = session.stage is not Stage.COMPLETE
        opened = await renew_session(transaction, session, at=call.now, is_stepped_up=is_sign_in)
        return (await note_sign_in(transaction, call, opened) if is_sign_in else opened), codes


async def rename_passkey(transaction: Transaction, call: Call, account_id: UUID, passkey_id: UUID, name: str) -> None:
    """Give a passkey another name. The caller has shown the second factor.

    Raises:
        InvalidInputError: it is empty, too long, or holds signs that nobody sees.
        NotFoundError: the account has no such passkey.
    """
    await set_passkey_name(transaction, account_id, passkey_id, name)
    await call.record(transaction, account_id, EventKind.PASSKEY_RENAMED)
    await call.notify_all(transaction, account_id, "A passkey of your account was renamed")


async def remove_passkey(
    transaction: Transaction, call: Call, account_id: UUID, passkey_id: UUID, *, session_id: UUID | None
) -> None:
    """Remove a passkey, and end all sessions but the caller's, who has shown the second factor.

    Raises:
        NotFoundError: the account has no such passkey.
        LastSecondFactorError: it is the only second factor.
    """
    await transaction.execute("select from account where id = $1 for update", account_id)
    await delete_passkey(transaction, account_id, passkey_id)
    await _require_another(transaction, account_id)
    await end_sessions(transaction, account_id, but=session_id)
    await call.record(transaction, account_id, EventKind.PASSKEY_REMOVED)
    await call.notify_all(transaction, account_id, "A passkey was removed from your account")


async def remove_authenticator(
    transaction: Transaction, call: Call, account_id: UUID, *, session_id: UUID | None
) -> None:
    """Remove the authenticator, and end all sessions but the caller's, who has shown the second factor.

    Raises:
        NotFoundError: the account has none.
        LastSecondFactorError: it has no passkey.
    """
    await transaction.execute("select from account where id = $1 for update", account_id)
    if not await delete_authenticator(transaction, account_id):
        raise NotFoundError("Your account has no authenticator.")
    await _require_another(transaction, account_id)
    await end_sessions(transaction, account_id, but=session_id)
    await call.record(transaction, account_id, EventKind.SECOND_FACTOR_REMOVED)
    await call.notify_all(transaction, account_id, "The authenticator was removed from your account")


def _require_own_session(session: Session) -> None:
    """Refuse a session that an organisation's provider opened, also before there is a second factor.

    A passkey alone opens the whole account: made there, it would lead whoever runs the provider into all the others
    that the account belongs to.
    """
    if session.organisation_id is not None:
        raise OrganisationSessionError


async def _require_another(transaction: Transaction, account_id: UUID) -> None:
    """Refuse, and so undo, the removal of the last second factor; recovery codes are none, since they run out."""
    if not await has_second_factor(transaction, account_id):
        raise LastSecondFactorError("This is your only second factor: set up another one first.")
