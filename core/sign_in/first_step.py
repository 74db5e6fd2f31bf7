"""The first step of a sign-in: address and password."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from wardship.core.accounts.address import canonical_address
from wardship.core.database.engine import Transaction
from wardship.core.errors import WardshipError
from wardship.core.sign_in import throttle
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.passwords import hash_password, is_password, needs_rehash
from wardship.core.sign_in.sessions import OpenedSession, Stage, end_cookie, open_session


class WrongPasswordError(WardshipError):
    """Address and password don't belong together; whether the address is known stays untold."""

    code: ClassVar[str] = "WRONG_PASSWORD"
    status: ClassVar[int] = 401


_CREDENTIAL = """
select a.id as account_id, p.password_hash, has_second_factor(a.id) as has_second_factor
from account_email e join account a on a.id = e.account_id and a.state = 'active'
    left join password_credential p on p.account_id = a.id
where e.address = $1 and e.verified_at is not null
"""
_RENEW_HASH = "update password_credential set password_hash = $3 where account_id = $1 and password_hash = $2"


async def sign_in(call: Call, email: str, password: str, *, old_cookie: str | None = None) -> OpenedSession:
    """Check a password and open a session that waits for the second factor, or for one to be set up.

    Two transactions: the attempt stays counted when it is refused, and no connection waits while the hash is computed.

    Args:
        call: who asks, of which deployment, when.
        email: the address as typed.
        password: the password as typed.
        old_cookie: the session that the browser had before; it ends.

    Raises:
        InvalidAddressError: that is no address.
        TooManyAttemptsError: for this address or network, known or not.
        WrongPasswordError: for an unknown address too, after the same work.
    """
    address = canonical_address(email, call.settings.internal_domains)
    async with call.database.directory() as transaction:
        await throttle.admit(transaction, call, throttle.PASSWORD, address)
        await throttle.admit_client(transaction, call)
        row = await transaction.fetchrow(_CREDENTIAL, address)
    is_right = await is_password(row["password_hash"] if row else None, password)
    if row is None or not is_right:
        raise WrongPasswordError("This address and password don't belong together.")
    stored = row["password_hash"]
    renewed = await hash_password(password) if needs_rehash(stored) else None
    async with call.database.directory() as transaction:
        await throttle.forget(transaction, call, throttle.PASSWORD, address)
        await throttle.forgive_client(transaction, call)
        if renewed is not None:
            await transaction.execute(_RENEW_HASH, row["account_id"], stored, renewed)
        await end_cookie(transaction, old_cookie)
        stage = Stage.SECOND_STEP if row["has_second_factor"] else Stage.ENROLMENT
        return await open_session(transaction, row["account_id"], stage, call.client, at=call.now)


async def set_password(transaction: Transaction, account_id: UUID, password_hash: str, *, at: datetime) -> None:
    """Store the hash of an account's new password."""
    await transaction.execute(
        "insert into password_credential (id, created_at, account_id, password_hash, changed_at)"
        " values (gen_random_uuid(), $2, $1, $3, $2)"
        " on conflict (account_id) do update set password_hash = $3, changed_at = $2",
        account_id,
        at,
        password_hash,
    )
