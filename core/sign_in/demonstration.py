"""Links that sign in to a demonstration, without password and second factor: in development alone."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.database.engine import Transaction
from wardship.core.errors import NotFoundError, WardshipError
from wardship.core.identifiers import uuid7
from wardship.core.settings import Settings
from wardship.core.sign_in.call import Call, link_url
from wardship.core.sign_in.completion import note_sign_in
from wardship.core.sign_in.links import LinkPurpose, use_link
from wardship.core.sign_in.sessions import (
    OpenedSession,
    SignInMethod,
    Stage,
    end_cookie,
    note_method,
    open_session,
    token_hash,
)

DEMONSTRATION_LASTS: Final = timedelta(hours=12)


class DemonstrationRefusedError(WardshipError):
    """Demonstration links work only in development, on the embedded database."""

    code: ClassVar[str] = "DEMONSTRATION_REFUSED"
    status: ClassVar[int] = 403


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
        opened = await note_method(transaction, opened, SignInMethod.DEMONSTRATION)
        return await note_sign_in(transaction, call, opened)


def require_demonstration(settings: Settings) -> None:
    """Refuse demonstration links outside development, or on a database of its own; asked when made and when used.

    Raises:
        DemonstrationRefusedError: with what is missing.
    """
    if not (settings.development and settings.uses_embedded_database):
        raise DemonstrationRefusedError("Demonstration links need WARDSHIP_DEVELOPMENT=true and the embedded database.")
