"""Whom a provider vouches for: issuer and subject lead to an account, and an address never does."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from wardship.core.database.engine import Transaction
from wardship.core.database.rows import Row, column
from wardship.core.identifiers import uuid7


class Identity(Row):
    """Who somebody is at a provider.

    Attributes:
        organisation_id: whose provider it is; None for one of the deployment's own.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    account_id: UUID = column("account_id")
    organisation_id: UUID | None = column("organisation_id")
    issuer: str = column("issuer")
    subject: str = column("subject")
    used_at: datetime = column("used_at")


_COLUMNS: Final = "i.id, i.created_at, i.account_id, i.organisation_id, i.issuer, i.subject, i.used_at"
_SELECT: Final = "select " + _COLUMNS
_FIND: Final = _SELECT + (
    " from identity i join account a on a.id = i.account_id and a.state = 'active'"
    " where i.organisation_id is not distinct from $1 and i.issuer = $2 and i.subject = $3 for no key update of i"
)
_INSERT: Final = (
    "insert into identity as i (id, created_at, account_id, organisation_id, issuer, subject, used_at)"
    " values ($1, $2, $3, $4, $5, $6, $2) on conflict do nothing returning "
)
_MAKE: Final = _INSERT + _COLUMNS
_LIST: Final = _SELECT + " from identity i where i.account_id = $1 order by i.created_at, i.id"


async def find_identity(
    transaction: Transaction, organisation_id: UUID | None, issuer: str, subject: str
) -> Identity | None:
    """Return the identity of an active account, locked against its removal; the transaction reaches the directory."""
    return await transaction.fetchrow_as(
        Identity,
        _FIND,
        organisation_id,
        issuer,
        subject,
    )


async def insert_identity(
    transaction: Transaction,
    account_id: UUID,
    organisation_id: UUID | None,
    person: tuple[str, str],
    *,
    at: datetime,
) -> Identity | None:
    """Let a provider vouch for an account; None where it vouches for another with this subject already.

    Args:
        transaction: it reaches the directory.
        account_id: whose account; others have checked that its owner wants it.
        organisation_id: whose provider; None for one of the deployment's own.
        person: issuer and subject.
        at: the present moment.
    """
    return await transaction.fetchrow_as(
        Identity,
        _MAKE,
        uuid7(),
        at,
        account_id,
        organisation_id,
        *person,
    )


async def note_identity_use(transaction: Transaction, identity_id: UUID, *, at: datetime) -> None:
    """Note that somebody signed in by an identity."""
    await transaction.execute("update identity set used_at = $2 where id = $1", identity_id, at)


async def list_identities(transaction: Transaction, account_id: UUID) -> list[Identity]:
    """Return the identities of an account, the oldest first."""
    return await transaction.fetch_as(Identity, _LIST, account_id)


async def delete_identities(
    transaction: Transaction, organisation_id: UUID | None, *, account_id: UUID | None = None
) -> int:
    """Let an organisation's provider vouch for an account no more, or for nobody; sessions by it end."""
    return await transaction.execute(
        "delete from identity where organisation_id is not distinct from $1 and ($2::uuid is null or account_id = $2)",
        organisation_id,
        account_id,
    )


async def delete_identity(transaction: Transaction, account_id: UUID, identity_id: UUID) -> bool:
    """Let one identity of an account go, and return whether it had it; sessions by it end."""
    return (
        await transaction.execute("delete from identity where account_id = $1 and id = $2", account_id, identity_id) > 0
    )


async def has_identity(
    transaction: Transaction, account_id: UUID | None, organisation_id: UUID | None, issuer: str
) -> bool:
    """Return whether a provider vouches for an account."""
    found: bool = await transaction.fetchval(
        "select exists (select from identity where account_id = $1 and organisation_id is not distinct from $2"
        " and issuer = $3)",
        account_id,
        organisation_id,
        issuer,
    )
    return found
