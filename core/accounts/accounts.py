"""Look-ups and creation of accounts, in a transaction whose scope includes the directory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wardship.core.accounts.address import EmailAddress
from wardship.core.accounts.tombstones import ErasedAccountError, is_suppressed
from wardship.core.actor import StaffRole
from wardship.core.database.engine import Transaction
from wardship.core.errors import NotFoundError
from wardship.core.identifiers import uuid7
from wardship.core.keys import KeyRing


@dataclass(frozen=True, slots=True)
class AccountSummary:
    """What a person sees of the own account.

    Attributes:
        id: the account.
        display_name: how the person wants to be called; may be empty.
        address: the primary address.
        has_password: whether one is set.
        has_second_factor: whether there is an authenticator or a passkey.
        recovery_codes_left: how many were not used yet.
        staff_roles: what the person is among the provider's own people.
    """

    id: UUID
    display_name: str
    address: str
    has_password: bool
    has_second_factor: bool
    recovery_codes_left: int
    staff_roles: frozenset[StaffRole]


async def find_account(transaction: Transaction, address: EmailAddress) -> UUID | None:
    """Return the active account with this verified address."""
    account_id: UUID | None = await transaction.fetchval(
        "select a.id from account_email e join account a on a.id = e.account_id and a.state = 'active'"
        " where e.address = $1 and e.verified_at is not null",
        address,
    )
    return account_id


async def verified_addresses(transaction: Transaction, account_id: UUID) -> list[EmailAddress]:
    """Return the verified addresses of an account, the primary one first."""
    rows = await transaction.fetch(
        "select address from account_email where account_id = $1 and verified_at is not null"
        " order by is_primary desc, created_at, id",
        account_id,
    )
    return [EmailAddress(row["address"]) for row in rows]


async def account_summary(
    transaction: Transaction, account_id: UUID, identity_id: UUID | None = None
) -> AccountSummary | None:
    """Return what a person sees of the own account; None when it is gone.

    Args:
        transaction: it reaches the directory.
        account_id: whose.
        identity_id: by which an organisation's provider vouches in the session: its second factor counts too.
    """
    row = await transaction.fetchrow(
        "select a.id, a.display_name, coalesce(e.address, '') as address, p.id is not null as has_password,"
        " has_second_factor(a.id, $2) as has_second_factor,"
        " array(select s.role from staff s where s.account_id = a.id) as staff_roles,"
        " (select count(*) from recovery_code r where r.account_id = a.id and r.used_at is null"
        " and (r.identity_id is null or r.identity_id = $2)) as recovery_codes_left"
        " from account a"
        " left join account_email e on e.account_id = a.id and e.is_primary"
        " left join password_credential p on p.account_id = a.id"
        " where a.id = $1 and a.state = 'active'",
        account_id,
        identity_id,
    )
    if row is None:
        return None
    return AccountSummary(**{**row, "staff_roles": frozenset(StaffRole(role) for role in row["staff_roles"])})


async def create_account(
    transaction: Transaction, keys: KeyRing, address: EmailAddress, *, display_name: str, at: datetime
) -> UUID:
    """Make an account whose address is verified: by a mailed link, or by the operator.

    Raises:
        ErasedAccountError: the account with this address was erased, and its owner has not registered again.
    """
    if await is_suppressed(transaction, keys, None, address):
        raise ErasedAccountError("The account with this address was erased: its owner has to register again.")
    account_id = uuid7()
    await transaction.execute(
        "with made as (insert into account (id, created_at, display_name) values ($1, $2, $3))"
        " insert into account_email (id, created_at, account_id, address, is_primary, verified_at)"
        " values ($4, $2, $1, $5, true, $2)",
        account_id,
        at,
        display_name,
        uuid7(),
        address,
    )
    return account_id


async def rename_account(transaction: Transaction, account_id: UUID, display_name: str) -> None:
    """Change how the owner of an account is called."""
    await transaction.execute("update account set display_name = $2 where id = $1", account_id, display_name)


async def void_claim(transaction: Transaction, address: EmailAddress) -> bool:
    """Remove another account's unverified claim to an address; return whether the address is free for a new account."""
    held = await transaction.fetchrow(
        "select id, verified_at from account_email where address = $1 for update", address
    )
    if held is None or held["verified_at"] is not None:
        return held is None
    return await transaction.execute("delete from account_email where id = $1", held["id"]) > 0


async def mark_erased(transaction: Transaction, account_id: UUID, *, at: datetime) -> None:
    """Close an account whose personal data is gone; its row stays, because the audit names it."""
    await transaction.execute(
        "update account set state = 'erased', erased_at = $2, closes_at = null where id = $1", account_id, at
    )


async def mark_recovered(transaction: Transaction, account_id: UUID, *, at: datetime) -> None:
    """Note that an account has a new second factor by a recovery: invitations from before are void."""
    await transaction.execute("update account set recovered_at = $2 where id = $1", account_id, at)


async def recovered_at(transaction: Transaction, account_id: UUID | None) -> datetime | None:
    """Return when an active account was last recovered; no recovery and no erasure of it ends before this transaction.

    Raises:
        NotFoundError: the account is erased.
    """
    row = await transaction.fetchrow(
        "select recovered_at from account where id = $1 and state = 'active' for share", account_id
    )
    if row is None:
        raise NotFoundError("There is no such account any more.")
    moment: datetime | None = row["recovered_at"]
    return moment


async def add_staff(transaction: Transaction, account_id: UUID, role: StaffRole, *, at: datetime) -> bool:
    """Give an account a role among the provider's own people, once; return whether it is new."""
    made = await transaction.execute(
        "insert into staff (id, created_at, account_id, role) values ($1, $2, $3, $4)"
        " on conflict (account_id, role) do nothing",
        uuid7(),
        at,
        account_id,
        role.value,
    )
    return made > 0


async def remove_staff(transaction: Transaction, account_id: UUID, role: StaffRole) -> bool:
    """Take a role among the provider's own people from an account; return whether it had it."""
    return (
        await transaction.execute("delete from staff where account_id = $1 and role = $2", account_id, role.value) > 0
    )
