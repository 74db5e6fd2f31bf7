"""One-time links: to verify an address, to set a new password, to look around a demonstration."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Final
from uuid import UUID

from wardship.core.database.engine import Record, Transaction
from wardship.core.errors import NotFoundError, WardshipError
from wardship.core.identifiers import uuid7
from wardship.core.settings import Settings
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.sessions import OpenedSession, Stage, end_cookie, open_session, token_hash

VERIFY_LASTS: Final = timedelta(hours=24)
RESET_LASTS: Final = timedelta(hours=2)
DEMONSTRATION_LASTS: Final = timedelta(hours=12)


class LinkRefusedError(WardshipError):
    """The link was used, is too old, or never existed: ask for a new one."""

    code: ClassVar[str] = "LINK_REFUSED"
    status: ClassVar[int] = 410


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


@dataclass(frozen=True, slots=True)
class Link:
    """A link that still works: whose it is, or, of a registration, for which address."""

    id: UUID
    purpose: LinkPurpose
    account_id: UUID | None
    address: str


def new_token() -> str:
    """Return a random token of 256 bits."""
    return secrets.token_urlsafe(32)


def link_url(settings: Settings, token: str) -> str:
    """Return the address of a link, built from the deployment's own address and never from a request."""
    return f"{settings.public_url}/auth/link/{token}"


async def find_link(transaction: Transaction, token: str, *, at: datetime) -> Link | None:
    """Return the link behind a token if it still works, without using it."""
    row = await transaction.fetchrow(
        "select id, purpose, account_id, address from sign_in_link"
        " where token_hash = $1 and used_at is null and expires_at > $2",
        token_hash(token),
        at,
    )
    return None if row is None else _link(row)


async def require_link(transaction: Transaction, token: str, purpose: LinkPurpose, *, at: datetime) -> Link:
    """Return the link behind a token if it still works for the purpose, without using it.

    Raises:
        LinkRefusedError: it does not.
    """
    link = await find_link(transaction, token, at=at)
    if link is None or link.purpose is not purpose:
        raise _refusal()
    return link


async def use_link(transaction: Transaction, token: str, purpose: LinkPurpose, *, at: datetime) -> Link:
    """Use a link up and return what it was; of concurrent callers one succeeds.

    Raises:
        LinkRefusedError: it was used, is too old, is for something else, or never existed.
    """
    row = await transaction.fetchrow(
        "update sign_in_link set used_at = $3 where token_hash = $1 and purpose = $2 and used_at is null"
        " and expires_at > $3 returning id, purpose, account_id, address",
        token_hash(token),
        purpose.value,
        at,
    )
    if row is None:
        raise _refusal()
    return _link(row)


async def make_demonstration_link(
    transaction: Transaction, settings: Settings, account_id: UUID, *, at: datetime
) -> str:
    """Return the address of a link that signs in without password and second factor, once.

    Raises:
        DemonstrationRefusedError: outside development, or on a database of its own.
    """
    require_demonstration(settings)
    token = new_token()
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
        return await open_session(transaction, link.account_id, Stage.COMPLETE, call.client, at=call.now)


def require_demonstration(settings: Settings) -> None:
    """Refuse demonstration links outside development, or on a database of its own; asked when made and when used.

    Raises:
        DemonstrationRefusedError: with what is missing.
    """
    if not (settings.development and settings.uses_embedded_database):
        raise DemonstrationRefusedError("Demonstration links need WARDSHIP_DEVELOPMENT=true and the embedded database.")


def _refusal() -> LinkRefusedError:
    return LinkRefusedError("This link was used, is too old, or never existed: ask for a new one.")


def _link(row: Record) -> Link:
    values: dict[str, Any] = {**row, "purpose": LinkPurpose(row["purpose"])}
    return Link(**values)
