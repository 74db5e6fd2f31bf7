"""One-time links: to prove an address, to set a new password, to look around a demonstration."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.accounts.address import EmailAddress, canonical_address, mailbox
from wardship.core.database.engine import Transaction
from wardship.core.database.rows import Row, column
from wardship.core.errors import NotFoundError, WardshipError
from wardship.core.identifiers import uuid7
from wardship.core.notice_kind import NoticeKind
from wardship.core.settings import Settings
from wardship.core.sign_in import throttle
from wardship.core.sign_in.call import Call, link_url
from wardship.core.sign_in.completion import note_sign_in
from wardship.core.sign_in.sessions import OpenedSession, Stage, end_cookie, open_session, token_hash

VERIFY_LASTS: Final = timedelta(hours=24)
RESET_LASTS: Final = timedelta(hours=2)
DEMONSTRATION_LASTS: Final = timedelta(hours=12)


class LinkRefusedError(WardshipError):
    """The link was used, is too old, or never existed: ask for a new one."""

    code: ClassVar[str] = "LINK_REFUSED"
    status: ClassVar[int] = 410

    def __init__(self, message: str = "This link was used, is too old, or never existed: ask for a new one.") -> None:
        super().__init__(message)


class DemonstrationRefusedError(WardshipError):
    """Demonstration links work only in development, on the embedded database."""

    code: ClassVar[str] = "DEMONSTRATION_REFUSED"
    status: ClassVar[int] = 403


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


class Link(Row):
    """A link that still works: whose it is, or, of a registration, for which address."""

    __slots__ = ()

    id: UUID = column("id")
    purpose: LinkPurpose = column("purpose", LinkPurpose)
    account_id: UUID | None = column("account_id")
    address: str = column("address")
    recovery_id: UUID | None = column("recovery_id")


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


async def make_demonstration_link(
    transaction: Transaction, settings: Settings, account_id: UUID, *, at: datetime
) -> str:
    """Return the address of a link that signs in without password and second factor, once.

    Raises:
        DemonstrationRefusedError: outside development, or on a database of its own.
    """
    require_demonstration(settings)
    token = secrets.token_urlsafe(32)
    await transaction.execute(
        "insert into sign_in_link (id, created_at, account_id, purpose, token_hash, expires_at)"
        " values ($1, $2, $3, 'demonstration', $4, $5)",
        uuid7(),
        at,
        account_id,
        token_hash(token),
        at + DEMONSTRATION_LASTS,
    )
    return link_url(settings, token)


async def enter_demonstration(call: Call, token: str, *, old_cookie: str | None = None) -> OpenedSession:
    """Use a demonstration link up and open a complete session, stepped up.

    Raises:
        DemonstrationRefusedError: outside development, or on a database of its own.
        LinkRefusedError: the link was used or is too old.
    """
    require_demonstration(call.settings)
    async with call.database.directory() as transaction:
        link = await use_link(transaction, token, LinkPurpose.DEMONSTRATION, at=call.now)
        if link.account_id is None:
            raise NotFoundError("This link belongs to nobody.")
        await end_cookie(transaction, old_cookie)
        opened = await open_session(transaction, link.account_id, Stage.COMPLETE, call.client, at=call.now)
        return await note_sign_in(transaction, call, opened)


def require_demonstration(settings: Settings) -> None:
    """Refuse demonstration links outside development, or on a database of its own; asked when made and when used.

    Raises:
        DemonstrationRefusedError: with what is missing.
    """
    if not (settings.development and settings.uses_embedded_database):
        raise DemonstrationRefusedError("Demonstration links need WARDSHIP_DEVELOPMENT=true and the embedded database.")
