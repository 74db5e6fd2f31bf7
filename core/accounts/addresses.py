"""The addresses of an account: added once they are proven, one of them primary, never none."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from wardship.core.accounts.accounts import void_claim
from wardship.core.accounts.address import EmailAddress
from wardship.core.database.engine import Transaction
from wardship.core.database.rows import Row, column
from wardship.core.errors import ConflictError, NotFoundError
from wardship.core.identifiers import uuid7


class LastAddressError(ConflictError):
    """The address is the one to which mail goes: make another address primary first."""

    code: ClassVar[str] = "LAST_ADDRESS"


class HeldAddress(Row):
    """A verified address of an account."""

    __slots__ = ()

    id: UUID = column("id")
    address: EmailAddress = column("address", EmailAddress)
    is_primary: bool = column("is_primary")


async def lock_address(transaction: Transaction, address: EmailAddress) -> None:
    """Let one of those who prove an address at the same moment go first, until the end of the transaction."""
    await transaction.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", address)


async def held_addresses(transaction: Transaction, account_id: UUID) -> list[HeldAddress]:
    """Return the verified addresses of an account, the primary one first, and lock them against removal."""
    return await transaction.fetch_as(
        HeldAddress,
        "select id, address, is_primary from account_email where account_id = $1 and verified_at is not null"
        " order by is_primary desc, created_at, id for update",
        account_id,
    )


async def insert_address(transaction: Transaction, account_id: UUID, address: EmailAddress, *, at: datetime) -> bool:
    """Add a proven address to an account; return False when another account has proven it.

    The address is locked (``lock_address``). An unverified claim of another account goes.
    """
    if not await void_claim(transaction, address):
        return False
    await transaction.execute(
        "insert into account_email (id, created_at, account_id, address, is_primary, verified_at)"
        " values ($1, $2, $3, $4, false, $2)",
        uuid7(),
        at,
        account_id,
        address,
    )
    return True


async def mark_proven(transaction: Transaction, account_id: UUID, address: EmailAddress, *, at: datetime) -> None:
    """Note that the owner of an account has shown again that mail to one of its addresses arrives: by a mailed link."""
    await transaction.execute(
        "update account_email set proven_at = $3 where account_id = $1 and address = $2 and verified_at is not null",
        account_id,
        address,
        at,
    )


async def set_primary(transaction: Transaction, account_id: UUID, address_id: UUID) -> EmailAddress:
    """Make a verified address the one to which mail goes, and return it.

    Raises:
        NotFoundError: the account has no such address.
    """
    held = {item.id: item for item in await held_addresses(transaction, account_id)}
    if address_id not in held:
        raise address_not_found()
    await transaction.execute(
        "update account_email set is_primary = false where account_id = $1 and is_primary and id <> $2",
        account_id,
        address_id,
    )
    await transaction.execute(
        "update account_email set is_primary = true where account_id = $1 and id = $2", account_id, address_id
    )
    return held[address_id].address


async def delete_address(transaction: Transaction, account_id: UUID, address_id: UUID) -> EmailAddress:
    """Remove a verified address that is not the primary one, and return it.

    Raises:
        NotFoundError: the account has no such address.
        LastAddressError: it is the primary one, so that the last can't be removed either.
    """
    held = {item.id: item for item in await held_addresses(transaction, account_id)}
    if address_id not in held:
        raise address_not_found()
    if held[address_id].is_primary:
        raise LastAddressError("Mail to you goes to this address: make another one primary first.", path=("address",))
    await transaction.execute("delete from account_email where account_id = $1 and id = $2", account_id, address_id)
    return held[address_id].address


def address_not_found() -> NotFoundError:
    """Return the refusal of an address that the account does not have."""
    return NotFoundError("Your account has no such address.", path=("address",))
