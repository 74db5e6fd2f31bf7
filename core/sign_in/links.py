"""One-time links: made and mailed, found, and used up; each is for one purpose."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.accounts.address import EmailAddress, canonical_address, mailbox
from wardship.core.database.engine import Transaction
from wardship.core.database.rows import Row, column
from wardship.core.errors import WardshipError
from wardship.core.identifiers import uuid7
from wardship.core.notice_kind import NoticeKind
from wardship.core.settings import Settings
from wardship.core.sign_in import throttle
from wardship.core.sign_in.call import Call, link_url
from wardship.core.sign_in.sessions import token_hash

VERIFY_LASTS: Final = timedelta(hours=24)
RESET_LASTS: Final = timedelta(hours=2)

_OF_PROVEN: Final = """
insert into sign_in_link (id, created_at, account_id, address, purpose, token_hash, expires_at)
select $1, $2, e.account_id, e.address, 'PURPOSE', $4, $5
from account_email e join account a on a.id = e.account_id and a.state = 'active'
where e.address = $3 and e.verified_at is not null
returning account_id
"""


class LinkRefusedError(WardshipError):
    """The link was used, is too old, or never existed: ask for a new one."""

    code: ClassVar[str] = "LINK_REFUSED"
    status: ClassVar[int] = 410

    def __init__(self, message: str = "This link was used, is too old, or never existed: ask for a new one.") -> None:
        super().__init__(message)


class LinkPurpose(StrEnum):
    """What a link is for; it works for nothing else."""

    VERIFY_ADDRESS = "verify_address"
    RETURN_AFTER_ERASURE = "return_after_erasure"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a purpose
    DEMONSTRATION = "demonstration"
    ADD_ADDRESS = "add_address"
    KEEP_ACCOUNT = "keep_account"
    ASK_RECOVERY = "ask_recovery"
    CANCEL_RECOVERY = "cancel_recovery"
    RECOVER = "recover"
    SIGN_IN = "sign_in"


class Link(Row):
    """A link that still works: whose it is, or, of a registration, for which address."""

    __slots__ = ()

    id: UUID = column("id")
    purpose: LinkPurpose = column("purpose", LinkPurpose)
    account_id: UUID | None = column("account_id")
    address: str = column("address")
    recovery_id: UUID | None = column("recovery_id")


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to be made for an account.

    Attributes:
        account_id: whose.
        purpose: what it is for.
        expires_at: until when it works.
        recovery_id: the recovery with which it ends; None for others.
    """

    account_id: UUID
    purpose: LinkPurpose
    expires_at: datetime
    recovery_id: UUID | None = None


def link_of_proven(purpose: LinkPurpose) -> str:
    """Return the statement, for ``mail_link``, of a link for the account that has proven the address, if one has."""
    return _OF_PROVEN.replace("PURPOSE", purpose.value)


async def mail_link(
    call: Call, email: str, statement: str, lasts: timedelta, kinds: tuple[NoticeKind, NoticeKind]
) -> None:
    """Make a link and mail it; the work is the same whether the address has an account or not.

    Args:
        call: who asks, of which deployment, when.
        email: the address as typed.
        statement: makes the link of id, moment, address, hash of the token and end, and returns the account.
        lasts: how long the link works.
        kinds: of the letter to an address without an account, and to one with an account.

    Raises:
        InvalidAddressError: that is no address.
        TooManyAttemptsError: for this address or network.
    """
    address, now, token = canonical_address(email, call.settings.internal_domains), call.now, secrets.token_urlsafe(32)
    async with call.database.directory() as transaction:
        await throttle.admit(transaction, call, throttle.MAIL, mailbox(address))
        await throttle.admit_client(transaction, call)
        account_id = await transaction.fetchval(statement, uuid7(), now, address, token_hash(token), now + lasts)
        await call.mail(
            transaction,
            kinds[account_id is not None],
            address,
            account_id,
            link=link_url(call.settings, token),
            hours=lasts // timedelta(hours=1),
            minutes=lasts // timedelta(minutes=1),
            when=now,
            network=call.client.shown_network,
        )


async def make_registration_link(
    transaction: Transaction, settings: Settings, address: EmailAddress, *, at: datetime
) -> str:
    """Return the address of a link by which somebody without an account proves this address and registers, once.

    For mail that says more than that somebody wants to register: see ``registration``. It works for 24 hours.
    """
    token = secrets.token_urlsafe(32)
    await transaction.execute(
        "insert into sign_in_link (id, created_at, address, purpose, token_hash, expires_at)"
        " values ($1, $2, $3, 'verify_address', $4, $5)",
        uuid7(),
        at,
        address,
        token_hash(token),
        at + VERIFY_LASTS,
    )
    return link_url(settings, token)


async def make_account_link(transaction: Transaction, call: Call, link: NewLink) -> str:
    """Return the address of a new link, for a letter to its owner; the transaction reaches the directory."""
    token = secrets.token_urlsafe(32)
    await transaction.execute(
        "insert into sign_in_link (id, created_at, account_id, purpose, token_hash, expires_at, recovery_id)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        uuid7(),
        call.now,
        link.account_id,
        link.purpose.value,
        token_hash(token),
        link.expires_at,
        link.recovery_id,
    )
    return link_url(call.settings, token)


async def find_link(transaction: Transaction, token: str, *, at: datetime) -> Link | None:
    """Return the link behind a token if it still works, without using it."""
    return await transaction.fetchrow_as(
        Link,
        "select id, purpose, account_id, address, recovery_id from sign_in_link"
        " where token_hash = $1 and used_at is null and expires_at > $2",
        token_hash(token),
        at,
    )


async def require_link(transaction: Transaction, token: str, purpose: LinkPurpose, *, at: datetime) -> Link:
    """Return the link behind a token if it still works for the purpose, without using it.

    Raises:
        LinkRefusedError: it does not.
    """
    link = await find_link(transaction, token, at=at)
    if link is None or link.purpose is not purpose:
        raise LinkRefusedError
    return link


async def use_link(transaction: Transaction, token: str, purpose: LinkPurpose, *, at: datetime) -> Link:
    """Use a link up and return what it was; of concurrent callers one succeeds.

    Raises:
        LinkRefusedError: it was used, is too old, is for something else, or never existed.
    """
    link = await transaction.fetchrow_as(
        Link,
        "update sign_in_link set used_at = $3 where token_hash = $1 and purpose = $2 and used_at is null"
        " and expires_at > $3 returning id, purpose, account_id, address, recovery_id",
        token_hash(token),
        purpose.value,
        at,
    )
    if link is None:
        raise LinkRefusedError
    return link
