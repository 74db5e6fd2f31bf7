"""What follows when a sign-in has passed both steps, by whatever way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

from wardship.core.accounts.closing import end_closing
from wardship.core.accounts.events import EventKind
from wardship.core.database.engine import Transaction
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.passkey_ceremonies import PasskeyCopiedError, PasskeyRefusedError
from wardship.core.sign_in.recoveries import call_off
from wardship.core.sign_in.second_factor import WrongCodeError
from wardship.core.sign_in.sessions import OpenedSession

_KNOWN_DEVICE = """
select count(*) > 0 as has_signed_in, coalesce(bool_or(network = $2 and user_agent = $3), false) as is_known,
    must_choose($1, $4) as must_choose
from account_event where account_id = $1 and kind in ('signed_in', 'signed_in_from_new_device')
"""


async def note_sign_in(transaction: Transaction, call: Call, opened: OpenedSession) -> OpenedSession:
    """Write a completed sign-in into the account's log, and tell its owner of one from a new device; return it.

    A recovery that is under way ends: who has the second factor has not lost it. A closed account is kept.
    Whether the owner has to choose about a claim of the account is read with it.
    """
    account_id = opened.session.account_id
    await call_off(transaction, call, account_id, "signed_in")
    if await end_closing(transaction, account_id):
        await transaction.execute(
            "delete from sign_in_link where account_id = $1 and purpose = 'keep_account'", account_id
        )
        await call.record(transaction, account_id, EventKind.CLOSING_ENDED)
        await call.notify_all(transaction, account_id, "Your account is kept")
    known = await transaction.fetchrow(
        _KNOWN_DEVICE,
        account_id,
        call.client.shown_network,
        call.client.shown_user_agent,
        opened.session.created_at,
    )
    is_new = known is not None and known["has_signed_in"] and not known["is_known"]
    kind = EventKind.SIGNED_IN_FROM_NEW_DEVICE if is_new else EventKind.SIGNED_IN
    await call.record(transaction, account_id, kind, method=opened.session.method)
    if is_new:
        await call.notify(transaction, account_id, "You signed in from a new device")
    is_own = opened.session.organisation_id is None
    return replace(opened, must_choose=is_own and known is not None and known["must_choose"])


@asynccontextmanager
async def noting_refused_codes(call: Call, account_id: UUID) -> AsyncIterator[None]:
    """Write a refused code into the account's log: in a transaction of its own, since that of the act is undone."""
    try:
        yield
    except WrongCodeError:
        async with call.database.directory() as transaction:
            await call.record(transaction, account_id, EventKind.CODE_REFUSED)
        raise


@asynccontextmanager
async def noting_refused_passkeys(call: Call, account_id: UUID) -> AsyncIterator[None]:
    """Write a refused passkey into its account's log, likewise, and tell of one that may have been copied."""
    try:
        yield
    except PasskeyRefusedError as error:
        is_copy = isinstance(error, PasskeyCopiedError)
        async with call.database.directory() as transaction:
            kind = EventKind.PASSKEY_COPIED if is_copy else EventKind.PASSKEY_REFUSED
            await call.record(transaction, account_id, kind)
            if is_copy:
                await call.notify_all(transaction, account_id, "A passkey that may have been copied was refused")
        raise
