"""Passkeys as stored: listed, found, added, renamed, removed, and each use noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.database.engine import Transaction
from wardship.core.database.rows import Row, column
from wardship.core.errors import ConflictError, NotFoundError
from wardship.core.identifiers import uuid7
from wardship.core.sign_in.passkey_ceremonies import (
    KnownCredential,
    MadeCredential,
    PasskeyCopiedError,
    PasskeyRefusedError,
    ProvenUse,
)
from wardship.core.text import one_line

MOST_PASSKEYS: Final = 20
_LONGEST_NAME: Final = 100


class TooManyPasskeysError(ConflictError):
    """The account has as many passkeys as it may: remove one first."""

    code: ClassVar[str] = "TOO_MANY_PASSKEYS"


class PasskeyHeldError(ConflictError):
    """This passkey is somebody's already: use another authenticator."""

    code: ClassVar[str] = "PASSKEY_HELD"


class Passkey(Row):
    """A passkey as stored."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    account_id: UUID = column("account_id")
    credential_id: bytes = column("credential_id")
    public_key: bytes = column("public_key")
    user_handle: bytes = column("user_handle")
    name: str = column("name")
    transports: list[str] = column("transports")
    is_backup_eligible: bool = column("is_backup_eligible")
    is_backed_up: bool = column("is_backed_up")
    last_used_at: datetime | None = column("last_used_at")

    @property
    def known(self) -> KnownCredential:
        """Return the passkey as a browser is told of it."""
        return KnownCredential(self.credential_id, self.transports)


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey to be stored: its name as typed, and what its authenticator calls the account."""

    name: str
    user_handle: bytes
    credential: MadeCredential


async def list_passkeys(transaction: Transaction, account_id: UUID) -> list[Passkey]:
    """Return the passkeys of an account, the oldest first."""
    return await transaction.fetch_as(
        Passkey, "select * from passkey where account_id = $1 order by created_at, id", account_id
    )


async def find_passkey(transaction: Transaction, credential_id: bytes) -> Passkey | None:
    """Return the passkey of an active account by what its authenticator calls it."""
    return await transaction.fetchrow_as(
        Passkey,
        "select p.* from passkey p join account a on a.id = p.account_id and a.state = 'active'"
        " where p.credential_id = $1",
        credential_id,
    )


async def insert_passkey(transaction: Transaction, account_id: UUID, new: NewPasskey, *, at: datetime) -> UUID:
    """Store a new passkey of an account that is locked, and return its id.

    Raises:
        InvalidInputError: the name is empty, too long, or holds signs that nobody sees.
        PasskeyHeldError: it is stored already.
        TooManyPasskeysError: the account has as many as it may.
    """
    called = checked_passkey_name(new.name)
    made = new.credential
    held = await transaction.fetchval("select count(*) from passkey where account_id = $1", account_id)
    if held >= MOST_PASSKEYS:
        raise TooManyPasskeysError(f"Have at most {MOST_PASSKEYS} passkeys: remove one first.")
    passkey_id = uuid7()
    if not await transaction.execute(
        "insert into passkey (id, created_at, account_id, credential_id, public_key, user_handle, sign_count, name,"
        " transports, is_backup_eligible, is_backed_up) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        " on conflict (credential_id) do nothing",
        passkey_id,
        at,
        account_id,
        made.credential_id,
        made.public_key,
        new.user_handle,
        made.sign_count,
        called,
        made.transports,
        made.is_backup_eligible,
        made.is_backed_up,
    ):
        raise PasskeyHeldError("This passkey is somebody's already: use another authenticator.")
    return passkey_id


async def note_passkey_use(transaction: Transaction, passkey: Passkey, use: ProvenUse, *, at: datetime) -> None:
    """Note a use; of concurrent uses with one count, one is the first.

    Raises:
        PasskeyCopiedError: it counts no more uses than before; those that count none always say zero.
        PasskeyRefusedError: it was removed meanwhile.
    """
    noted = await transaction.execute(
        "update passkey set sign_count = $2, is_backed_up = $3, last_used_at = $4"
        " where id = $1 and (sign_count < $2 or (sign_count = 0 and $2 = 0))",
        passkey.id,
        use.sign_count,
        use.is_backed_up,
        at,
    )
    if noted:
        return
    if not await transaction.fetchval("select exists (select from passkey where id = $1)", passkey.id):
        raise PasskeyRefusedError
    raise PasskeyCopiedError(
        "This passkey counts fewer uses than before, as a copy would: sign in another way, then remove it."
    )


async def set_passkey_name(transaction: Transaction, account_id: UUID, passkey_id: UUID, name: str) -> None:
    """Give a passkey of an account another name.

    Raises:
        InvalidInputError: it is empty, too long, or holds signs that nobody sees.
        NotFoundError: the account has no such passkey.
    """
    called = checked_passkey_name(name)
    if not await transaction.execute(
        "update passkey set name = $3 where account_id = $1 and id = $2", account_id, passkey_id, called
    ):
        raise _not_found()


async def delete_passkey(transaction: Transaction, account_id: UUID, passkey_id: UUID) -> None:
    """Remove a passkey of an account.

    Raises:
        NotFoundError: the account has no such passkey.
    """
    if not await transaction.execute("delete from passkey where account_id = $1 and id = $2", account_id, passkey_id):
        raise _not_found()


async def delete_other_passkeys(transaction: Transaction, account_id: UUID, *, but: UUID | None) -> None:
    """Remove the passkeys of an account, or all but one: the account has a new second factor in their place."""
    await transaction.execute("delete from passkey where account_id = $1 and id is distinct from $2", account_id, but)


def checked_passkey_name(name: str) -> str:
    """Return the name of a passkey in the form in which it is kept.

    Raises:
        InvalidInputError: it is empty, too long, or holds signs that nobody sees.
    """
    return one_line(name, "name", least=1, most=_LONGEST_NAME)


def _not_found() -> NotFoundError:
    return NotFoundError("Your account has no such passkey.")
